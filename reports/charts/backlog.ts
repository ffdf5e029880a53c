import type { Analysis } from '../../harness/analysis/summary.ts'
import { faultShade } from './fault-shade.ts'
import type { Figure, Fragment } from './figure.ts'
import { countAxis, framed, leftAxis, seconds, timeDomain, timeX } from './frame.ts'
import { COLORS } from './palette.ts'
import { thin, worst } from './thin.ts'

const windows = ({ series }: Analysis) =>
  thin(series.backlog, (rows) => ({ atMs: rows[0].atMs, events: worst(rows, (row) => row.events) }))

function bandLayers(analysis: Analysis, y: (field: string) => Fragment): readonly Fragment[] {
  const { band } = analysis.summary
  if (band === null) return []
  const [from, to] = timeDomain(analysis)
  const data = { values: [{ from, to, events: band.backlogEvents, label: 'steady' }] }
  const x = timeX(analysis, 'from')
  return [
    {
      data,
      mark: { type: 'rule', color: COLORS.green, strokeDash: [6, 4], strokeWidth: 1.5 },
      encoding: { x, x2: { field: 'to' }, y: y('events') },
    },
    {
      data,
      mark: { type: 'text', align: 'left', baseline: 'bottom', dx: 3, dy: -2, fontSize: 10 },
      encoding: { x, y: y('events'), text: { field: 'label', type: 'nominal' } },
    },
  ]
}

/** Events offered and not yet landed. */
export const backlog: Figure = {
  name: 'backlog',
  question: 'How much work piled up, and when was it worked off?',
  note: 'Events due so far, of those that were acked or landed after all, less those that have landed. Below the dashed line the backlog counts as steady.',
  zoom: true,
  spec(analysis) {
    if (analysis.series.backlog.length === 0) return null
    const values = windows(analysis).map((row) => ({ t: seconds(row.atMs), events: row.events }))
    const y = (field: string): Fragment => ({
      field,
      type: 'quantitative',
      axis: leftAxis('events', countAxis),
    })
    const area = {
      type: 'area',
      interpolate: 'step-after',
      color: COLORS.blue,
      fillOpacity: 0.25,
      line: { color: COLORS.blue, strokeWidth: 1.8 },
    }
    const drawn = {
      data: { values },
      mark: area,
      encoding: { x: timeX(analysis, 't'), y: y('events') },
    }
    return framed(160, { layer: [...faultShade(analysis), drawn, ...bandLayers(analysis, y)] })
  },
  table: (analysis) => ({
    columns: ['run time (s)', 'backlog (events)'],
    rows: windows(analysis).map((row) => [seconds(row.atMs), row.events]),
  }),
}
