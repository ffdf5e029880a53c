import type {
  Accounting,
  CatchUp,
  Doubt,
  FaultSummary,
  FreshnessStats,
  ObjectiveResult,
  Summary,
  Verdict,
} from '../harness/analysis/summary.ts'
import { formatMs } from '../harness/lib/quantity.ts'

/** The words that all reports share: a number reads the same in every one of them. */
export const VERDICTS: Readonly<Record<Verdict, { readonly word: string; readonly icon: string }>> =
  {
    pass: { word: 'PASS', icon: '✔' },
    fail: { word: 'FAIL', icon: '✘' },
    inconclusive: { word: 'INCONCLUSIVE', icon: '?' },
  }
export const NONE = '–'
export const count = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: 1 })
export const duration = (ms: number | null): string =>
  ms === null || !Number.isFinite(ms) ? NONE : formatMs(ms)
export const perSecond = (eps: number | null): string =>
  eps === null ? NONE : `${Math.round(eps).toLocaleString('en')}/s`
/** Never rounded up to all: 0.99998 is "99.99 %". */
export function percent(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`
  return share > 0.99 && share < 1
    ? `${(Math.floor(share * 1e4) / 100).toFixed(2)} %`
    : `${(share * 100).toFixed(1)} %`
}

export function caughtUp(catchUp: CatchUp): string {
  return catchUp.state === 'recovered'
    ? `${duration(catchUp.ms)} ± ${duration(catchUp.errorMs)}`
    : `not recovered after ${duration(catchUp.waitedMs)}`
}
const REACH = { p50: 1, p95: 2, p99: 3, none: 4 } as const
/** A percentile, with `>` where events that never landed reach it. */
export function freshnessStat(stats: FreshnessStats, stat: 'p50' | 'p95' | 'p99' | 'max'): string {
  const values = { p50: stats.p50Ms, p95: stats.p95Ms, p99: stats.p99Ms, max: stats.maxMs }
  const censored = stat === 'max' ? stats.censored > 0 : REACH[stat] >= REACH[stats.censoredFrom]
  return `${censored ? '> ' : ''}${duration(values[stat])}`
}
/** `kafka-1: kill`, with what it was done to. */
export const faultTitle = (fault: FaultSummary): string =>
  fault.on === null ? fault.fault : `${fault.fault} on ${fault.on}`

export function objectiveName({ objective }: ObjectiveResult): string {
  switch (objective.measure) {
    case 'freshness':
      return `freshness ${objective.stat} in ${objective.over}`
    case 'catch-up':
      return `catch-up after ${objective.after}`
    case 'backlog':
      return `backlog ${objective.stat} in ${objective.over}`
    case 'duplicated':
      return `duplicated (${objective.view})`
    case 'lost':
    case 'unexpected':
    case 'corrupt':
    case 'reordered':
      return objective.measure
  }
}
const isTime = ({ objective }: ObjectiveResult): boolean =>
  objective.measure === 'freshness' || objective.measure === 'catch-up'
export const objectiveBound = (result: ObjectiveResult): string =>
  `≤ ${isTime(result) ? duration(result.objective.max) : count(result.objective.max)}`
export function objectiveValue(result: ObjectiveResult): string {
  if (result.value === null) return 'no data'
  return `${result.censored ? '> ' : ''}${isTime(result) ? duration(result.value) : count(result.value)}`
}
export const doubtText = (doubt: Doubt): string => `${doubt.code}: ${doubt.detail}`

/** How a count is to be read: 0 as it should be, 1 reported without being an error, 2 wrong unless nought. */
type Reading = 0 | 1 | 2
export function accountingRows({
  accounting: a,
  guarantee,
}: Pick<Summary, 'accounting' | 'guarantee'>): readonly {
  readonly name: string
  readonly count: number
  readonly kind: Reading
}[] {
  const visible =
    guarantee.declared === 'deduplicated' || guarantee.declared === 'exactly-once' ? 2 : 1
  return [
    { name: 'scheduled', count: a.scheduled, kind: 0 },
    { name: 'acked', count: a.acked, kind: 0 },
    { name: 'rejected', count: a.rejected, kind: 1 },
    { name: 'indeterminate', count: a.indeterminate, kind: 1 },
    { name: 'unsent', count: a.unsent, kind: 2 },
    { name: 'landed', count: a.landed, kind: 0 },
    { name: 'recovered', count: a.recovered, kind: 1 },
    { name: 'lost', count: a.lost, kind: 2 },
    { name: 'late', count: a.late, kind: 2 },
    { name: 'extra, stored', count: a.duplicatedPhysical, kind: 1 },
    { name: 'extra, visible', count: a.duplicatedVisible, kind: visible },
    { name: 'unexpected', count: a.unexpected, kind: 2 },
    { name: 'corrupt', count: a.corrupt, kind: 2 },
    { name: 'reordered', count: a.reordered, kind: 1 },
  ]
}
/** Facts that no count above holds. */
export function accountingNotes(a: Accounting): readonly string[] {
  const { lostAt, duplicatedBy } = a
  return [
    `Lost at the source ${count(lostAt.source)}, in the log ${count(lostAt.log)}, at the sink ${count(lostAt.sink)}.`,
    `Extra stored copies: ${count(duplicatedBy.sinkReplay)} by sink replay, ${count(duplicatedBy.producerRetry)} by producer retry.`,
    `Largest displacement of a reordered event: ${count(a.largestDisplacement)}. Rows in the sink: ${count(a.sinkRows)}.`,
  ]
}
