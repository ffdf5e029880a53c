import type { Analysis, FaultSummary } from '../../harness/analysis/summary.ts'
import type { Figure } from './figure.ts'
import { framed, leftAxis, seconds, timeDomain, timeX, topLegend } from './frame.ts'
import { COLORS } from './palette.ts'

const STATES = [
  { state: 'phase', color: COLORS.sky },
  { state: 'taking effect', color: COLORS.grey },
  { state: 'in force', color: COLORS.orange },
  { state: 'catching up', color: COLORS.blue },
  { state: 'not recovered', color: COLORS.vermillion },
  { state: 'restarted', color: COLORS.purple },
] as const
type State = (typeof STATES)[number]['state']
interface Span {
  readonly lane: string
  readonly state: State
  readonly from: number
  readonly to: number
  readonly label: string
}
/** Share of the plot below which a bar has no room for its name; the table has it. */
const NARROWEST = 0.06
/** A list of names would become an expression that compares with each of them. */
const BY_ROW = { field: 'row', op: 'min' } as const
/** With a capital, which no fault's id has. */
const PHASE_LANE = 'Phases'
const CLIENT_LANE = 'Consumer'

function phaseSpans(analysis: Analysis): readonly Span[] {
  const [first, last] = timeDomain(analysis)
  return analysis.summary.phases
    .map(({ phase, startMs, endMs }): Span => ({
      lane: PHASE_LANE,
      state: 'phase',
      from: seconds(startMs),
      to: seconds(endMs),
      label: phase,
    }))
    .filter(({ from, to }) => from >= first && to <= last)
}

function faultSpans(fault: FaultSummary, end: number): readonly Span[] {
  const span = (state: State, from: number, to: number): Span => ({
    lane: fault.id,
    state,
    from,
    to: Math.min(to, end),
    label: '',
  })
  const start = seconds(fault.injectedMs)
  const healed = fault.healedMs === null ? end : seconds(fault.healedMs)
  const inForce = fault.inForceMs === null ? healed : seconds(fault.inForceMs)
  const spans = [span('taking effect', start, inForce), span('in force', inForce, healed)]
  if (fault.healedMs === null) return spans
  const { catchUp } = fault
  if (catchUp.state === 'recovered')
    return [...spans, span('catching up', healed, healed + seconds(catchUp.ms))]
  return [...spans, span('not recovered', healed, healed + seconds(catchUp.waitedMs))]
}

/** Between which readings of the gauge a client was made anew. */
function restartSpans({ series }: Analysis): readonly Span[] {
  const readings = series.gauges.filter(({ name }) => name === 'consumer.restarts')
  return readings.flatMap((reading, at): readonly Span[] => {
    const before = readings[at - 1]
    if (before === undefined || reading.value <= before.value) return []
    const [from, to] = [seconds(before.atMs), seconds(reading.atMs)]
    return [{ lane: CLIENT_LANE, state: 'restarted', from, to, label: '' }]
  })
}

function spans(analysis: Analysis): readonly Span[] {
  const end = timeDomain(analysis)[1]
  return [
    ...phaseSpans(analysis),
    ...analysis.summary.faults.flatMap((fault) => faultSpans(fault, end)),
    ...restartSpans(analysis),
  ].filter(({ from, to }) => to > from)
}

/** What happened when. */
export const timeline: Figure = {
  name: 'timeline',
  question: 'What happened when?',
  note: 'The phases of the run above, then one lane per fault, from its injection to steady again, and when a client of the consumer had to be made anew, to the second.',
  zoom: true,
  spec(analysis) {
    const values = spans(analysis)
    if (values.length === 0) return null
    const used = STATES.filter(({ state }) => values.some((one) => one.state === state))
    const lanes = [...new Set(values.map(({ lane }) => lane))]
    const y = { field: 'lane', type: 'nominal', sort: BY_ROW, axis: leftAxis(null) }
    const color = {
      field: 'state',
      type: 'nominal',
      scale: { domain: used.map(({ state }) => state), range: used.map((one) => one.color) },
      legend: topLegend,
    }
    const x = timeX(analysis, 'from')
    const [start, end] = timeDomain(analysis)
    const labels = values
      .filter(({ label, from, to }) => label !== '' && to - from >= (end - start) * NARROWEST)
      .map((one) => ({ ...one, row: lanes.indexOf(one.lane), middle: (one.from + one.to) / 2 }))
    const bars = {
      data: { values: values.map((one) => ({ ...one, row: lanes.indexOf(one.lane) })) },
      mark: { type: 'bar', height: 16, opacity: 0.85, stroke: '#ffffff', strokeWidth: 1 },
      encoding: { x, x2: { field: 'to' }, y, color },
    }
    const text = {
      data: { values: labels },
      mark: { type: 'text', fontSize: 10, color: '#111111' },
      encoding: { x: timeX(analysis, 'middle'), y, text: { field: 'label', type: 'nominal' } },
    }
    return framed({ step: 24 }, { layer: labels.length === 0 ? [bars] : [bars, text] })
  },
  table: (analysis) => ({
    columns: ['lane', 'what', 'from (s)', 'to (s)'],
    rows: spans(analysis).map(({ lane, state, from, to, label }) => [
      lane,
      label === '' ? state : label,
      from,
      to,
    ]),
  }),
}
