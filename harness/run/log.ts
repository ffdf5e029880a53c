import type { RunMs } from '../lib/clock.ts'
import type { Progress } from '../load/generator.ts'

export const PHASES = [
  'setup',
  'warmup',
  'baseline',
  'faults',
  'recovery',
  'settle',
  'audit',
  'teardown',
] as const
export type Phase = (typeof PHASES)[number]

/** Reasons not to trust a measurement. */
export const DOUBT_CODES = [
  'load-shortfall',
  'unsteady-baseline',
  'fault-not-in-force',
  'heal-unconfirmed',
  'probe-gap',
  'harness-saturated',
  'clocks-apart',
  'drain-incomplete',
  'nothing-measured',
  'interrupted',
  'client-died',
] as const
export type DoubtCode = (typeof DOUBT_CODES)[number]

/** One line of log.ndjson: the control plane of a run. */
export type LogEntry = { readonly atMs: RunMs } & (
  | { readonly type: 'phase'; readonly phase: Phase }
  | {
      readonly type: 'fault'
      readonly id: string
      readonly edge: 'injecting' | 'in-force' | 'healing' | 'healed' | 'failed'
      readonly detail?: string
    }
  | { readonly type: 'gauge'; readonly name: string; readonly value: number }
  | { readonly type: 'doubt'; readonly code: DoubtCode; readonly detail: string }
  /** A probe began at `startMs` and its answer was complete at `atMs`; `late` ms after it was due. */
  | {
      readonly type: 'probe'
      readonly startMs: RunMs
      readonly rows: number
      readonly lateMs: number
    }
  /** Counts so far, once a second: all that is known of the load of a run that was killed. */
  | { readonly type: 'progress'; readonly load: Progress; readonly landed: number }
  | { readonly type: 'note'; readonly text: string }
)

/** The note that ends the log of a run that was torn down to the end. */
export const TORN_DOWN = 'torn down'
