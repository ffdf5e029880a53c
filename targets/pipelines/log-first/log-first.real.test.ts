import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { monotonicClock } from '../../../harness/lib/clock.ts'
import { Scope } from '../../../harness/lib/scope.ts'
import { until } from '../../../harness/lib/until.ts'
import { Journal } from '../../../harness/runtime/journal.ts'
import { processRuntime } from '../../../harness/runtime/process.ts'
import { cachePaths } from '../../../harness/setup/paths.ts'
import type { Target } from '../../target.ts'
import { logFirst } from './target.ts'

const EVENTS = 2000
const PARTITIONS = 6
const scope = new Scope()
const signal = new AbortController().signal
const runId = `log-first-test-${process.pid}`
let target: Target
const landed = new Set<number>()

beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'freshet-log-first-'))
  const journal = Journal.open(runId, directory)
  scope.defer(() => Promise.resolve(journal.close()))
  const runtime = scope.use(
    await processRuntime({ directory, journal, toxiproxyPath: cachePaths().toxiproxy, signal }),
  )
  const options = logFirst.options.parse({ partitions: PARTITIONS })
  const startedAt = performance.now()
  target = scope.use(
    await logFirst.start(options, { runId, runtime, clock: monotonicClock(), signal }),
  )
  console.log(`start: ${Math.round(performance.now() - startedAt)} ms`)
})
afterAll(() => scope[Symbol.asyncDispose]())

function message(seq: number): string {
  const [key, intended, body] = [`key-${seq % 97}`, (seq * 1.5).toFixed(3), 'x'.repeat(100)]
  const sum = crc32(`${runId}|0|${seq}|${key}|${intended}|${body}`)
  return JSON.stringify({ run: runId, lane: 0, seq, key, intended, body, sum })
}

async function send(from: number): Promise<void> {
  if (target.source.kind !== 'kafka') throw new Error('no Kafka source')
  const { brokers, topic } = target.source
  const retry = { retries: 30, maxRetryTime: 1000 } // a new leader takes 9 s
  const producer = new Kafka({
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    retry,
  }).producer()
  await producer.connect()
  // One send per partition: over several, kafkajs may acknowledge what a dying leader lost.
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const seqs = Array.from({ length: EVENTS }, (_, index) => from + index).filter(
      (seq) => seq % PARTITIONS === partition,
    )
    await producer.send({
      topic,
      acks: -1,
      messages: seqs.map((seq) => ({ partition, value: message(seq) })),
    })
  }
  await producer.disconnect()
}

async function diagnose(failure: unknown): Promise<never> {
  const audit = await target.sink.audit(signal)
  const stored = new Set(audit.seq)
  const missing = Array.from({ length: EVENTS * 3 }, (_, seq) => seq).filter(
    (seq) => !stored.has(seq),
  )
  const lane = new Uint16Array(missing.length)
  const held =
    (await target.sink.inLog?.({ lane, seq: Uint32Array.from(missing) }, signal)) ??
    new Uint8Array()
  const inLog = held.reduce((sum, mark) => sum + mark, 0)
  throw new Error(
    `landed ${landed.size}, stored ${stored.size}, missing ${missing.length}, in the log ${inLog}`,
    {
      cause: failure,
    },
  )
}

async function untilLanded(count: number): Promise<void> {
  const allLanded = async (): Promise<boolean> => {
    for (const seq of (await target.sink.landed(signal)).seq) landed.add(seq)
    return landed.size === count
  }
  await until(allLanded, { timeoutMs: 30_000, what: `${count} events in the sink` }).catch(diagnose)
}

test('every event lands once, intact, with its position', async () => {
  await send(0)
  await untilLanded(EVENTS)
  const audit = await target.sink.audit(signal)
  expect(audit.seq.length).toBe(EVENTS)
  for (const counted of [audit.copies, audit.positions, audit.visible])
    expect(new Set(counted)).toEqual(new Set([1]))
  expect(new Set(audit.corrupt)).toEqual(new Set([0]))
})

test('the log knows what it holds', async () => {
  const asked = { lane: new Uint16Array(2), seq: Uint32Array.from([7, EVENTS * 9]) }
  expect([...((await target.sink.inLog?.(asked, signal)) ?? [])]).toEqual([1, 0])
})

test('names resolve to the services that have the roles', async () => {
  for (const name of ['kafka.leader', 'kafka.leader:3', 'kafka.controller']) {
    expect((await target.system.service(name)).name).toMatch(/^kafka\.[123]$/)
  }
})

test('a killed consumer loses nothing', async () => {
  const heal = await (await target.system.service('consumer')).kill?.('SIGKILL')
  await send(EVENTS)
  await heal?.()
  await untilLanded(EVENTS * 2)
  await until(async () => (await target.gauges?.(signal))?.['lag.0'] === 0, {
    timeoutMs: 10_000,
    what: 'no lag',
  })
  expect((await target.sink.audit(signal)).seq.length).toBe(EVENTS * 2)
})

test('a killed controller and a cut sink lose nothing', async () => {
  const healBroker = await (await target.system.service('kafka.controller')).kill?.('SIGKILL')
  const healSink = await target.system.link('sink').cut()
  await send(EVENTS * 2)
  await healSink()
  await healBroker?.()
  await untilLanded(EVENTS * 3)
}, 90_000)
