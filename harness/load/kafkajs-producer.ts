import { crc32 } from 'node:zlib'
import { Kafka, logLevel, type Producer as KafkaProducer, type RecordMetadata } from 'kafkajs'
import {
  ACKS,
  newCounts,
  outcomeOf,
  type KafkaProducerOptions,
  type OutgoingEvent,
  type Producer,
} from './producer.ts'

/**
 * One kafkajs producer a lane, one partition a request: with several partitions in one `send` kafkajs may acknowledge
 * what it never sent (docs/adr/0004). Retries are the client's own.
 */
export async function kafkajsProducer(options: KafkaProducerOptions): Promise<Producer> {
  const counter = newCounts()
  const { counts } = counter
  const producers = await Promise.all(
    Array.from({ length: options.lanes }, async (_, lane) => {
      const producer = newProducer(options, lane, () => (counts.retries += 1))
      await producer.connect()
      return producer
    }),
  )
  return {
    partitionOf: (key) => crc32(key) % options.partitions,
    send(lane, partition, events) {
      const ask = async (): Promise<boolean> => {
        const answer = await producers[lane]?.send({
          topic: options.topic,
          acks: ACKS[options.acks],
          timeout: 10_000,
          messages: events.map((one) => messageOf(one, partition)),
        })
        return options.acks === 'none' || answers(answer, partition)
      }
      return outcomeOf(ask, typeOf, counter)
    },
    counts,
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled(producers.map((one) => one.disconnect()))
    },
  }
}

function newProducer(
  options: KafkaProducerOptions,
  lane: number,
  onRetry: () => void,
): KafkaProducer {
  const kafka = new Kafka({
    clientId: `freshet-lane-${lane}`,
    brokers: [...options.brokers],
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      if ('retryCount' in entry.log || entry.log.message.includes('retr')) onRetry()
    },
    retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 60 },
  })
  return kafka.producer({
    allowAutoTopicCreation: false,
    idempotent: options.idempotent,
    maxInFlightRequests: options.idempotent ? 1 : 16,
    metadataMaxAge: 30_000,
  })
}

function messageOf(
  event: OutgoingEvent,
  partition: number,
): { key: string; value: Buffer; partition: number } {
  return { key: event.key, value: event.value, partition }
}

/** One answer, for the partition that was asked, with an offset. */
function answers(answer: readonly RecordMetadata[] | undefined, partition: number): boolean {
  const [first, ...others] = answer ?? []
  return (
    first !== undefined &&
    others.length === 0 &&
    first.partition === partition &&
    first.errorCode === 0 &&
    Number(first.baseOffset) >= 0
  )
}

function typeOf(failure: unknown): string {
  if (typeof failure === 'object' && failure !== null) {
    if ('cause' in failure && failure.cause instanceof Error && 'type' in failure.cause)
      return String(failure.cause.type)
    if ('type' in failure) return String(failure.type)
    if ('name' in failure) return String(failure.name)
  }
  return 'unknown'
}
