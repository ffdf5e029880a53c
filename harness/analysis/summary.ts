import type { RunMs } from '../lib/clock.ts'
import type { Guarantee } from '../../targets/target.ts'
import type { Objective } from '../scenario/schema.ts'
import type { DoubtCode, Phase } from '../run/log.ts'
import type { LoadReport, Meta } from '../run/record.ts'

export type Verdict = 'pass' | 'fail' | 'inconclusive'
/** Counts of events; definitions in docs/concepts.md. */
export interface Accounting {
  readonly scheduled: number
  readonly acked: number
  readonly rejected: number
  readonly indeterminate: number
  readonly unsent: number
  /** Distinct events in the sink. */
  readonly landed: number
  readonly lost: number
  readonly lostAt: { readonly source: number; readonly log: number; readonly sink: number }
  readonly late: number
  readonly duplicatedPhysical: number
  readonly duplicatedVisible: number
  /** Of the physical extra copies: same partition and offset again, or another offset. */
  readonly duplicatedBy: { readonly sinkReplay: number; readonly producerRetry: number }
  readonly recovered: number
  readonly unexpected: number
  readonly corrupt: number
  readonly reordered: number
  readonly largestDisplacement: number
  readonly sinkRows: number
}
export interface FreshnessStats {
  readonly events: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Width of the probe bracket around the reported percentile (99th of the brackets in the window). */
  readonly errorMs: number
  /** Events that had not landed when the run ended. */
  readonly censored: number
  /** Percentiles that such events reach: print them as "> x". */
  readonly censoredFrom: 'none' | 'p99' | 'p95' | 'p50'
  readonly negative: number
}
export type CatchUp =
  | { readonly state: 'recovered'; readonly ms: number; readonly errorMs: number }
  | { readonly state: 'not-recovered'; readonly waitedMs: number }
export interface FaultSummary {
  readonly id: string
  readonly fault: string
  readonly on: string | null
  readonly injectedMs: RunMs
  readonly inForceMs: RunMs | null
  readonly healedMs: RunMs | null
  readonly evidence: string | null
  /** Injection to the start of the first window in violation; null when none was. */
  readonly detectMs: number | null
  readonly catchUp: CatchUp
  readonly longestGapMs: number
  readonly peakBacklog: number
  readonly violationMs: number
  readonly drainRateEps: number | null
  /** Drain rate above the offered rate. */
  readonly headroomEps: number | null
  readonly efficiency: number | null
}
export interface ObjectiveResult {
  readonly objective: Objective
  /** In the objective's own unit (ms or events); null without data. */
  readonly value: number | null
  readonly censored: boolean
  readonly verdict: Verdict
  readonly sentence: string
}
export interface Doubt {
  readonly code: DoubtCode
  readonly detail: string
}
export interface LatencyStats {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}
export interface SelfCheck {
  readonly achievedByPhase: Readonly<
    Partial<
      Record<Phase, { readonly scheduled: number; readonly sent: number; readonly ratio: number }>
    >
  >
  readonly sendDelay: LatencyStats
  readonly ackFromIntended: LatencyStats
  readonly ackFromSent: LatencyStats
  readonly unsent: number
  readonly negativeFreshness: number
  readonly identities: readonly { readonly text: string; readonly holds: boolean }[]
  readonly probes: {
    readonly count: number
    readonly plannedMs: number
    readonly p50Ms: number
    readonly p99Ms: number
    readonly maxMs: number
  }
  readonly load: LoadReport | null
  readonly drainComplete: boolean
}
/** summary.json. */
export interface Summary {
  readonly version: 1
  readonly scenario: string
  readonly question: string | null
  readonly seed: number
  readonly runtime: string
  readonly guarantee: {
    readonly declared: Guarantee
    readonly kept: boolean
    readonly sentence: string
  }
  readonly verdict: Verdict
  /** What came out in one sentence, without the verdict's own word. */
  readonly sentence: string
  readonly reasons: readonly string[]
  readonly doubts: readonly Doubt[]
  readonly accounting: Accounting
  readonly freshness: Readonly<Partial<Record<Phase, FreshnessStats>>>
  /** Band that counts as steady: p95 freshness and backlog. Null without a baseline. */
  readonly band: {
    readonly baselineP95Ms: number
    readonly freshnessMs: number
    readonly backlogEvents: number
  } | null
  readonly faults: readonly FaultSummary[]
  readonly objectives: readonly ObjectiveResult[]
  readonly selfCheck: SelfCheck
  readonly environment: Meta
  readonly phases: readonly {
    readonly phase: Phase
    readonly startMs: RunMs
    readonly endMs: RunMs
  }[]
}
/** What charts draw besides the summary: small, already windowed. Times are window starts, run ms. */
export interface Series {
  readonly windowMs: number
  readonly freshness: readonly {
    readonly atMs: RunMs
    readonly p50Ms: number
    readonly p95Ms: number
    readonly p99Ms: number
    readonly censored: boolean
  }[]
  readonly rates: readonly {
    readonly atMs: RunMs
    readonly offeredEps: number
    readonly ackedEps: number
    readonly landedEps: number
  }[]
  readonly backlog: readonly { readonly atMs: RunMs; readonly events: number }[]
  readonly backlogByPartition: readonly {
    readonly atMs: RunMs
    readonly partition: number
    readonly events: number
  }[]
  readonly percentiles: readonly {
    readonly phase: Phase
    readonly quantile: number
    readonly valueMs: number
  }[]
  readonly partitionShare: readonly { readonly partition: number; readonly share: number }[]
  readonly gauges: readonly {
    readonly atMs: RunMs
    readonly name: string
    readonly value: number
  }[]
}
export interface Analysis {
  readonly summary: Summary
  readonly series: Series
}
