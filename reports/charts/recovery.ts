import type { Analysis, FaultSummary } from '../../harness/analysis/summary.ts'
import { formatMs } from '../../harness/lib/quantity.ts'
import type { Figure } from './figure.ts'
import { leftAxis, SCHEMA, seconds, WIDTH } from './frame.ts'
import { COLORS } from './palette.ts'

const STAGES = [
  { stage: 'taking effect', color: COLORS.grey },
  { stage: 'in force', color: COLORS.orange },
  { stage: 'until noticed', color: COLORS.purple },
  { stage: 'catching up', color: COLORS.blue },
  { stage: 'not recovered', color: COLORS.vermillion },
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
function stages(fault: FaultSummary): readonly Bar[] {
  const { injectedMs: start, inForceMs, healedMs, detectMs, catchUp } = fault
  const bars: Bar[] = []
  if (inForceMs !== null) bars.push(bar(fault, 'taking effect', [0, inForceMs - start]))
  if (inForceMs !== null && healedMs !== null)
    bars.push(bar(fault, 'in force', [inForceMs - start, healedMs - start]))
  if (detectMs !== null) bars.push(bar(fault, 'until noticed', [0, detectMs]))
  if (healedMs === null) return bars
  const healed = healedMs - start
  if (catchUp.state === 'recovered')
    return [...bars, bar(fault, 'catching up', [healed, healed + catchUp.ms])]
  const waited = bar(fault, 'not recovered', [healed, healed + catchUp.waitedMs])
  return [...bars, { ...waited, label: `> ${waited.label}` }]
}
const bars = ({ summary }: Analysis): readonly Bar[] => summary.faults.flatMap(stages)

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
  note: 'Taking effect: from the injection until the fault was seen to act. Until noticed: to the first window outside the steady band. Catching up: from healed to steady again.',
  spec(analysis) {
    const values = bars(analysis)
    if (values.length === 0) return null
    const row = {
      field: 'fault',
      type: 'nominal',
      sort: analysis.summary.faults.map(({ id }) => id),
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
