import * as z from 'zod'
import { count, duration } from '../../../harness/lib/quantity.ts'
import { kafkaOptions } from '../../services/kafka/options.ts'

export const logFirstOptions = z.strictObject({
  ...kafkaOptions,
  consumers: z.int().min(1).max(16).default(1).describe('consumer processes in the one group'),
  consumer: z.enum(['kafkajs']).default('kafkajs').describe('client library of the consumer'),
  delivery: z
    .enum(['at-least-once', 'deduplicated'])
    .default('at-least-once')
    .describe('deduplicated: ReplacingMergeTree by (lane, seq), read with FINAL'),
  batch: count.default(20_000).describe('most rows of one insert'),
  linger: duration.default(200).describe('longest wait for more rows before an insert'),
})
export type LogFirstOptions = z.output<typeof logFirstOptions>
