import { crc32 } from 'node:zlib'
import { GenericError, Producer as KafkaProducer } from '@platformatic/kafka'
import type { MultipleErrors, ProduceResult } from '@platformatic/kafka'
import { within } from '../lib/until.ts'
import {
  ACKS,
  newCounts,
  outcomeOf,
  type KafkaProducerOptions,
  type OutgoingEvent,
  type Producer,
} from './producer.ts'

/** The client's own limits end long before; a callback of its own that throws leaves a send without an end. */
const SEND_LIMIT_MS = 120_000

/**
 * One producer a lane, one partition a request, like its kafkajs twin. It asks for the partition's leader once a send:
 * while that broker is down all its retries go there, so they last for longer than a leader takes to move.
 */
export async function platformaticProducer(options: KafkaProducerOptions): Promise<Producer> {
  const { topic } = options
  const counter = newCounts()
  const { counts, countError } = counter
  const producers = Array.from({ length: options.lanes }, (_, lane) => {
    const producer = newProducer(options, lane)
    producer.on('error', (failure) => countError(nameOf(failure)))
    producer.on('client:performWithRetry:retry', () => (counts.retries += 1))
    return producer
  })
  await Promise.all(producers.map((one) => one.metadata({ topics: [topic] })))
  const guard = guardCallbacks(countError)
  return {
    partitionOf: (key) => crc32(key) % options.partitions,
    send(lane, partition, events) {
      const ask = async (): Promise<boolean> => {
        const messages = events.map((one) => messageOf(one, topic, partition))
        const sending = producers[lane]?.send({ messages, acks: ACKS[options.acks] })
        const answer = await within(Promise.resolve(sending), SEND_LIMIT_MS, 'a send')
        return answers(answer, options, partition)
      }
      return outcomeOf(ask, nameOf, counter)
    },
    counts,
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled(producers.map((one) => within(close(one), 5000, 'a close')))
      guard()
    },
  }
}

const close = (producer: KafkaProducer): Promise<void> =>
  new Promise((resolve) => producer.close(true, () => resolve()))

function newProducer(options: KafkaProducerOptions, lane: number): KafkaProducer {
  return new KafkaProducer({
    clientId: `freshet-lane-${lane}`,
    bootstrapBrokers: [...options.brokers],
    connectTimeout: 3000,
    requestTimeout: 10_000,
    timeout: 10_000,
    maxInflights: 16,
    idempotent: options.idempotent,
    retries: 60,
    retryDelay: 500,
    autocreateTopics: false,
  })
}

function messageOf(
  event: OutgoingEvent,
  topic: string,
  partition: number,
): { topic: string; partition: number; key: Buffer; value: Buffer } {
  return { topic, partition, key: Buffer.from(event.key), value: event.value }
}

/** One answer, for the partition that was asked, with an offset; without acks: it was written to the socket. */
function answers(
  answer: ProduceResult | undefined,
  { acks }: KafkaProducerOptions,
  partition: number,
): boolean {
  if (acks === 'none') return answer?.unwritableNodes?.length === 0
  const [first, ...others] = answer?.offsets ?? []
  return (
    first !== undefined &&
    others.length === 0 &&
    first.partition === partition &&
    first.offset >= 0n
  )
}

/** Kafka's own name for it where there is one, of the last attempt. */
function nameOf(failure: unknown): string {
  if (failure instanceof AggregateError) return nameOf((failure as MultipleErrors).errors.at(-1))
  if (!(failure instanceof Error)) return 'unknown'
  if (!GenericError.isGenericError(failure)) return failure.name
  return 'apiId' in failure ? String(failure['apiId']) : failure.code
}

/** An exception of the library's own callbacks must not end the load; it is counted. Any other ends it, as it should. */
function guardCallbacks(countError: (name: string) => void): () => void {
  const listen = (failure: Error): void => {
    if (failure.stack?.includes('@platformatic/kafka') !== true) throw failure
    countError(`uncaught ${nameOf(failure)}`)
  }
  process.on('uncaughtException', listen)
  return () => void process.off('uncaughtException', listen)
}
