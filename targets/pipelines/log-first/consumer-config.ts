import * as z from 'zod'

/** The consumer program's only argument, as JSON. */
export const consumerConfig = z.strictObject({
  name: z.string(),
  brokers: z.array(z.string()),
  topic: z.string(),
  group: z.string(),
  partitions: z.int(),
  sinkUrl: z.string(),
  batchRows: z.number(),
  lingerMs: z.number(),
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
  /** Of the last inserts that succeeded; null before the first. */
  insertMsP50: z.number().nullable(),
  lastError: z.string().nullable(),
})
export type ConsumerStatus = z.output<typeof consumerStatus>

/** What recovery depends on in the consumer; recorded with the run. */
export const CONSUMER_TIMES = {
  sessionTimeoutMs: 10_000,
  heartbeatMs: 1000,
  maxWaitMs: 100,
  insertTimeoutMs: 10_000,
  insertBackoffMaxMs: 1000,
  restartDelayMs: 1000,
} as const
