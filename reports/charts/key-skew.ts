import type { Analysis } from '../../harness/analysis/summary.ts'
import { count, percent } from '../words.ts'
import type { Figure } from './figure.ts'
import { framed, leftAxis, topLegend } from './frame.ts'
import { COLORS } from './palette.ts'

const ranks = ({ summary }: Analysis) => summary.spread.keys.ranks
const LINES = [
  { line: 'achieved', color: COLORS.blue, dash: [1, 0] },
  { line: 'asked', color: COLORS.vermillion, dash: [5, 4] },
] as const
const domain = LINES.map(({ line }) => line)
const scaled = (range: readonly unknown[]) => ({
  field: 'line',
  type: 'nominal',
  scale: { domain, range },
  legend: topLegend,
})

/** The key skew that was asked for, and what came of it. */
export const keySkew: Figure = {
  name: 'key-skew',
  question: 'Were the keys as skewed as the scenario asks?',
  note: 'The share of the sent events that the first so many keys have together, in the order of the distribution. Keys follow from the seed, so they are computed again for the events that were sent.',
  spec(analysis) {
    const values = ranks(analysis).flatMap(({ keys, asked, achieved }) => [
      { keys, line: 'achieved', share: achieved },
      { keys, line: 'asked', share: asked },
    ])
    if (values.length === 0) return null
    const x = {
      field: 'keys',
      type: 'quantitative',
      scale: { type: 'log', nice: false },
      axis: {
        title: 'keys, by rank',
        format: ',~r',
        values: ranks(analysis).map((one) => one.keys),
      },
    }
    const y = {
      field: 'share',
      type: 'quantitative',
      scale: { domain: [0, 1] },
      axis: leftAxis('share of events', { format: '.0%', tickCount: 5 }),
    }
    return framed(140, {
      data: { values },
      mark: { type: 'line', strokeWidth: 1.8, point: { size: 22 } },
      encoding: {
        x,
        y,
        color: scaled(LINES.map(({ color }) => color)),
        strokeDash: scaled(LINES.map(({ dash }) => dash)),
      },
    })
  },
  table: (analysis) => ({
    columns: ['first keys', 'asked', 'achieved'],
    rows: ranks(analysis).map(({ keys, asked, achieved }) => [
      count(keys),
      percent(asked),
      percent(achieved),
    ]),
  }),
}
