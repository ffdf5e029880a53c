import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startKafka, type KafkaCluster } from '../../targets/services/kafka/kafka.ts'
import { connectAdmin, createTopic } from '../../targets/services/kafka/topic.ts'
import { Scope } from '../lib/scope.ts'
import { Journal } from '../runtime/journal.ts'
import { processRuntime } from '../runtime/process.ts'
import { cachePaths } from '../setup/paths.ts'
import { kafkajsProducer } from './kafkajs-producer.ts'
import { platformaticProducer } from './platformatic-producer.ts'
import type { KafkaProducerOptions, OutgoingEvent, Producer } from './producer.ts'

const PARTITIONS = 4
const CLIENTS = { kafkajs: kafkajsProducer, platformatic: platformaticProducer }
const scope = new Scope()
let cluster: KafkaCluster

beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'freshet-producers-'))
  scope.defer(() => Promise.resolve(rmSync(directory, { recursive: true })))
  const journal = Journal.open(`producers-test-${process.pid}`, directory)
  scope.defer(() => Promise.resolve(journal.close()))
  const { signal } = new AbortController()
  const toxiproxyPath = cachePaths().toxiproxy
  const runtime = scope.use(await processRuntime({ directory, journal, toxiproxyPath, signal }))
  const shape = {
    brokers: 3,
    replication: 3,
    minInsync: 2,
    sessionTimeoutMs: 3000,
    heartbeatMs: 500,
  }
  cluster = scope.use(await startKafka(shape, { runtime, signal }))
})
afterAll(() => scope[Symbol.asyncDispose]())

function events(count: number, bytes = 100): OutgoingEvent[] {
  return Array.from({ length: count }, (_, index) => {
    return { index, lane: 0, seq: index, key: `k${index}`, value: Buffer.alloc(bytes, 'x') }
  })
}

/** Records in the topic, by partition. */
async function held(topic: string): Promise<number[]> {
  const admin = await connectAdmin(cluster.direct)
  const offsets = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  return offsets.sort((a, b) => a.partition - b.partition).map(({ high }) => Number(high))
}

describe.each(Object.entries(CLIENTS))('the producer on %s', (client, connect) => {
  const topic = `topic-${client}`
  let producer: Producer
  const open = (change: Partial<KafkaProducerOptions> = {}): Promise<Producer> => {
    const plain = { acks: 'all', idempotent: false, partitions: PARTITIONS, lanes: 2 } as const
    return connect({ ...plain, brokers: cluster.producers, topic, ...change })
  }
  beforeAll(async () => {
    await createTopic(cluster.direct, { topic, partitions: PARTITIONS, replication: 3 })
    producer = await open()
  })
  afterAll(() => producer[Symbol.asyncDispose]())

  it('puts what it says was acked where it was asked to', async () => {
    expect(await producer.send(0, 2, events(10))).toBe('acked')
    expect(await producer.send(1, 3, events(5))).toBe('acked')
    expect(await held(topic)).toEqual([0, 0, 10, 5])
    expect(producer.counts).toEqual({ retries: 0, mismatchedAcks: 0, errors: {} })
  })

  it.each([{ acks: 'leader' }, { acks: 'none' }, { acks: 'all', idempotent: true }] as const)(
    'sends with %o',
    async (change) => {
      const other = await open(change)
      expect(await other.send(0, 0, events(3))).toBe('acked')
      await other[Symbol.asyncDispose]()
    },
  )

  it('says rejected of what no broker takes', async () => {
    expect(await producer.send(0, 0, events(1, 2_000_000))).toBe('rejected')
    expect(producer.counts.errors).toEqual({ MESSAGE_TOO_LARGE: 1 })
  })

  it('says of each request what became of it while the leader is killed, and loses none that it acked', async () => {
    const before = (await held(topic)).reduce((sum, one) => sum + one, 0)
    const heal = await (await cluster.service('kafka.leader', topic)).kill?.('SIGKILL')
    const outcomes = Promise.all(
      Array.from({ length: 40 }, (_, i) => producer.send(i % 2, i % PARTITIONS, events(20))),
    )
    await heal?.()
    const acked = (await outcomes).filter((one) => one === 'acked').length
    const kept = (await held(topic)).reduce((sum, one) => sum + one, 0) - before
    console.log(
      `${client}: ${acked} of 40 acked, ${kept} records kept, ${JSON.stringify(producer.counts)}`,
    )
    expect(kept).toBeGreaterThanOrEqual(acked * 20)
    expect(acked).toBeGreaterThan(0)
    expect(producer.counts.mismatchedAcks).toBe(0)
  }, 150_000)
})
