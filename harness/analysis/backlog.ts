import { NEVER, TICKS_PER_MS } from '../run/ledger.ts'
import type { Observed } from './observed.ts'
import { peakBetween } from './statistics.ts'

/** Backlog at the instants `k * stepMs`, in events. */
export interface Backlog {
  readonly stepMs: number
  readonly total: Int32Array
  readonly byPartition: ReadonlyMap<number, Int32Array>
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
  return { stepMs, total: totalOf(partitions, length), byPartition: partitions }
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

/** Peak at the instants in [fromMs, toMs]; null where there is none. */
export function peakBacklog(
  { total, stepMs }: Backlog,
  fromMs: number,
  toMs: number,
): number | null {
  const peak = peakBetween(total, Math.ceil(fromMs / stepMs), Math.floor(toMs / stepMs))
  return Number.isFinite(peak) ? peak : null
}
