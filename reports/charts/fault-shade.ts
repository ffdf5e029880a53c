import type { Analysis } from '../../harness/analysis/summary.ts'
import type { Fragment } from './figure.ts'
import { seconds, timeDomain, timeX } from './frame.ts'
import { COLORS } from './palette.ts'

/** Labels of faults that overlap go below each other, this many rows at most. */
const ROWS = 4

/** Layers that shade when each fault acted, with its id. None without faults. */
export function faultShade(analysis: Analysis): readonly Fragment[] {
  const end = timeDomain(analysis)[1]
  const values = analysis.summary.faults.map((fault, index) => ({
    from: seconds(fault.injectedMs),
    to: fault.healedMs === null ? end : seconds(fault.healedMs),
    id: fault.id,
    drop: 10 + (index % ROWS) * 12,
  }))
  if (values.length === 0) return []
  const x = timeX(analysis, 'from')
  return [
    {
      data: { values },
      mark: { type: 'rect', color: COLORS.orange, opacity: 0.16 },
      encoding: { x, x2: { field: 'to' } },
    },
    {
      data: { values },
      mark: {
        type: 'text',
        align: 'left',
        dx: 3,
        dy: { expr: 'datum.drop' },
        fontSize: 10,
        limit: 220,
      },
      encoding: { x, y: { value: 0 }, text: { field: 'id', type: 'nominal' } },
    },
  ]
}
