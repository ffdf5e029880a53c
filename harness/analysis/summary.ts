import type { RunMs } from '../lib/clock.ts'
import type { Guarantee } from '../../targets/target.ts'
import type { Objective } from '../scenario/schema.ts'
import type { DoubtCode, Phase } from '../run/log.ts'
import type { LoadReport, Meta, SelfReport } from '../run/record.ts'

export type Verdict = 'pass' | 'fail' | 'inconclusive'
/** Counts of events; definitions in docs/concepts.md. */
export interface Accounting {
  /** Whether the sink was read to the end after settling. Without it only what probes saw is known. */
  readonly audited: boolean
  readonly scheduled: number
  readonly acked: number
  readonly rejected: number
  readonly indeterminate: number
  readonly unsent: number
  /** Distinct events in the sink. */
  readonly landed: number
  readonly lost: number
  /** Of the lost: those that the log does not hold, and those that it does. Null where no log was there to ask. */
  readonly lostAt: { readonly upToLog: number; readonly afterLog: number } | null
  readonly late: number
  readonly duplicatedPhysical: number
  /** The sink merges copies away: `duplicatedPhysical` counts those that were left. */
  readonly duplicatedPhysicalAtLeast: boolean
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
  /** The most by which any of the four values may be too high, never too low: value - the same quantile of the brackets' lower ends. */
  readonly errorMs: number
  /** Events that had not landed when the run ended. */
  readonly censored: number
  /** Percentiles that such events reach: print them as "> x". */
  readonly censoredFrom: 'none' | 'p99' | 'p95' | 'p50'
  readonly negative: number
}
export type CatchUp =
  | { readonly state: 'recovered'; readonly ms: number; readonly errorMs: number }
  /** `waitedMs` is 0 where the load had ended before the heal. */
  | { readonly state: 'not-recovered'; readonly waitedMs: number }
export interface FaultSummary {
  readonly id: string
  readonly fault: string
  readonly on: string | null
  readonly injectedMs: RunMs
  readonly inForceMs: RunMs | null
  /** When the heal was asked for, and when it was confirmed. */
  readonly healingMs: RunMs | null
  readonly healedMs: RunMs | null
  readonly evidence: string | null
  /** Injection to the start of the first window in violation; null when none was. The window itself is `windowMs` wide. */
  readonly detectMs: number | null
  readonly windowMs: number
  readonly catchUp: CatchUp
  /** Faults in force between this one's heal and its catch-up: the time holds their outage too. */
  readonly struckBy: readonly string[]
  readonly longestGapMs: number
  /** When the longest stretch without a landing began. */
  readonly gapStartMs: RunMs
  /** From the injection to the catch-up; null where no event was owed. */
  readonly peakBacklog: number | null
  readonly violationMs: number
  readonly drainRateEps: number | null
  /** Ideal drain time / actual, at the capacity that the run has shown; null with the reason in `efficiencyNote`. */
  readonly efficiency: number | null
  readonly efficiencyNote: string
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
/** Null where nothing was measured: no data is never 0. */
export interface LatencyStats {
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  readonly maxMs: number | null
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
  /** Of the events that landed, from when they were due and from when they left. */
  readonly landedFromIntended: LatencyStats
  readonly landedFromSent: LatencyStats
  readonly unsent: number
  readonly negativeFreshness: number
  readonly identities: readonly { readonly text: string; readonly holds: boolean }[]
  readonly probes: {
    readonly count: number
    readonly plannedMs: number
    readonly p50Ms: number | null
    readonly p99Ms: number | null
    readonly maxMs: number | null
  }
  readonly load: LoadReport | null
  readonly harness: SelfReport | null
  /** Between the clocks that times were read from. */
  readonly clocks: { readonly offsetMs: number; readonly boundMs: number; readonly how: string }
  readonly drainComplete: boolean
}
/** How evenly the load was spread, over partitions and over keys. */
export interface Spread {
  readonly partitions: number
  /** Of the events that were sent, the share in the fullest partition; 1 / partitions is even. */
  readonly largestPartitionShare: number | null
  readonly keys: {
    readonly asked: string
    /**
     * Share of the sent events that the keys of the first ranks together were to have, and had. Recomputed from the
     * seed; empty when nothing was sent.
     */
    readonly ranks: readonly {
      readonly keys: number
      readonly asked: number
      readonly achieved: number
    }[]
  }
}
/** One gauge of the pipeline over the time of the load. It explains; it never decides. */
export interface GaugeStats {
  readonly name: string
  readonly samples: number
  readonly median: number
  readonly max: number
  readonly last: number
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
    /** Null where nobody can say: no audit, or what is missing may yet come. */
    readonly kept: boolean | null
    readonly sentence: string
  }
  readonly verdict: Verdict
  /** What came out in one sentence, without the verdict's own word. */
  readonly sentence: string
  readonly reasons: readonly string[]
  readonly doubts: readonly Doubt[]
  /** What the harness noted under way: a recovery that ended early, a probe that failed. No reason for doubt by itself. */
  readonly notes: readonly string[]
  readonly accounting: Accounting
  readonly freshness: Readonly<Partial<Record<Phase, FreshnessStats>>>
  /** Band that counts as steady: p95 freshness and backlog. Null without a baseline. */
  readonly band: {
    readonly baselineP95Ms: number
    readonly freshnessMs: number
    readonly backlogEvents: number
  } | null
  /** Largest landed rate over any five seconds: what the run has shown, not what the pipeline could do. */
  readonly shownCapacityEps: number | null
  readonly faults: readonly FaultSummary[]
  readonly objectives: readonly ObjectiveResult[]
  readonly spread: Spread
  readonly gauges: readonly GaugeStats[]
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
