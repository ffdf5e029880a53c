import * as z from 'zod'
import { count, duration } from '../../../harness/lib/quantity.ts'
import { CONSUMER_CLIENTS } from './consumer-config.ts'
import { kafkaOptions, kafkaShape } from '../../services/kafka/options.ts'

export const logFirstOptions = z
  .strictObject({
    ...kafkaOptions,
    consumers: z.int().min(1).max(16).default(1).describe('consumer processes in the one group'),
    consumer: z
      .enum(CONSUMER_CLIENTS)
      .default('kafkajs')
      .describe('client library of the consumer; platformatic: @platformatic/kafka'),
    delivery: z
      .enum(['at-least-once', 'deduplicated'])
      .default('at-least-once')
      .describe('deduplicated: ReplacingMergeTree by (lane, seq), read with FINAL'),
    batch: count.prefault('20k').describe('most rows of one insert'),
    linger: duration.prefault('200ms').describe('longest wait for more rows before an insert'),
    groupSession: duration
      .refine((ms) => ms >= 6000, 'the brokers refuse less than 6s')
      .prefault('6s')
      .describe('silence after which a consumer is put out of the group'),
    groupHeartbeat: duration
      .prefault('2s')
      .describe('how often a consumer reports to the group; a third of groupSession at most'),
    groupRebalance: duration
      .prefault('10s')
      .describe('longest wait of a rebalance for members to join again; not below groupSession'),
    insertTimeout: duration
      .prefault('10s')
      .describe('longest wait for the answer to an insert, which is then sent again'),
  })
  .refine((choice) => kafkaShape(choice).replication <= choice.brokers, {
    path: ['replication'],
    error: 'more copies than brokers',
  })
  .refine((choice) => kafkaShape(choice).minInsync <= kafkaShape(choice).replication, {
    path: ['minInsync'],
    error: 'more in-sync copies than copies: no write could succeed',
  })
  .refine(({ groupHeartbeat, groupSession }) => groupHeartbeat * 3 <= groupSession, {
    path: ['groupHeartbeat'],
    error: 'a third of groupSession at most: a lost heartbeat or two must not end the session',
  })
  .refine(({ groupRebalance, groupSession }) => groupRebalance >= groupSession, {
    path: ['groupRebalance'],
    error: 'not below groupSession',
  })
export type LogFirstOptions = z.output<typeof logFirstOptions>
