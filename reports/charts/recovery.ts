import type { Analysis, FaultSummary } from '../../harness/analysis/summary.ts'
import { formatMs } from '../../harness/lib/quantity.ts'
import { noticed } from '../words.ts'
import type { Figure } from './figure.ts'
import { leftAxis, SCHEMA, seconds, WIDTH } from './frame.ts'
import { COLORS } from './palette.ts'

const STAGES = [
  { stage: 'taking effect', color: COLORS.grey },
  { stage: 'in force', color: COLORS.orange },
  { stage: 'healing', color: COLORS.green },
  { stage: 'until noticed', color: COLORS.purple },
  { stage: 'nothing landed', color: COLORS.sky },
  { stage: 'catching up', color: COLORS.blue },
  { stage: 'not recovered', color: COLORS.vermillion },
  { stage: 'allowed', color: COLORS.grey },
] as const
type Stage = (typeof STAGES)[number]['stage']
interface Bar {
  readonly fault: string
  readonly stage: Stage
  /** From the injection, s. */
  readonly from: number
  readonly to: number
  readonly label: string
}

function bar(fault: FaultSummary, stage: Stage, [fromMs, toMs]: readonly [number, number]): Bar {
  return {
    fault: fault.id,
    stage,
    from: seconds(fromMs),
    to: seconds(toMs),
    label: formatMs(toMs - fromMs),
  }
}

/** The stages of one fault that the run saw, times from its injection. */
function stages(fault: FaultSummary, allowedMs: number | null): readonly Bar[] {
  const { injectedMs: start, inForceMs, healingMs, healedMs, detectMs, catchUp } = fault
  const bars: Bar[] = []
  if (inForceMs !== null) bars.push(bar(fault, 'taking effect', [0, inForceMs - start]))
  if (inForceMs !== null && healedMs !== null)
    bars.push(bar(fault, 'in force', [inForceMs - start, (healingMs ?? healedMs) - start]))
  if (healingMs !== null && healedMs !== null)
    bars.push(bar(fault, 'healing', [healingMs - start, healedMs - start]))
  if (detectMs !== null)
    bars.push({
      ...bar(fault, 'until noticed', [0, detectMs + fault.windowMs]),
      label: noticed(fault),
    })
  const silent = fault.gapStartMs - start
  bars.push(bar(fault, 'nothing landed', [silent, silent + fault.longestGapMs]))
  if (healedMs === null) return bars
  if (allowedMs !== null)
    bars.push(bar(fault, 'allowed', [healedMs - start, healedMs - start + allowedMs]))
  const healed = healedMs - start
  if (catchUp.state === 'recovered')
    return [...bars, bar(fault, 'catching up', [healed, healed + catchUp.ms])]
  const waited = bar(fault, 'not recovered', [healed, healed + catchUp.waitedMs])
  return [...bars, { ...waited, label: `> ${waited.label}` }]
}
/** In the order of the stages. */
function bars({ summary }: Analysis): readonly Bar[] {
  const allowed = (id: string): number | null => {
    const asked = summary.objectives.find(
      ({ objective }) => objective.measure === 'catch-up' && objective.after === id,
    )
    return asked?.objective.max ?? null
  }
  const rank = (stage: Stage): number => STAGES.findIndex((one) => one.stage === stage)
  return summary.faults.flatMap((fault) =>
    [...stages(fault, allowed(fault.id))].sort((a, b) => rank(a.stage) - rank(b.stage)),
  )
}

function layer(values: readonly Bar[]): readonly object[] {
  const furthest = values.reduce((most, { to }) => Math.max(most, to), 1)
  const used = STAGES.filter(({ stage }) => values.some((one) => one.stage === stage))
  const domain = used.map(({ stage }) => stage)
  const y = { field: 'stage', type: 'nominal', sort: domain, axis: leftAxis(null) }
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { domain: [0, furthest * 1.12], nice: false },
    axis: { title: 'seconds since the injection', labelFlush: true },
  })
  const color = {
    field: 'stage',
    type: 'nominal',
    scale: { domain, range: used.map((one) => one.color) },
    legend: null,
  }
  return [
    {
      mark: { type: 'bar', height: 12 },
      encoding: { y, x: x('from'), x2: { field: 'to' }, color },
    },
    {
      mark: { type: 'text', align: 'left', dx: 4 },
      encoding: { y, x: x('to'), text: { field: 'label', type: 'nominal' } },
    },
  ]
}

/** Where the time went after each fault. */
export const recovery: Figure = {
  name: 'recovery',
  question: 'Where did the time go, from each fault to steady again?',
  note: 'Taking effect: from the injection until the fault was seen to act. Healing: from the order until it was confirmed. Until noticed: to the end of the first window outside the steady band. Nothing landed: the longest silence, after which the pipeline resumed. Catching up: from healed to steady again; allowed: what the objective grants for that.',
  spec(analysis) {
    const ids = analysis.summary.faults.map(({ id }) => id)
    const values = bars(analysis).map((one) => ({ ...one, row: ids.indexOf(one.fault) }))
    if (values.length === 0) return null
    const row = {
      field: 'fault',
      type: 'nominal',
      // A list of the ids would become an expression that compares with each of them.
      sort: { field: 'row', op: 'min' },
      header: {
        title: null,
        orient: 'top',
        labelAnchor: 'start',
        labelFontWeight: 'bold',
        labelPadding: 2,
      },
    }
    return {
      $schema: SCHEMA,
      data: { values },
      facet: { row },
      spec: { width: WIDTH, height: { step: 18 }, layer: layer(values) },
      spacing: 8,
    }
  },
  table: (analysis) => ({
    columns: ['fault', 'stage', 'from (s)', 'to (s)', 'took'],
    rows: bars(analysis).map(({ fault, stage, from, to, label }) => [
      fault,
      stage,
      from,
      to,
      label,
    ]),
  }),
}
