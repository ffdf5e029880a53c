import { NEVER, TICKS_PER_MS } from '../run/ledger.ts'
import type { Observed } from './observed.ts'

/** Backlog at the instants `k * stepMs`, in events. */
export interface Backlog {
  readonly stepMs: number
  readonly total: Int32Array
  readonly byPartition: ReadonlyMap<number, Int32Array>
  /** Ticks at which owed events came due, and at which they landed, each in order. */
  readonly due: Uint32Array
  readonly landed: Uint32Array
}

/**
 * Offered minus distinct landed, never clamped. An event is offered once its intended time has come and it was acked, or
 * taken after all; copies and rows that nobody owed do not count, so they cannot make a backlog look drained.
 */
export function backlogOf(observed: Observed, stepMs: number): Backlog {
  const { ledger, owed } = observed
  const length = Math.ceil(observed.watchEndMs / stepMs) + 1
  const partitions = new Map<number, Int32Array>()
  const step = (ticks: number): number => Math.ceil(ticks / TICKS_PER_MS / stepMs)
  for (let i = 0; i < ledger.count; i++) {
    if (owed[i] !== 1) continue
    const changes = changesOf(partitions, ledger.partition[i] ?? 255, length)
    add(changes, step(ledger.intended[i] ?? NEVER), 1)
    const landed = ledger.landed[i] ?? NEVER
    if (landed !== NEVER) add(changes, step(landed), -1)
  }
  for (const changes of partitions.values()) accumulate(changes)
  return {
    stepMs,
    total: totalOf(partitions, length),
    byPartition: partitions,
    ...ticksOf(observed),
  }
}

function changesOf(
  partitions: Map<number, Int32Array>,
  partition: number,
  length: number,
): Int32Array {
  const known = partitions.get(partition) ?? new Int32Array(length)
  if (!partitions.has(partition)) partitions.set(partition, known)
  return known
}

function add(changes: Int32Array, at: number, by: number): void {
  if (at < changes.length) changes[at] = (changes[at] ?? 0) + by
}

function accumulate(changes: Int32Array): void {
  for (let k = 1; k < changes.length; k++) changes[k] = (changes[k] ?? 0) + (changes[k - 1] ?? 0)
}

function totalOf(partitions: ReadonlyMap<number, Int32Array>, length: number): Int32Array {
  const total = new Int32Array(length)
  for (const part of partitions.values())
    for (let k = 0; k < length; k++) add(total, k, part[k] ?? 0)
  return total
}

function ticksOf({ ledger, owed }: Observed): { due: Uint32Array; landed: Uint32Array } {
  return {
    due: ledger.intended.filter((_, i) => owed[i] === 1).sort(),
    landed: ledger.landed.filter((ticks, i) => owed[i] === 1 && ticks !== NEVER).sort(),
  }
}

/**
 * Exact peak in [fromMs, toMs], not that of the grid: it stands at the start, or when an event comes due. Null in a run
 * in which nothing was owed.
 */
export function peakBacklog(
  { due, landed }: Pick<Backlog, 'due' | 'landed'>,
  fromMs: number,
  toMs: number,
): number | null {
  if (due.length === 0) return null
  let [offered, arrived] = [0, 0]
  const after = (ticks: number): number => {
    while ((due[offered] ?? Infinity) <= ticks) offered++
    while ((landed[arrived] ?? Infinity) <= ticks) arrived++
    return offered - arrived
  }
  let peak = after(fromMs * TICKS_PER_MS)
  for (let at = due[offered]; at !== undefined && at <= toMs * TICKS_PER_MS; at = due[offered])
    peak = Math.max(peak, after(at))
  return peak
}
