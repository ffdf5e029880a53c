import { formatCount, formatMs, formatMsBeside } from '../lib/quantity.ts'
import type { Objective } from '../scenario/schema.ts'
import { peakBacklog, type Backlog } from './backlog.ts'
import type { DoubtCode } from '../run/log.ts'
import type { Observed } from './observed.ts'
import { spanOf } from './phases.ts'
import type {
  Accounting,
  Doubt,
  FaultSummary,
  ObjectiveResult,
  Summary,
  Verdict,
} from './summary.ts'

/** What objectives are judged by. */
export interface Measures {
  readonly observed: Observed
  readonly accounting: Accounting
  readonly freshness: Summary['freshness']
  readonly backlog: Backlog
  readonly faults: readonly FaultSummary[]
  readonly band: Summary['band']
  readonly doubts: readonly Doubt[]
}
/** A measured value before it is judged; `atLeast` where the true value is known to be larger. */
interface Measured {
  readonly value: number | null
  readonly atLeast: boolean
  readonly label: string
  readonly text: string
  /** A measure that fails whatever its bound: a pipeline that did not recover. */
  readonly failed?: boolean
}
type Of<M> = Extract<Objective, { measure: M }>

export const objectivesOf = (measures: Measures): readonly ObjectiveResult[] =>
  measures.observed.record.meta.scenario.objectives.map((objective) => judge(measures, objective))

function judge(measures: Measures, objective: Objective): ObjectiveResult {
  const measured = measure(measures, objective)
  const bare = bareVerdict(measured, objective.max)
  const doubted = measures.doubts.some((doubt) => touches(doubt, objective))
  const verdict = stands(objective, bare) || !doubted ? bare : 'inconclusive'
  const limit =
    objective.measure === 'freshness' || objective.measure === 'catch-up'
      ? formatMs(objective.max)
      : formatCount(objective.max)
  return {
    objective,
    value: measured.value,
    censored: measured.atLeast,
    verdict,
    sentence: sentenceOf(measured, { bare, verdict, limit }),
  }
}

/** Missing data never passes; a lower bound can fail an objective but not meet it. */
function bareVerdict({ value, atLeast, failed }: Measured, max: number): Verdict {
  if (failed === true) return 'fail'
  if (value === null) return 'inconclusive'
  if (value > max) return 'fail'
  return atLeast ? 'inconclusive' : 'pass'
}

const isCorrectness = ({ measure }: Objective): boolean =>
  ['lost', 'unexpected', 'corrupt', 'duplicated'].includes(measure)

/** A correctness failure stands whatever the doubts. */
const stands = (objective: Objective, verdict: Verdict): boolean =>
  verdict === 'fail' && isCorrectness(objective)

/** Doubts about times only: what was acked, and what the audit found, does not rest on them. */
const ABOUT_TIMES: readonly DoubtCode[] = [
  'harness-saturated',
  'unsteady-baseline',
  'probe-gap',
  'clocks-apart',
]
const touches = ({ code }: Doubt, objective: Objective): boolean =>
  !(isCorrectness(objective) && ABOUT_TIMES.includes(code))

function sentenceOf(
  { label, text, value, failed }: Measured,
  { bare, verdict, limit }: { bare: Verdict; verdict: Verdict; limit: string },
): string {
  const relation = bare === 'fail' ? 'over' : bare === 'pass' ? 'within' : 'against'
  const doubt = verdict === bare ? '' : ', in doubt'
  return value === null || failed === true
    ? `${label}: ${text} (at most ${limit})${doubt}`
    : `${label} ${text}, ${relation} ${limit}${doubt}`
}

function measure(measures: Measures, objective: Objective): Measured {
  switch (objective.measure) {
    case 'freshness':
      return freshnessMeasure(measures, objective)
    case 'catch-up':
      return catchUpMeasure(measures, objective)
    case 'backlog':
      return backlogMeasure(measures, objective)
    case 'duplicated':
      return objective.view === 'physical'
        ? physicalMeasure(measures)
        : counted(measures, 'visible duplicates', measures.accounting.duplicatedVisible)
    case 'lost':
      return lostMeasure(measures)
    case 'unexpected':
    case 'corrupt':
    case 'reordered':
      return counted(measures, objective.measure, measures.accounting[objective.measure])
  }
}

const RANK = { none: 4, p99: 3, p95: 2, p50: 1 } as const
const STAT_RANK = { p50: 1, p95: 2, p99: 3, max: 4 } as const

function freshnessMeasure({ freshness }: Measures, { stat, over, max }: Of<'freshness'>): Measured {
  const label = `${stat} freshness in ${over}`
  const stats = freshness[over]
  if (stats === undefined) return { value: null, atLeast: false, label, text: 'no events' }
  const value = { p50: stats.p50Ms, p95: stats.p95Ms, p99: stats.p99Ms, max: stats.maxMs }[stat]
  const atLeast = stat === 'max' ? stats.censored > 0 : STAT_RANK[stat] >= RANK[stats.censoredFrom]
  return { value, atLeast, label, text: `${atLeast ? '> ' : ''}${formatMsBeside(value, max)}` }
}

function catchUpMeasure({ faults, band }: Measures, { after, max }: Of<'catch-up'>): Measured {
  const label = `catch-up after ${after}`
  const fault = faults.find((one) => one.id === after)
  if (fault === undefined) return { value: null, atLeast: false, label, text: 'no such fault' }
  if (band === null)
    return { value: null, atLeast: false, label, text: 'no baseline to come back to' }
  if (fault.healedMs === null)
    return { value: null, atLeast: true, label, text: 'never healed', failed: true }
  if (fault.catchUp.state === 'recovered')
    return {
      value: fault.catchUp.ms,
      atLeast: false,
      label,
      text: formatMsBeside(fault.catchUp.ms, max),
    }
  const { waitedMs } = fault.catchUp
  return {
    value: waitedMs,
    atLeast: true,
    label,
    text:
      waitedMs === 0
        ? 'not recovered: healed after the load had ended'
        : `not recovered after ${formatMs(waitedMs)}`,
    failed: true,
  }
}

function backlogMeasure({ observed, backlog }: Measures, { over }: Of<'backlog'>): Measured {
  const span = spanOf(observed.phases, over)
  const value = span === null ? null : peakBacklog(backlog, span.startMs, span.endMs)
  return {
    value,
    atLeast: false,
    label: `peak backlog in ${over}`,
    text: value === null ? 'no data' : formatCount(value),
  }
}

/** Where the sink merges copies away, those that are left are a lower bound. */
function physicalMeasure(measures: Measures): Measured {
  const { duplicatedPhysical, duplicatedPhysicalAtLeast } = measures.accounting
  const measured = counted(measures, 'physical duplicates', duplicatedPhysical)
  return duplicatedPhysicalAtLeast && measured.value !== null
    ? { ...measured, atLeast: true, text: `≥ ${measured.text}` }
    : measured
}

/** Late events may yet prove lost: until then the count is only a lower bound. */
const lostMeasure = (measures: Measures): Measured => {
  const { lost, late } = measures.accounting
  const measured = counted(measures, 'lost', lost)
  return late === 0
    ? measured
    : { ...measured, atLeast: true, text: `${formatCount(lost)} (and ${formatCount(late)} late)` }
}

function counted({ observed, accounting }: Measures, label: string, value: number): Measured {
  const known = label === 'reordered' || observed.record.audit !== null
  const some = known && accounting.landed > 0
  // What was found without an audit was found all the same.
  if (!some && value === 0)
    return { value: null, atLeast: false, label, text: known ? 'nothing landed' : 'no audit' }
  return { value, atLeast: !known, label, text: formatCount(value) }
}
