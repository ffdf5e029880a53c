import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import type { Consumer, EachBatchPayload } from 'kafkajs'
import * as z from 'zod'
import { until, within } from '../../../harness/lib/until.ts'
import { connectAdmin } from '../../services/kafka/topic.ts'
import type { LandedRows } from '../../target.ts'

const LIMIT_MS = 60_000
const message = z.object({ run: z.string(), lane: z.number(), seq: z.number() })

export interface LogSpec {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly runId: string
}

/** Reads the whole topic and marks which of the events are in it. */
export async function inLog(
  log: LogSpec,
  events: LandedRows,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const found = new Uint8Array(events.seq.length)
  const wanted = new Map(
    Array.from(events.seq, (seq, index) => [`${events.lane[index] ?? 0}:${seq}`, index]),
  )
  const mark = (value: Buffer | null): void => {
    const read = message.safeParse(parsed(value))
    if (!read.success || read.data.run !== log.runId) return
    const index = wanted.get(`${read.data.lane}:${read.data.seq}`)
    if (index !== undefined) found[index] = 1
  }
  const left = await endOffsets(log)
  const consumer = makeConsumer(log.brokers)
  try {
    await consumer.connect()
    await consumer.subscribe({ topic: log.topic, fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatch: (payload) => readBatch(payload, left, mark),
    })
    await until(() => left.size === 0, {
      timeoutMs: LIMIT_MS,
      what: `the end of topic ${log.topic}`,
      signal,
    })
  } finally {
    await within(consumer.disconnect(), 5000, 'disconnecting the log reader').catch(() => undefined)
  }
  return found
}

/** Whatever the topic holds; undefined where it is no JSON. */
function parsed(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString() ?? '')
  } catch {
    return undefined
  }
}

/** End offset of each partition that holds anything. */
async function endOffsets({ brokers, topic }: LogSpec): Promise<Map<number, bigint>> {
  const admin = await connectAdmin(brokers)
  try {
    const offsets = await admin.fetchTopicOffsets(topic)
    const held = offsets.filter(({ high, low }) => high !== low)
    return new Map(held.map(({ partition, high }) => [partition, BigInt(high)]))
  } finally {
    await admin.disconnect()
  }
}

function makeConsumer(brokers: readonly string[]): Consumer {
  const kafka = new Kafka({
    clientId: 'freshet-audit',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
  })
  return kafka.consumer({
    groupId: `freshet-audit-${randomUUID()}`,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
  })
}

function readBatch(
  { batch }: EachBatchPayload,
  left: Map<number, bigint>,
  mark: (value: Buffer | null) => void,
): Promise<void> {
  for (const { value } of batch.messages) mark(value)
  const end = left.get(batch.partition)
  if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) left.delete(batch.partition)
  return Promise.resolve()
}
