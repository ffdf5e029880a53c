import { byPartition } from './by-partition.ts'

const LAG = /^lag\.(\d+)$/

/** What the pipeline says of its own lag. */
export const lagByPartition = byPartition(
  {
    name: 'lag-by-partition',
    question: 'How far behind was the consumer, by its own count?',
    note: 'The pipeline’s gauges, read once a second, stacked: events in the log past the last commit. Where they could not be read the last value stands. It explains; it never decides the verdict.',
  },
  ({ series }) =>
    series.gauges.flatMap(({ atMs, name, value }) => {
      const partition = LAG.exec(name)?.[1]
      // The gauges of one reading share its time.
      return partition === undefined ? [] : [{ atMs, partition: Number(partition), events: value }]
    }),
)
