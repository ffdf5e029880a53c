import { indexOf, NEVER, OUTCOMES, TICKS_PER_MS, type Ledger, type Outcome } from '../run/ledger.ts'
import type { RunRecord } from '../run/record.ts'
import type { RunMs } from '../lib/clock.ts'
import { loadEndOf, phasesOf, watchEndOf, type PhaseSpan } from './phases.ts'

export const CODE: Readonly<Record<Outcome, number>> = {
  unsent: OUTCOMES.indexOf('unsent'),
  acked: OUTCOMES.indexOf('acked'),
  rejected: OUTCOMES.indexOf('rejected'),
  indeterminate: OUTCOMES.indexOf('indeterminate'),
}

/** A record with what every measure asks of it, worked out once. */
export interface Observed {
  readonly record: RunRecord
  readonly ledger: Ledger
  readonly phases: readonly PhaseSpan[]
  readonly loadEndMs: RunMs
  /** End of settle: unlanded events are at least this old. */
  readonly watchEndMs: RunMs
  /** 1 where the audit found the event, or, without an audit, a probe did. */
  readonly present: Uint8Array
  /** 1 where freshness counts: acked or indeterminate. */
  readonly measured: Uint8Array
  /** 1 where the event is owed to the sink: acked, or indeterminate and landed after all. */
  readonly owed: Uint8Array
}

export function observe(record: RunRecord): Observed {
  const phases = phasesOf(record)
  const present = presence(record)
  const { measured, owed } = populations(record.ledger, present)
  const ends = { loadEndMs: loadEndOf(phases), watchEndMs: watchEndOf(phases) }
  return { record, ledger: record.ledger, phases, ...ends, present, measured, owed }
}

function presence({ ledger, audit }: RunRecord): Uint8Array {
  const present = new Uint8Array(ledger.count)
  if (audit === null) return present.map((_, i) => (ledger.landed[i] === NEVER ? 0 : 1))
  for (let row = 0; row < audit.lane.length; row++) {
    const index = indexOf(ledger, audit.lane[row] ?? 0, audit.seq[row] ?? 0)
    if (index >= 0) present[index] = 1
  }
  return present
}

function populations(
  ledger: Ledger,
  present: Uint8Array,
): { measured: Uint8Array; owed: Uint8Array } {
  const measured = new Uint8Array(ledger.count)
  const owed = new Uint8Array(ledger.count)
  for (let i = 0; i < ledger.count; i++) {
    const outcome = ledger.outcome[i]
    if (outcome !== CODE.acked && outcome !== CODE.indeterminate) continue
    measured[i] = 1
    if (outcome === CODE.acked || present[i] === 1 || ledger.landed[i] !== NEVER) owed[i] = 1
  }
  return { measured, owed }
}

/** Event indices by step of intended time: `order[starts[s] .. starts[s + 1])` were intended in step s. */
export interface Steps {
  readonly stepTicks: number
  readonly count: number
  readonly order: Uint32Array
  readonly starts: Uint32Array
}

/** Counting sort: linear, and it does not ask that the schedule's times ascend. */
export function stepsOf({ ledger, watchEndMs }: Observed, stepMs: number): Steps {
  const stepTicks = Math.round(stepMs * TICKS_PER_MS)
  const count = Math.max(1, Math.ceil((watchEndMs * TICKS_PER_MS) / stepTicks))
  const stepAt = (i: number): number =>
    Math.min(count, Math.floor((ledger.intended[i] ?? 0) / stepTicks))
  const starts = new Uint32Array(count + 2)
  for (let i = 0; i < ledger.count; i++) starts[stepAt(i) + 1] = (starts[stepAt(i) + 1] ?? 0) + 1
  for (let s = 1; s < starts.length; s++) starts[s] = (starts[s] ?? 0) + (starts[s - 1] ?? 0)
  const next = starts.slice()
  const order = new Uint32Array(ledger.count)
  for (let i = 0; i < ledger.count; i++) {
    const step = stepAt(i)
    order[next[step] ?? 0] = i
    next[step] = (next[step] ?? 0) + 1
  }
  return { stepTicks, count, order, starts }
}

/** The events intended in steps `from` to `to` (excluded). */
export const eventsBetween = (steps: Steps, from: number, to: number): Uint32Array =>
  steps.order.subarray(
    steps.starts[Math.max(0, from)] ?? 0,
    steps.starts[Math.min(to, steps.count)] ?? 0,
  )
