import type { Analysis, Series } from '../../harness/analysis/summary.ts'
import { faultShade } from './fault-shade.ts'
import type { Figure, Table } from './figure.ts'
import { countAxis, framed, leftAxis, seconds, timeX, topLegend } from './frame.ts'
import { COLORS, SEQUENCE } from './palette.ts'
import { thin, worst } from './thin.ts'

/** As many partitions as there are colours; the rest are one part. */
const SHOWN = SEQUENCE.length
const REST = 'all others'

type Rows = Series['backlogByPartition']
interface Window {
  readonly atMs: number
  readonly parts: readonly number[]
}
interface Parts {
  readonly names: readonly string[]
  readonly windows: readonly Window[]
}

/** The partitions with the largest peaks, by number. */
function largest(rows: Rows): readonly number[] {
  const peaks = new Map<number, number>()
  for (const { partition, events } of rows)
    peaks.set(partition, Math.max(peaks.get(partition) ?? 0, events))
  const ranked = [...peaks].sort(([, a], [, b]) => b - a).map(([partition]) => partition)
  return ranked.slice(0, SHOWN).sort((a, b) => a - b)
}

function parts(rows: Rows): Parts {
  const shown = largest(rows)
  const others = new Set(rows.map(({ partition }) => partition)).size > shown.length
  const names = [...shown.map((partition) => `partition ${partition}`), ...(others ? [REST] : [])]
  const byTime = new Map<number, number[]>()
  for (const { atMs, partition, events } of rows) {
    const counts = byTime.get(atMs) ?? names.map(() => 0)
    const at = shown.includes(partition) ? shown.indexOf(partition) : shown.length
    counts[at] = (counts[at] ?? 0) + events
    byTime.set(atMs, counts)
  }
  const windows = [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([atMs, counts]) => ({ atMs, parts: counts }))
  return {
    names,
    windows: thin(windows, (rows) => ({
      atMs: rows[0].atMs,
      parts: names.map((_, at) => worst(rows, (row) => row.parts[at] ?? 0)),
    })),
  }
}

function table(of: Rows): Table {
  const { names, windows } = parts(of)
  return {
    columns: ['run time (s)', ...names],
    rows: windows.map((row) => [seconds(row.atMs), ...row.parts]),
  }
}

function area(analysis: Analysis, of: Rows): object {
  const { names, windows } = parts(of)
  const values = windows.flatMap((row) =>
    row.parts.map((events, at) => ({ t: seconds(row.atMs), partition: names[at] ?? REST, events })),
  )
  const color = {
    field: 'partition',
    type: 'nominal',
    scale: { domain: names, range: [...SEQUENCE, COLORS.grey].slice(0, names.length) },
    legend: { ...topLegend, columns: 4 },
  }
  const y = {
    field: 'events',
    type: 'quantitative',
    stack: 'zero',
    axis: leftAxis('events', countAxis),
  }
  return {
    data: { values },
    mark: { type: 'area', interpolate: 'step-after', opacity: 0.85 },
    encoding: { x: timeX(analysis, 't'), y, color },
  }
}

/** Events by partition over time, stacked, the largest partitions with a colour of their own. */
export function byPartition(
  about: Pick<Figure, 'name' | 'question' | 'note'>,
  rowsOf: (analysis: Analysis) => Rows,
): Figure {
  return {
    ...about,
    zoom: true,
    spec(analysis) {
      const rows = rowsOf(analysis)
      if (rows.length === 0) return null
      return framed(160, { layer: [...faultShade(analysis), area(analysis, rows)] })
    },
    table: (analysis) => table(rowsOf(analysis)),
  }
}
