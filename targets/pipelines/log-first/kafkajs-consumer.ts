import { Kafka, logLevel } from 'kafkajs'
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs'
import { within } from '../../../harness/lib/until.ts'
import { messageOf } from '../../../harness/lib/errors.ts'
import type { Batcher } from './batcher.ts'
import { CONSUMER_TIMES } from './consumer-config.ts'
import type { ConsumerConfig } from './consumer-config.ts'
import { splicePosition } from './splice.ts'
import type { StatusReport } from './status.ts'

/** Consumes until the client library gives up; resolves with its last error, after the client is gone. */
export async function consumeUntilCrash(
  config: ConsumerConfig,
  batcher: Batcher,
  status: StatusReport,
): Promise<string> {
  const consumer = makeConsumer(config)
  const { CRASH, GROUP_JOIN, REBALANCING } = consumer.events
  const crashed = new Promise<string>((resolve) => {
    consumer.on(CRASH, ({ payload }) => resolve(payload.error.message))
  })
  consumer.on(GROUP_JOIN, ({ payload }) => {
    status.set({ joined: true })
    status.log('joined', { assignment: payload.memberAssignment[config.topic] ?? [] })
  })
  consumer.on(REBALANCING, () => status.log('rebalancing'))
  try {
    await consumer.connect()
    await consumer.subscribe({ topic: config.topic, fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // Every partition may wait for its insert at once, so that one insert holds rows of all.
      partitionsConsumedConcurrently: config.partitions,
      eachBatch: (payload) => handleBatch(payload, batcher, config.batchRows),
    })
    return await crashed
  } catch (failure) {
    return messageOf(failure)
  } finally {
    // Before a new one joins: two clients of one process on one partition would both insert.
    await within(consumer.disconnect(), 5000, 'disconnecting the consumer').catch(() => undefined)
  }
}

function makeConsumer(config: ConsumerConfig): Consumer {
  const kafka = new Kafka({
    clientId: config.name,
    brokers: config.brokers,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 10_000,
    retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 1000 },
  })
  return kafka.consumer({
    groupId: config.group,
    sessionTimeout: CONSUMER_TIMES.sessionTimeoutMs,
    heartbeatInterval: CONSUMER_TIMES.heartbeatMs,
    maxWaitTimeInMs: CONSUMER_TIMES.maxWaitMs,
    maxBytesPerPartition: 4 * 1024 * 1024,
    maxBytes: 32 * 1024 * 1024,
    allowAutoTopicCreation: false,
    // Its own restart waits up to 30 s and goes unseen: ours is after 1 s and counted.
    retry: {
      retries: 8,
      initialRetryTime: 100,
      maxRetryTime: 1000,
      restartOnFailure: () => Promise.resolve(false),
    },
  })
}

async function handleBatch(
  payload: EachBatchPayload,
  batcher: Batcher,
  batchRows: number,
): Promise<void> {
  const { messages } = payload.batch
  for (let from = 0; from < messages.length; from += batchRows) {
    if (!(await insertAndCommit(payload, batcher, messages.slice(from, from + batchRows)))) return
  }
}

/** Insert, then commit. While the insert waits the heartbeat goes on; when that throws the group has moved on without us. */
async function insertAndCommit(
  payload: EachBatchPayload,
  batcher: Batcher,
  messages: KafkaMessage[],
): Promise<boolean> {
  const { topic, partition } = payload.batch
  const last = messages.at(-1)
  if (last === undefined) return true
  const waiting = batcher.add(
    messages.flatMap(({ value, offset }) =>
      value === null ? [] : [splicePosition(value, partition, offset)],
    ),
  )
  try {
    while (!(await settledWithin(waiting.done, CONSUMER_TIMES.heartbeatMs))) {
      await payload.heartbeat()
      if (!payload.isRunning() || payload.isStale()) return false
    }
    payload.resolveOffset(last.offset)
    const offset = (BigInt(last.offset) + 1n).toString()
    await payload.commitOffsetsIfNecessary({
      topics: [{ topic, partitions: [{ partition, offset }] }],
    })
    await payload.heartbeat()
    return true
  } finally {
    waiting.drop()
  }
}

async function settledWithin(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)))
  return Promise.race([work.then(() => true), limit]).finally(() => clearTimeout(timer))
}
