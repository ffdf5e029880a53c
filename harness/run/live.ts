import type { Target } from '../../targets/target.ts'
import type { Fault } from '../faults/fault.ts'
import type { Clock } from '../lib/clock.ts'
import type { LoadWorker } from '../load/worker.ts'
import type { LandingProbe } from '../probes/landing.ts'
import type { Plan } from '../scenario/plan.ts'
import type { Ledger } from './ledger.ts'
import type { LogEntry, Phase } from './log.ts'
import type { Observer } from './observer.ts'

/** Where a run writes what happens, from before its first phase to after its last. */
export interface Frame {
  readonly directory: string
  readonly runId: string
  readonly clock: Clock
  readonly log: (entry: LogEntry) => void
  readonly enter: (phase: Phase) => void
  /** What was logged so far of phases and faults. */
  readonly history: readonly LogEntry[]
  readonly observer: Observer
  /** Aborted on Ctrl-C: everything is healed and torn down, the partial run stays. */
  readonly signal: AbortSignal
  /** Leaves in the run directory what the services stored. */
  readonly keepData: boolean
}
/** What every phase works with. */
export interface Live extends Frame {
  readonly plan: Plan
  readonly target: Target
  readonly faults: readonly Fault[]
  readonly worker: LoadWorker
  readonly probe: LandingProbe
  readonly ledger: Ledger
}
