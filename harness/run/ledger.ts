import type { RunMs } from '../lib/clock.ts'

/** Times are kept as 10-microsecond ticks in 32 bits: 11.9 hours, 24 bytes an event in all. */
export const TICKS_PER_MS = 100
/** A time that never came. */
export const NEVER = 0xffff_ffff

export const OUTCOMES = ['unsent', 'acked', 'rejected', 'indeterminate'] as const
export type Outcome = (typeof OUTCOMES)[number]

/**
 * The data plane of a run: one column per fact, one entry per scheduled event.
 * Event i belongs to lane `i % lanes` and is that lane's event `floor(i / lanes)`.
 */
export interface Ledger {
  readonly count: number
  readonly lanes: number
  readonly intended: Uint32Array
  readonly sent: Uint32Array
  readonly settled: Uint32Array
  /** Index into OUTCOMES. */
  readonly outcome: Uint8Array
  /** Completion of the first probe that saw it. */
  readonly landed: Uint32Array
  /** Start of the last probe that did not see it: with `landed` the error bracket. */
  readonly absent: Uint32Array
  /** Partition it was sent to; 255 = unknown. */
  readonly partition: Uint8Array
}

export function emptyLedger(count: number, lanes: number): Ledger {
  const never = (): Uint32Array => new Uint32Array(count).fill(NEVER)
  return {
    count,
    lanes,
    intended: never(),
    sent: never(),
    settled: never(),
    outcome: new Uint8Array(count),
    landed: never(),
    absent: never(),
    partition: new Uint8Array(count).fill(255),
  }
}

/** Views of the first `count` events: what is left of a schedule that ended early. */
export function firstEvents(ledger: Ledger, count: number): Ledger {
  const first = <T extends { subarray(from: number, to: number): T }>(column: T): T =>
    column.subarray(0, count)
  return {
    count,
    lanes: ledger.lanes,
    intended: first(ledger.intended),
    sent: first(ledger.sent),
    settled: first(ledger.settled),
    outcome: first(ledger.outcome),
    landed: first(ledger.landed),
    absent: first(ledger.absent),
    partition: first(ledger.partition),
  }
}

export const toTicks = (atMs: RunMs): number => Math.round(atMs * TICKS_PER_MS)
export const toMs = (ticks: number): RunMs => ticks / TICKS_PER_MS
/** Index of (lane, seq), or -1 when no such event was scheduled. */
export function indexOf(
  ledger: { count: number; lanes: number },
  lane: number,
  seq: number,
): number {
  const index = seq * ledger.lanes + lane
  return lane < ledger.lanes && index < ledger.count ? index : -1
}
