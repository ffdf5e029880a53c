import type { Analysis } from '../../harness/analysis/summary.ts'
import { durationY } from './duration-axis.ts'
import { faultShade } from './fault-shade.ts'
import type { Figure } from './figure.ts'
import { framed, seconds, timeX } from './frame.ts'
import { COLORS } from './palette.ts'
import { thin, worst } from './thin.ts'

const GAUGE = 'consumer.insertMs.p50'
const rows = ({ series }: Analysis) =>
  thin(
    series.gauges.filter(({ name }) => name === GAUGE),
    (near) => ({ atMs: near[0].atMs, name: GAUGE, value: worst(near, ({ value }) => value) }),
  )

/** How long the pipeline waited for its sink. */
export const insertTime: Figure = {
  name: 'insert-time',
  question: 'How long did an insert into the sink take?',
  note: 'The consumer’s own measure, read once a second: the median of its last 64 inserts that worked, so it follows slowly and does not see an insert that is still under way.',
  zoom: true,
  spec(analysis) {
    const values = rows(analysis).map(({ atMs, value }) => ({ t: seconds(atMs), ms: value }))
    if (values.length === 0) return null
    const largest = worst(values, ({ ms }) => ms)
    const line = {
      data: { values },
      mark: { type: 'line', color: COLORS.blue, interpolate: 'step-after', strokeWidth: 1.8 },
      encoding: { x: timeX(analysis, 't'), y: durationY('ms', largest, 'insert, median') },
    }
    return framed(120, { layer: [...faultShade(analysis), line] })
  },
  table: (analysis) => ({
    columns: ['run time (s)', 'insert, median (ms)'],
    rows: rows(analysis).map(({ atMs, value }) => [seconds(atMs), Math.round(value * 10) / 10]),
  }),
}
