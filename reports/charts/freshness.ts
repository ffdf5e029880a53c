import { formatMs } from '../../harness/lib/quantity.ts'
import type { Analysis, Series } from '../../harness/analysis/summary.ts'
import { durationY } from './duration-axis.ts'
import { faultShade } from './fault-shade.ts'
import type { Figure, Fragment } from './figure.ts'
import { framed, seconds, timeX, topLegend } from './frame.ts'
import { COLORS } from './palette.ts'
import { thin, worst } from './thin.ts'

type Window = Series['freshness'][number]
const STATS = [
  { stat: 'p50', color: COLORS.green, read: (row: Window) => row.p50Ms },
  { stat: 'p95', color: COLORS.blue, read: (row: Window) => row.p95Ms },
  { stat: 'p99', color: COLORS.purple, read: (row: Window) => row.p99Ms },
] as const

function windows({ series }: Analysis): readonly Window[] {
  return thin(series.freshness, (rows) => ({
    atMs: rows[0].atMs,
    p50Ms: worst(rows, (row) => row.p50Ms),
    p95Ms: worst(rows, (row) => row.p95Ms),
    p99Ms: worst(rows, (row) => row.p99Ms),
    censored: rows.some((row) => row.censored),
  }))
}

/** Each freshness objective, over the phase that it is about. */
function bounds({ summary }: Analysis) {
  return summary.objectives.flatMap(({ objective }) => {
    if (objective.measure !== 'freshness') return []
    const phase = summary.phases.find((one) => one.phase === objective.over)
    if (phase === undefined) return []
    const label = `${objective.stat} ≤ ${formatMs(objective.max)}`
    return [{ from: seconds(phase.startMs), to: seconds(phase.endMs), bound: objective.max, label }]
  })
}

function boundLayers(analysis: Analysis, y: (field: string) => Fragment): readonly Fragment[] {
  const values = bounds(analysis)
  if (values.length === 0) return []
  const x = timeX(analysis, 'from')
  return [
    {
      data: { values },
      mark: { type: 'rule', color: COLORS.vermillion, strokeDash: [6, 4], strokeWidth: 1.5 },
      encoding: { x, x2: { field: 'to' }, y: y('bound') },
    },
    {
      data: { values },
      mark: { type: 'text', align: 'right', baseline: 'bottom', dx: -3, dy: -3, fontSize: 10 },
      encoding: {
        x: timeX(analysis, 'to'),
        y: y('bound'),
        text: { field: 'label', type: 'nominal' },
      },
    },
  ]
}

function lineLayers(analysis: Analysis, y: (field: string) => Fragment): readonly Fragment[] {
  const rows = windows(analysis)
  const values = rows.flatMap((row) =>
    STATS.map(({ stat, read }) => ({ t: seconds(row.atMs), stat, ms: read(row) })),
  )
  const censored = rows
    .filter((row) => row.censored)
    .map((row) => ({ t: seconds(row.atMs), ms: row.p99Ms }))
  const color = {
    field: 'stat',
    type: 'nominal',
    scale: { domain: STATS.map(({ stat }) => stat), range: STATS.map((one) => one.color) },
    legend: topLegend,
  }
  const lines = {
    data: { values },
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.8 },
    encoding: { x: timeX(analysis, 't'), y: y('ms'), color },
  }
  if (censored.length === 0) return [lines]
  const marks = {
    type: 'point',
    shape: 'triangle-up',
    filled: true,
    color: COLORS.purple,
    size: 40,
    opacity: 1,
  }
  return [
    lines,
    { data: { values: censored }, mark: marks, encoding: { x: timeX(analysis, 't'), y: y('ms') } },
  ]
}

/** Freshness over time, with the faults and the objectives. */
export const freshness: Figure = {
  name: 'freshness',
  question: 'How stale was the data, moment by moment?',
  note: 'Freshness of the events intended in each window, on a scale that grows like a logarithm. Shaded: a fault acted. Dashed: an objective, over its phase. A triangle: some events of the window had not landed when the run ended, so the value is a lower bound.',
  zoom: true,
  spec(analysis) {
    if (analysis.series.freshness.length === 0) return null
    const largest = Math.max(
      worst(windows(analysis), (row) => row.p99Ms),
      ...bounds(analysis).map(({ bound }) => bound),
    )
    const y = (field: string): Fragment => durationY(field, largest, 'freshness')
    return framed(230, {
      layer: [...faultShade(analysis), ...boundLayers(analysis, y), ...lineLayers(analysis, y)],
    })
  },
  table: (analysis) => ({
    columns: ['run time (s)', 'p50 (ms)', 'p95 (ms)', 'p99 (ms)', 'all landed'],
    rows: windows(analysis).map((row) => [
      seconds(row.atMs),
      ...STATS.map(({ read }) => Math.round(read(row) * 10) / 10),
      row.censored ? 'no' : 'yes',
    ]),
  }),
}
