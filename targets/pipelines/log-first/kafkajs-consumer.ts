import { Kafka, logLevel } from 'kafkajs'
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs'
import { within } from '../../../harness/lib/until.ts'
import { messageOf } from '../../../harness/lib/errors.ts'
import { CONSUMER_TIMES } from './consumer-config.ts'
import type { ConsumerConfig } from './consumer-config.ts'
import { aborted, rowsOf } from './session.ts'
import type { Consume, Session } from './session.ts'

export const consumeWithKafkajs: Consume = async (session) => {
  const { config } = session
  const consumer = makeConsumer(config)
  const crashed = new Promise<string>((resolve) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => resolve(payload.error.message))
  })
  watch(consumer, session)
  try {
    const running = run(consumer, session).then(() => crashed)
    return await Promise.race([running, aborted(session.signal)])
  } catch (failure) {
    return messageOf(failure)
  } finally {
    // Before a new one joins: two clients of one process on one partition would both insert.
    await within(consumer.disconnect(), 5000, 'disconnecting the consumer').catch(() => undefined)
  }
}

function watch(consumer: Consumer, { config, status }: Session): void {
  const { FETCH, GROUP_JOIN, HEARTBEAT, REBALANCING } = consumer.events
  consumer.on(GROUP_JOIN, ({ payload }) => {
    status.alive()
    status.set({ joined: true })
    status.log('joined', { assignment: payload.memberAssignment[config.topic] ?? [] })
  })
  consumer.on(HEARTBEAT, () => status.alive())
  consumer.on(FETCH, () => status.alive())
  consumer.on(REBALANCING, () => status.log('rebalancing'))
}

async function run(consumer: Consumer, session: Session): Promise<void> {
  const { topic, partitions } = session.config
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    // Every partition may wait for its insert at once, so that one insert holds rows of all.
    partitionsConsumedConcurrently: partitions,
    eachBatch: (payload) => handleBatch(payload, session),
  })
}

/** Few: it keeps asking a coordinator that is gone, and only a new client looks for the next one. */
const RETRY = { retries: 5, initialRetryTime: 100, maxRetryTime: 1000 }

function makeConsumer(config: ConsumerConfig): Consumer {
  const kafka = new Kafka({
    clientId: config.name,
    brokers: config.brokers,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 10_000,
    retry: RETRY,
  })
  return kafka.consumer({
    groupId: config.group,
    sessionTimeout: config.sessionMs,
    heartbeatInterval: config.heartbeatMs,
    rebalanceTimeout: config.rebalanceMs,
    maxWaitTimeInMs: CONSUMER_TIMES.maxWaitMs,
    maxBytesPerPartition: 4 * 1024 * 1024,
    maxBytes: 32 * 1024 * 1024,
    allowAutoTopicCreation: false,
    // Its own restart waits up to 30 s and goes unseen: ours is after 1 s and counted.
    retry: { ...RETRY, restartOnFailure: () => Promise.resolve(false) },
  })
}

async function handleBatch(payload: EachBatchPayload, session: Session): Promise<void> {
  const { messages } = payload.batch
  const { batchRows } = session.config
  for (let from = 0; from < messages.length; from += batchRows) {
    if (!(await insertAndCommit(payload, session, messages.slice(from, from + batchRows)))) return
  }
}

/** Insert, then commit. While the insert waits the heartbeat goes on; when that throws the group has moved on without us. */
async function insertAndCommit(
  payload: EachBatchPayload,
  { batcher, status, config, signal }: Session,
  messages: readonly KafkaMessage[],
): Promise<boolean> {
  const { topic, partition } = payload.batch
  const last = messages.at(-1)
  if (last === undefined) return true
  const positions = messages.map(({ value, offset }) => ({ value, partition, offset }))
  const waiting = batcher.add(rowsOf(positions, status))
  try {
    while (!(await settledWithin(waiting.done, config.heartbeatMs / 2))) {
      await payload.heartbeat()
      if (!payload.isRunning() || payload.isStale() || signal.aborted) return false
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
