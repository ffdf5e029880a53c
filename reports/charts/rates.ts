import type { Analysis, Series } from '../../harness/analysis/summary.ts'
import { faultShade } from './fault-shade.ts'
import type { Figure } from './figure.ts'
import { countAxis, framed, leftAxis, seconds, timeX, topLegend } from './frame.ts'
import { COLORS } from './palette.ts'
import { mean, thin } from './thin.ts'

type Window = Series['rates'][number]
/** Offered last, on top: its dashes let the others show through. */
const RATES = [
  { rate: 'acked', color: COLORS.orange, dash: [1, 0], read: (row: Window) => row.ackedEps },
  { rate: 'landed', color: COLORS.blue, dash: [1, 0], read: (row: Window) => row.landedEps },
  { rate: 'offered', color: COLORS.grey, dash: [3, 4], read: (row: Window) => row.offeredEps },
] as const

function windows({ series }: Analysis): readonly Window[] {
  return thin(series.rates, (rows) => ({
    atMs: rows[0].atMs,
    offeredEps: mean(rows, (row) => row.offeredEps),
    ackedEps: mean(rows, (row) => row.ackedEps),
    landedEps: mean(rows, (row) => row.landedEps),
  }))
}

function lines(analysis: Analysis) {
  const values = windows(analysis).flatMap((row) =>
    RATES.map(({ rate, read }) => ({
      t: seconds(row.atMs),
      rate,
      eps: Math.round(read(row) * 10) / 10,
    })),
  )
  const domain = RATES.map(({ rate }) => rate)
  return {
    data: { values },
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.8 },
    encoding: {
      x: timeX(analysis, 't'),
      y: { field: 'eps', type: 'quantitative', axis: leftAxis('events/s', countAxis) },
      color: {
        field: 'rate',
        type: 'nominal',
        scale: { domain, range: RATES.map(({ color }) => color) },
        legend: topLegend,
      },
      strokeDash: {
        field: 'rate',
        type: 'nominal',
        scale: { domain, range: RATES.map(({ dash }) => dash) },
        legend: topLegend,
      },
    },
  }
}

/** What was asked of the pipeline, what it took, what came out. */
export const rates: Figure = {
  name: 'rates',
  question: 'Did the load keep coming, and did the pipeline keep up?',
  note: 'Offered: what the schedule intends. Acked: what the source took. Landed: what became visible in the sink. Above offered, the pipeline works off its backlog.',
  zoom: true,
  spec(analysis) {
    if (analysis.series.rates.length === 0) return null
    return framed(180, { layer: [...faultShade(analysis), lines(analysis)] })
  },
  table: (analysis) => ({
    columns: ['run time (s)', ...RATES.map(({ rate }) => `${rate} (events/s)`)],
    rows: windows(analysis).map((row) => [
      seconds(row.atMs),
      ...RATES.map(({ read }) => Math.round(read(row) * 10) / 10),
    ]),
  }),
}
