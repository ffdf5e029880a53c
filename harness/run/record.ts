import type { RunMs } from '../lib/clock.ts'
import type { AuditRows, Guarantee } from '../../targets/target.ts'
import type { Scenario } from '../scenario/schema.ts'
import type { Ledger } from './ledger.ts'
import type { LogEntry } from './log.ts'

/** started.json: what is known before anything starts. */
export interface Started {
  readonly version: 1
  readonly runId: string
  readonly scenario: Scenario
  readonly scenarioFile: string
  readonly scenarioHash: string
  readonly seed: number
  readonly startedAt: string
  readonly host: {
    readonly platform: string
    readonly cores: number
    readonly cpu: string
    readonly memoryBytes: number
    /** What the control group of the harness allows; null where it sets no limit. */
    readonly limits?: { readonly cores: number | null; readonly memoryBytes: number | null }
    readonly node: string
    readonly kernel: string
  }
  readonly freshet: { readonly version: string; readonly commit: string | null }
}

/** meta.json: what was run, where. */
export interface Meta extends Started {
  readonly runtime: string
  readonly guarantee: Guarantee
  readonly settings: Readonly<Record<string, string | number>>
  readonly versions: Readonly<Record<string, string>>
  /** Number of scheduled events; their times are the ledger's `intended` column. A recovery that ended early has fewer than was planned. */
  readonly events: number
  readonly lanes: number
  /** The offered peak, events/s. */
  readonly peakEps: number
  /** Planned start of each phase, and the end, run ms. */
  readonly plannedMs: {
    readonly warmup: RunMs
    readonly baseline: RunMs
    readonly faults: RunMs
    readonly recovery: RunMs
    readonly settle: RunMs
    readonly end: RunMs
  }
  readonly probeIntervalMs: number
}

/** What a run left that was killed before it wrote its ledger. */
export interface PartialRecord {
  readonly started: Started
  readonly log: readonly LogEntry[]
  /** Files that are not there, or not whole. */
  readonly missing: readonly string[]
}

/** harness.json: what a process of the harness saw of itself. */
export interface SelfReport {
  readonly cpuSeconds: number
  readonly wallSeconds: number
  readonly eventLoopDelayMs: { readonly p50: number; readonly p99: number; readonly max: number }
  readonly gcPauseMs: { readonly total: number; readonly max: number }
  /** What the control group of the process was held back by its CPU limit meanwhile; null where the kernel does not say. */
  readonly throttled?: { readonly times: number; readonly ms: number } | null
}
/** load.json: what the load worker saw of itself. */
export interface LoadReport extends SelfReport {
  readonly errors: Readonly<Record<string, number>>
  readonly retries: number
  /** Answers that named another partition or fewer records than asked. */
  readonly mismatchedAcks: number
  /** What the generator itself counted, event by event; older runs do not say. */
  readonly tally?: {
    readonly offered: number
    readonly acked: number
    readonly rejected: number
    readonly indeterminate: number
    readonly unsent: number
  }
  /** What requests that could have left waited for the generator itself; older runs do not say. */
  readonly heldMs?: { readonly p50: number; readonly p99: number; readonly max: number }
}

/** The audit as it was written down. */
export interface AuditRecord extends AuditRows {
  /** The sink's own count of its rows, apart from what the audit read; older runs and sinks that cannot tell have none. */
  readonly storedRows?: number
  /** The sink merges stored copies away in its own time: those that the audit found are the least there were. */
  readonly copiesMerged?: boolean
}

/** All that a run left behind: what analysis folds, and nothing else. */
export interface RunRecord {
  readonly meta: Meta
  readonly log: readonly LogEntry[]
  readonly ledger: Ledger
  /** Null when the run ended before its audit. */
  readonly audit: AuditRecord | null
  /** Same order as the acked-and-absent events in the ledger; null where the pipeline has no log. */
  readonly inLog: Uint8Array | null
  readonly load: LoadReport | null
  readonly harness: SelfReport | null
}
