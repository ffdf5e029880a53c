import type { Summary } from '../../harness/analysis/summary.ts'
import { accountingRows, count as exactly } from '../words.ts'
import type { Figure } from './figure.ts'
import { framed, leftAxis } from './frame.ts'
import { COLORS } from './palette.ts'

const KINDS = [
  { kind: 'as it should be', color: COLORS.blue },
  { kind: 'reported, no error', color: COLORS.grey },
  { kind: 'wrong if not nought', color: COLORS.vermillion },
] as const

function values(summary: Summary) {
  return accountingRows(summary).map(({ name, count, kind }) => ({
    name,
    count: count ?? 0,
    exact: exactly(count),
    kind: KINDS[kind].kind,
  }))
}

/** Every event accounted for. */
export const ledger: Figure = {
  name: 'ledger',
  question: 'Where did every event end up?',
  note: 'Bars grow like a logarithm, so that a single lost event shows beside millions; the exact count stands beside each.',
  spec({ summary }) {
    if (summary.accounting.scheduled === 0) return null
    const rows = values(summary)
    const largest = rows.reduce((most, { count }) => Math.max(most, count), 1)
    const y = {
      field: 'name',
      type: 'nominal',
      sort: rows.map(({ name }) => name),
      axis: leftAxis(null),
    }
    const x = {
      field: 'count',
      type: 'quantitative',
      scale: { type: 'symlog', domain: [0, largest * 8], nice: false },
      axis: null,
    }
    const used = KINDS.filter(({ kind }) => rows.some((row) => row.kind === kind))
    const color = {
      field: 'kind',
      type: 'nominal',
      scale: { domain: used.map(({ kind }) => kind), range: used.map((one) => one.color) },
      legend: { orient: 'top', title: null, labelLimit: 260 },
    }
    return framed(
      { step: 19 },
      {
        data: { values: rows },
        layer: [
          { mark: { type: 'bar', height: 12 }, encoding: { x, y, color } },
          {
            mark: { type: 'text', align: 'left', dx: 4 },
            encoding: { x, y, text: { field: 'exact', type: 'nominal' } },
          },
        ],
      },
    )
  },
  table: ({ summary }) => ({
    columns: ['events', 'count'],
    rows: accountingRows(summary).map(({ name, count }) => [name, exactly(count)]),
  }),
}
