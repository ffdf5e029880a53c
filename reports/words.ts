import type {
  Accounting,
  Doubt,
  FaultSummary,
  FreshnessStats,
  ObjectiveResult,
  Summary,
  Verdict,
} from '../harness/analysis/summary.ts'
import { formatCount, formatMs, formatMsBeside } from '../harness/lib/quantity.ts'

/** The words that all reports share: a number reads the same in every one of them. */
export const VERDICTS: Readonly<Record<Verdict, { readonly word: string; readonly icon: string }>> =
  {
    pass: { word: 'PASS', icon: '✔' },
    fail: { word: 'FAIL', icon: '✘' },
    inconclusive: { word: 'INCONCLUSIVE', icon: '?' },
  }
export const NONE = '–'
export const NOT_KNOWN = 'not known'
export const count = (value: number | null): string =>
  value === null ? NOT_KNOWN : formatCount(value)
export const duration = (ms: number | null): string => (ms === null ? NONE : formatMs(ms))
export const perSecond = (eps: number | null): string =>
  eps === null || !Number.isFinite(eps) ? NONE : `${formatCount(Math.round(eps))}/s`

/** Never rounded to all or to nothing: 0.99998 is "99.99 %", 0.00001 "< 0.01 %", 1.00001 "100.01 %". */
export function percent(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return NONE
  if (share === 0 || share === 1) return `${share * 100} %`
  if (share > 0 && share < 0.0001) return '< 0.01 %'
  if (share > 0.99 && share < 1) return `${(Math.floor(share * 1e4) / 100).toFixed(2)} %`
  if (share > 1 && share < 1.01) return `${(Math.ceil(share * 1e4) / 100).toFixed(2)} %`
  return `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`
}

export function caughtUp({ catchUp, healedMs, struckBy }: FaultSummary): string {
  const across = struckBy.length === 0 ? '' : `, with the outage of ${struckBy.join(', ')} in it`
  return catchUp.state === 'recovered'
    ? `${duration(catchUp.ms)} ± ${duration(catchUp.errorMs)}${across}`
    : `not recovered${waited(catchUp.waitedMs, healedMs)}${across}`
}
function waited(ms: number, healedMs: number | null): string {
  if (ms > 0) return ` after ${duration(ms)}`
  return healedMs === null ? ': never healed' : ': healed after the load had ended'
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
  if (result.objective.measure === 'catch-up' && result.censored) return 'not recovered'
  const more = result.objective.measure === 'duplicated' ? '≥ ' : '> '
  return `${result.censored ? more : ''}${isTime(result) ? formatMsBeside(result.value, result.objective.max) : count(result.value)}`
}
export const doubtText = (doubt: Doubt): string => `${doubt.code}: ${doubt.detail}`

/** The guarantee as an objective of its own. */
export function guaranteeVerdict({ guarantee }: Pick<Summary, 'guarantee'>): {
  readonly verdict: Verdict
  readonly word: string
} {
  switch (guarantee.kept) {
    case true:
      return { verdict: 'pass', word: 'kept' }
    case false:
      return { verdict: 'fail', word: 'broken' }
    case null:
      return { verdict: 'inconclusive', word: NOT_KNOWN }
  }
}

/** The first window out of band, after the injection: it is as wide as the answer is vague. */
export const noticed = ({ detectMs, windowMs }: FaultSummary): string =>
  detectMs === null ? 'never' : `${duration(detectMs)} to ${duration(detectMs + windowMs)}`

/** How a count is to be read: 0 as it should be, 1 reported without being an error, 2 wrong unless nought. */
type Reading = 0 | 1 | 2
export interface AccountingRow {
  readonly name: string
  /** Null where it takes an audit to know, and there was none. */
  readonly count: number | null
  readonly kind: Reading
  /** The true count may be higher. */
  readonly atLeast?: boolean
}
export const rowCount = ({ count: events, atLeast }: AccountingRow): string =>
  `${atLeast === true && events !== null ? '≥ ' : ''}${count(events)}`
export function accountingRows({
  accounting: a,
  guarantee,
}: Pick<Summary, 'accounting' | 'guarantee'>): readonly AccountingRow[] {
  const visible =
    guarantee.declared === 'deduplicated' || guarantee.declared === 'exactly-once' ? 2 : 1
  const audited = (value: number): number | null => (a.audited ? value : null)
  return [
    { name: 'scheduled', count: a.scheduled, kind: 0 },
    { name: 'acked', count: a.acked, kind: 0 },
    { name: 'rejected', count: a.rejected, kind: 1 },
    { name: 'indeterminate', count: a.indeterminate, kind: 1 },
    { name: 'unsent', count: a.unsent, kind: 2 },
    { name: 'landed', count: a.landed, kind: 0 },
    { name: 'recovered', count: a.recovered, kind: 1 },
    { name: 'lost', count: audited(a.lost), kind: 2 },
    { name: 'late', count: a.late, kind: 2 },
    {
      name: 'extra, stored',
      count: audited(a.duplicatedPhysical),
      kind: 1,
      atLeast: a.duplicatedPhysicalAtLeast,
    },
    { name: 'extra, visible', count: audited(a.duplicatedVisible), kind: visible },
    { name: 'unexpected', count: audited(a.unexpected), kind: 2 },
    { name: 'corrupt', count: audited(a.corrupt), kind: 2 },
    { name: 'reordered', count: a.reordered, kind: 1 },
  ]
}
/** Wrong, and known to be. */
export const isWrong = (row: AccountingRow): boolean => row.kind === 2 && (row.count ?? 0) > 0

function whereLost({ audited, lost, lostAt }: Accounting): string {
  if (!audited) return 'There was no audit: what was lost, copied or corrupted is not known.'
  if (lost === 0) return 'Nothing was lost.'
  return lostAt === null
    ? 'Where the lost events vanished is not attributed: there was no log to ask, or it could not be read.'
    : `Of the lost, the log does not hold ${count(lostAt.upToLog)} (lost at the source or in the log) and holds ${count(lostAt.afterLog)} (lost between the log and the sink).`
}
/** Facts that no count above holds. */
export function accountingNotes(a: Accounting): readonly string[] {
  if (!a.audited) return [whereLost(a)]
  const { duplicatedBy } = a
  const merged = a.duplicatedPhysicalAtLeast
    ? ' The sink merges copies away, so there may have been more.'
    : ''
  return [
    whereLost(a),
    `Extra stored copies: ${count(duplicatedBy.sinkReplay)} by sink replay, ${count(duplicatedBy.producerRetry)} by producer retry.${merged}`,
    `Largest displacement of a reordered event: ${count(a.largestDisplacement)}. Rows in the sink: ${count(a.sinkRows)}.`,
  ]
}
