import type { Analysis } from '../../harness/analysis/summary.ts'
import type { Figure } from './figure.ts'
import { framed, leftAxis } from './frame.ts'
import { COLORS } from './palette.ts'

const shares = ({ series }: Analysis) =>
  [...series.partitionShare].sort((a, b) => a.partition - b.partition)
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`

/** How evenly the events were spread. */
export const partitionShare: Figure = {
  name: 'partition-share',
  question: 'Did the keys spread the load over the partitions?',
  note: 'Bars: the share of the events that went to each partition. Dashed: an even share.',
  spec(analysis) {
    const rows = shares(analysis)
    if (rows.length === 0) return null
    const y = (field: string) => ({
      field,
      type: 'quantitative',
      axis: leftAxis('share of events', { format: '.0%' }),
    })
    const x = {
      field: 'partition',
      type: 'ordinal',
      axis: { title: 'partition', labelAngle: 0, labelOverlap: true },
    }
    return framed(140, {
      layer: [
        {
          data: { values: rows },
          mark: { type: 'bar', color: COLORS.blue, opacity: 0.85 },
          encoding: { x, y: y('share') },
        },
        {
          data: { values: [{ even: 1 / rows.length }] },
          mark: { type: 'rule', color: COLORS.vermillion, strokeDash: [6, 4], strokeWidth: 1.5 },
          encoding: { y: y('even') },
        },
      ],
    })
  },
  table: (analysis) => {
    const rows = shares(analysis)
    return {
      columns: ['partition', 'even share', 'share'],
      rows: rows.map(({ partition, share }) => [
        partition,
        percent(1 / rows.length),
        percent(share),
      ]),
    }
  },
}
