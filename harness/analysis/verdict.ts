import { formatCount, formatMs } from '../lib/quantity.ts'
import { breachesOf } from './guarantee.ts'
import type { Guarantee } from '../../targets/target.ts'
import type {
  Accounting,
  Doubt,
  FaultSummary,
  ObjectiveResult,
  SelfCheck,
  Verdict,
} from './summary.ts'

/** Everything that the verdict rests on. */
export interface Findings {
  readonly guarantee: Guarantee
  readonly accounting: Accounting
  readonly objectives: readonly ObjectiveResult[]
  readonly doubts: readonly Doubt[]
  readonly faults: readonly FaultSummary[]
  readonly identities: SelfCheck['identities']
}
export interface Judgement {
  readonly verdict: Verdict
  readonly reasons: readonly string[]
  readonly sentence: string
}

/** Correctness failures always stand; then any doubt makes it inconclusive; then the objectives decide. */
export function verdictOf(findings: Findings): Judgement {
  const wrong = [...correctness(findings), ...failed(findings, true)]
  const unsure = [
    ...findings.identities.flatMap(({ text, holds }) =>
      holds ? [] : [`the accounting does not add up: ${text}`],
    ),
    ...findings.doubts.map(({ code, detail }) => `${code}: ${detail}`),
  ]
  const open = findings.objectives.flatMap(({ verdict, sentence }) =>
    verdict === 'inconclusive' ? [sentence] : [],
  )
  if (wrong.length > 0) return judged('fail', [...wrong, ...unsure], findings)
  if (unsure.length > 0) return judged('inconclusive', [...unsure, ...open], findings)
  const missed = failed(findings, false)
  if (missed.length > 0) return judged('fail', [...missed, ...open], findings)
  return open.length > 0 ? judged('inconclusive', open, findings) : judged('pass', [], findings)
}

function correctness({ guarantee, accounting }: Findings): readonly string[] {
  const { unexpected, corrupt } = accounting
  return [
    ...breachesOf(guarantee, accounting).map(
      (breach) => `${breach}, which ${guarantee} does not allow`,
    ),
    ...(unexpected > 0 ? [`${formatCount(unexpected)} unexpected`] : []),
    ...(corrupt > 0 ? [`${formatCount(corrupt)} corrupt`] : []),
  ]
}

/** Sentences of the objectives that failed: those about correctness, or the others. */
function failed({ objectives }: Findings, correct: boolean): readonly string[] {
  return objectives.flatMap(({ objective, verdict, sentence }) =>
    verdict === 'fail' &&
    correct === ['lost', 'unexpected', 'corrupt', 'duplicated'].includes(objective.measure)
      ? [sentence]
      : [],
  )
}

function judged(verdict: Verdict, reasons: readonly string[], findings: Findings): Judgement {
  const first = reasons[0]
  const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : ''
  const parts = [
    ...(first === undefined ? [] : [first + more]),
    ...recoveries(findings),
    ...counts(findings.accounting),
  ]
  return { verdict, reasons, sentence: parts.join('; ') }
}

/** One fault is told; of several, the slowest. */
function recoveries({ faults }: Findings): readonly string[] {
  const unhealed = faults.filter(({ catchUp }) => catchUp.state === 'not-recovered')
  if (unhealed.length > 0) return [`not recovered from ${unhealed.map(({ id }) => id).join(', ')}`]
  const times = faults.flatMap(({ id, catchUp, struckBy }) =>
    catchUp.state === 'recovered' ? [{ id, ms: catchUp.ms, struckBy }] : [],
  )
  const [slowest] = [...times].sort((a, b) => b.ms - a.ms)
  if (slowest === undefined) return []
  const from = times.length > 1 ? ` from ${slowest.id}` : ''
  const across = slowest.struckBy.length === 0 ? '' : ` across ${slowest.struckBy.join(', ')}`
  return [`caught up${from} in ${formatMs(slowest.ms)}${across}`]
}

function counts(a: Accounting): readonly string[] {
  if (!a.audited) return ['no audit, so nothing is known of losses and copies']
  const late = a.late > 0 ? [`${formatCount(a.late)} late`] : []
  return [
    `${formatCount(a.lost)} lost`,
    ...late,
    `${a.duplicatedPhysicalAtLeast ? '≥ ' : ''}${formatCount(a.duplicatedPhysical)} physical duplicates, ${formatCount(a.duplicatedVisible)} visible`,
  ]
}
