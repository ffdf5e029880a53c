import type { Analysis } from '../../harness/analysis/summary.ts'
import { durationY } from './duration-axis.ts'
import type { Figure } from './figure.ts'
import { framed, topLegend } from './frame.ts'
import { COLORS } from './palette.ts'
import { worst } from './thin.ts'

const PHASES = [
  { phase: 'baseline', color: COLORS.green },
  { phase: 'faults', color: COLORS.vermillion },
  { phase: 'recovery', color: COLORS.blue },
] as const

/** A quantile of exactly one has no place on this axis; the largest value is in the key figures. */
function points({ series }: Analysis) {
  const drawn = new Set<string>(PHASES.map(({ phase }) => phase))
  return series.percentiles.filter(({ phase, quantile }) => quantile < 1 && drawn.has(phase))
}
const percent = (quantile: number): string => `${Number((quantile * 100).toPrecision(7))} %`

const X = {
  field: 'inverse',
  type: 'quantitative',
  scale: { type: 'log', nice: false },
  axis: {
    title: 'share of events at least this fresh',
    values: [1, 2, 10, 100, 1000, 10_000, 100_000],
    labelExpr: "format(100 - 100 / datum.value, '.6~g') + ' %'",
    labelFlush: true,
  },
}

/** The whole distribution of freshness, tail first. */
export const percentiles: Figure = {
  name: 'percentiles',
  question: 'How bad was the tail?',
  note: 'Each step to the right is a tenfold rarer event. Lines that part only at the right share a median and differ in their worst cases.',
  spec(analysis) {
    const rows = points(analysis)
    if (rows.length === 0) return null
    const values = rows.map(({ phase, quantile, valueMs }) => ({
      phase,
      inverse: Number((1 / (1 - quantile)).toPrecision(9)),
      ms: valueMs,
    }))
    const present = PHASES.filter(({ phase }) => rows.some((row) => row.phase === phase))
    const scale = {
      domain: present.map(({ phase }) => phase),
      range: present.map(({ color }) => color),
    }
    const y = durationY(
      'ms',
      worst(rows, (row) => row.valueMs),
      'freshness',
    )
    const mark = { type: 'line', strokeWidth: 1.8, point: { size: 22 } }
    return framed(220, {
      data: { values },
      mark,
      encoding: { x: X, y, color: { field: 'phase', type: 'nominal', scale, legend: topLegend } },
    })
  },
  table: (analysis) => ({
    columns: ['phase', 'percentile', 'freshness (ms)'],
    rows: points(analysis).map(({ phase, quantile, valueMs }) => [
      phase,
      percent(quantile),
      Math.round(valueMs * 10) / 10,
    ]),
  }),
}
