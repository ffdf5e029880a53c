import type { Summary } from '../analysis/summary.ts'
import { formatMs } from '../lib/quantity.ts'

interface Column {
  readonly name: string
  readonly value: (summary: Summary) => number | null
  readonly text: (value: number) => string
  /** In place of a value that is null. */
  readonly none: '-' | 'not known'
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
    none: '-',
  },
  { name: 'catch-up', value: slowest, text: time, none: '-' },
  {
    name: 'lost',
    // What is late may be lost or not: nobody waited for long enough to say.
    value: ({ accounting: { audited, late, lost } }) => (audited && late === 0 ? lost : null),
    text: String,
    none: 'not known',
  },
  {
    name: 'duplicates',
    value: ({ accounting }) => (accounting.audited ? accounting.duplicatedPhysical : null),
    text: String,
    none: 'not known',
  },
]

/** Of several faults the slowest; one that did not recover is slower than any that did. */
function slowest({ faults }: Summary): number | null {
  const times = faults.map(({ catchUp }) => (catchUp.state === 'recovered' ? catchUp.ms : Infinity))
  return times.length === 0 ? null : Math.max(...times)
}

/** One line a repeat, then the median and the range of each measure. */
export function repeatTable(summaries: readonly Summary[]): string {
  const cells = [
    ['repeat', 'verdict', ...COLUMNS.map(({ name }) => name)],
    ...summaries.map((summary, row) => [
      String(row + 1),
      summary.verdict,
      ...COLUMNS.map(({ value, text, none }) => {
        const measured = value(summary)
        return measured === null ? none : text(measured)
      }),
    ]),
    ['median', '', ...COLUMNS.map((column) => over(column, summaries, median))],
    ['range', '', ...COLUMNS.map((column) => over(column, summaries, range))],
  ]
  const widths = (cells[0] ?? []).map((_, at) =>
    Math.max(...cells.map((row) => row[at]?.length ?? 0)),
  )
  const lines = cells.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '))
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

type Fold = (sorted: readonly [number, ...number[]], text: Column['text']) => string

/** Of all repeats or of none: one that is left out would not show. */
function over({ value, text, none }: Column, summaries: readonly Summary[], fold: Fold): string {
  const values = summaries.map(value)
  const [first, ...rest] = values.filter((one) => one !== null).sort((a, b) => a - b)
  return first === undefined || values.includes(null) ? none : fold([first, ...rest], text)
}

const median: Fold = (sorted, text) => {
  const middle = sorted.length >> 1
  const high = sorted[middle] ?? sorted[0]
  const low = sorted.length % 2 === 1 ? high : (sorted[middle - 1] ?? high)
  return text((low + high) / 2)
}

const range: Fold = (sorted, text) => {
  const [low, high] = [sorted[0], sorted.at(-1) ?? sorted[0]]
  return low === high ? text(low) : `${text(low)} to ${text(high)}`
}
