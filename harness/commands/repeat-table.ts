import type { Summary } from '../analysis/summary.ts'
import { formatMs } from '../lib/quantity.ts'

interface Column {
  readonly name: string
  readonly value: (summary: Summary) => number | null
  readonly text: (value: number) => string
}
const time = (value: number): string => (value === Infinity ? 'not recovered' : formatMs(value))
const COLUMNS: readonly Column[] = [
  {
    name: 'p95 baseline',
    value: ({ freshness }) => {
      const stats = freshness.baseline
      if (stats === undefined) return null
      return stats.censoredFrom === 'p50' || stats.censoredFrom === 'p95' ? Infinity : stats.p95Ms
    },
    text: (value) => (value === Infinity ? 'not landed' : formatMs(value)),
  },
  { name: 'catch-up', value: slowest, text: time },
  { name: 'lost', value: ({ accounting }) => accounting.lost, text: String },
  {
    name: 'duplicates',
    value: ({ accounting }) => accounting.duplicatedPhysical,
    text: String,
  },
]

/** Of several faults the slowest; one that did not recover is slower than any that did. */
function slowest({ faults }: Summary): number | null {
  const times = faults.map(({ catchUp }) => (catchUp.state === 'recovered' ? catchUp.ms : Infinity))
  return times.length === 0 ? null : Math.max(...times)
}

/** One line a repeat, then the median and the range of each measure. */
export function repeatTable(summaries: readonly Summary[]): string {
  const measured = COLUMNS.map(({ value }) => summaries.map(value))
  const cells = [
    ['repeat', 'verdict', ...COLUMNS.map(({ name }) => name)],
    ...summaries.map(({ verdict }, row) => [
      String(row + 1),
      verdict,
      ...COLUMNS.map(({ text }, at) => show(measured[at]?.[row] ?? null, text)),
    ]),
    ['median', '', ...COLUMNS.map(({ text }, at) => show(median(known(measured[at])), text))],
    ['range', '', ...COLUMNS.map(({ text }, at) => rangeOf(known(measured[at]), text))],
  ]
  const widths = (cells[0] ?? []).map((_, at) =>
    Math.max(...cells.map((row) => row[at]?.length ?? 0)),
  )
  const lines = cells.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '))
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

const known = (values: readonly (number | null)[] | undefined): readonly number[] =>
  (values ?? []).filter((value) => value !== null).sort((a, b) => a - b)

const show = (value: number | null, text: (value: number) => string): string =>
  value === null ? '-' : text(value)

function median(sorted: readonly number[]): number | null {
  const middle = sorted.length >> 1
  const [low, high] = [sorted[middle - 1], sorted[middle]]
  if (high === undefined) return null
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2
}

function rangeOf(sorted: readonly number[], text: (value: number) => string): string {
  const [low, high] = [sorted[0], sorted.at(-1)]
  if (low === undefined || high === undefined) return '-'
  return low === high ? text(low) : `${text(low)} to ${text(high)}`
}
