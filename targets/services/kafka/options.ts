import * as z from 'zod'
import { duration } from '../../../harness/lib/quantity.ts'

/** What every pipeline with a Kafka log lets its users choose; spread into the pipeline's own options. */
export const kafkaOptions = {
  brokers: z.int().min(1).max(5).default(3).describe('Kafka nodes, each broker and controller'),
  replication: z
    .int()
    .min(1)
    .max(5)
    .optional()
    .describe('copies of each partition; 3, or all brokers if fewer'),
  minInsync: z
    .int()
    .min(1)
    .max(5)
    .optional()
    .describe('in-sync copies that an acks=all write needs; 2, or 1 copy'),
  // The ledger has one byte for it, and 255 is unknown.
  partitions: z.int().min(1).max(255).default(6).describe('partitions of the topic'),
  sessionTimeout: duration
    .prefault('9s')
    .describe('silence after which the controller fences a broker'),
  heartbeat: duration.prefault('2s').describe('how often a broker reports to the controller'),
}

/** Sizes of the cluster, with nothing left open. */
export interface KafkaShape {
  readonly brokers: number
  readonly replication: number
  readonly minInsync: number
  readonly sessionTimeoutMs: number
  readonly heartbeatMs: number
}
export interface KafkaChoice {
  readonly brokers: number
  readonly replication?: number | undefined
  readonly minInsync?: number | undefined
  readonly sessionTimeout: number
  readonly heartbeat: number
}

/** Fills in what depends on the number of brokers. */
export function kafkaShape(choice: KafkaChoice): KafkaShape {
  const replication = choice.replication ?? Math.min(3, choice.brokers)
  return {
    brokers: choice.brokers,
    replication,
    minInsync: choice.minInsync ?? Math.min(2, replication),
    sessionTimeoutMs: choice.sessionTimeout,
    heartbeatMs: choice.heartbeat,
  }
}
