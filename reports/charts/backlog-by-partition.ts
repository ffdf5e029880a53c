import type { Analysis } from '../../harness/analysis/summary.ts'
import { faultShade } from './fault-shade.ts'
import type { Figure, Table } from './figure.ts'
import { countAxis, framed, leftAxis, seconds, timeX, topLegend } from './frame.ts'
import { COLORS, SEQUENCE } from './palette.ts'
import { thin, worst } from './thin.ts'

/** As many partitions as there are colours; the rest are one part. */
const SHOWN = SEQUENCE.length
const REST = 'all others'

interface Window {
  readonly atMs: number
  readonly parts: readonly number[]
}
interface Parts {
  readonly names: readonly string[]
  readonly windows: readonly Window[]
}

/** The partitions with the largest peaks, by number. */
function largest({ series }: Analysis): readonly number[] {
  const peaks = new Map<number, number>()
  for (const { partition, events } of series.backlogByPartition)
    peaks.set(partition, Math.max(peaks.get(partition) ?? 0, events))
  const ranked = [...peaks].sort(([, a], [, b]) => b - a).map(([partition]) => partition)
  return ranked.slice(0, SHOWN).sort((a, b) => a - b)
}

function parts(analysis: Analysis): Parts {
  const { backlogByPartition } = analysis.series
  const shown = largest(analysis)
  const others = new Set(backlogByPartition.map(({ partition }) => partition)).size > shown.length
  const names = [...shown.map((partition) => `partition ${partition}`), ...(others ? [REST] : [])]
  const byTime = new Map<number, number[]>()
  for (const { atMs, partition, events } of backlogByPartition) {
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

function table(analysis: Analysis): Table {
  const { names, windows } = parts(analysis)
  return {
    columns: ['run time (s)', ...names],
    rows: windows.map((row) => [seconds(row.atMs), ...row.parts]),
  }
}

/** Which partitions the backlog sits in. */
export const backlogByPartition: Figure = {
  name: 'backlog-by-partition',
  question: 'Was the backlog spread evenly over the partitions?',
  note: 'The pipeline’s own view of its lag, stacked. It explains; it never decides the verdict.',
  spec(analysis) {
    if (analysis.series.backlogByPartition.length === 0) return null
    const { names, windows } = parts(analysis)
    const values = windows.flatMap((row) =>
      row.parts.map((events, at) => ({
        t: seconds(row.atMs),
        partition: names[at] ?? REST,
        events,
      })),
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
    const area = {
      data: { values },
      mark: { type: 'area', interpolate: 'step-after', opacity: 0.85 },
      encoding: { x: timeX(analysis, 't'), y, color },
    }
    return framed(160, { layer: [...faultShade(analysis), area] })
  },
  table,
}
