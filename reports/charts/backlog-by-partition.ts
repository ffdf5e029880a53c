import { byPartition } from './by-partition.ts'

/** Which partitions the backlog sits in. */
export const backlogByPartition = byPartition(
  {
    name: 'backlog-by-partition',
    question: 'Was the backlog spread evenly over the partitions?',
    note: 'Events due and not yet landed, by the partition that they were sent to, stacked.',
  },
  ({ series }) => series.backlogByPartition,
)
