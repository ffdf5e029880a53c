import * as z from 'zod'

export const CONSUMER_CLIENTS = ['kafkajs', 'platformatic'] as const

/** The consumer program's only argument, as JSON. */
export const consumerConfig = z.strictObject({
  name: z.string(),
  client: z.enum(CONSUMER_CLIENTS),
  brokers: z.array(z.string()),
  topic: z.string(),
  group: z.string(),
  partitions: z.int(),
  sinkUrl: z.string(),
  batchRows: z.number(),
  lingerMs: z.number(),
  sessionMs: z.number(),
  heartbeatMs: z.number(),
  rebalanceMs: z.number(),
  insertTimeoutMs: z.number(),
  statusFile: z.string(),
})
export type ConsumerConfig = z.output<typeof consumerConfig>

/** What the consumer tells about itself, written to its status file every 500 ms. */
export const consumerStatus = z.strictObject({
  pid: z.int(),
  /** It has joined the group. */
  joined: z.boolean(),
  /** Times the client library gave up and was made anew. */
  restarts: z.int(),
  /** Rows inserted; and inserts that failed and were tried again. */
  inserted: z.int(),
  insertRetries: z.int(),
  /** Messages that are no rows of the table: left out, since trying again would not help. */
  skipped: z.int(),
  /** Of the last inserts that succeeded; null before the first. */
  insertMsP50: z.number().nullable(),
  lastError: z.string().nullable(),
})
export type ConsumerStatus = z.output<typeof consumerStatus>

/** What else recovery depends on in the consumer; recorded with the run, like its options. */
export const CONSUMER_TIMES = {
  maxWaitMs: 100,
  insertBackoffMaxMs: 1000,
  /** A client that fetches nothing and sends no heartbeat for so long is taken for dead. */
  silenceMs: 30_000,
  restartDelayMs: 1000,
} as const
