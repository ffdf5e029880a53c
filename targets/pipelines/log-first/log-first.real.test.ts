import { afterAll, beforeAll, expect, test } from 'vitest'
import { signal, startPipeline, type Pipeline } from './pipeline.fixture.ts'

const EVENTS = 2000
let pipeline: Pipeline

beforeAll(async () => {
  pipeline = await startPipeline({ brokers: 3, partitions: 6 })
})
afterAll(() => pipeline[Symbol.asyncDispose]())

test('every event lands once, intact, with its position', async () => {
  await pipeline.send(EVENTS)
  await pipeline.untilAllLanded()
  const audit = await pipeline.target.sink.audit(signal)
  expect(audit.seq.length).toBe(EVENTS)
  for (const counted of [audit.copies, audit.positions, audit.visible])
    expect(new Set(counted)).toEqual(new Set([1]))
  expect(new Set(audit.corrupt)).toEqual(new Set([0]))
})

test('the log knows what it holds', async () => {
  const asked = { lane: new Uint16Array(2), seq: Uint32Array.from([7, EVENTS * 9]) }
  expect([...((await pipeline.target.sink.inLog?.(asked, signal)) ?? [])]).toEqual([1, 0])
})

test('names resolve to the services that have the roles', async () => {
  for (const name of ['kafka.leader', 'kafka.leader:3', 'kafka.controller']) {
    expect((await pipeline.target.system.service(name)).name).toMatch(/^kafka\.[123]$/)
  }
})

test('what recovery depends on is told', () => {
  expect(pipeline.target.settings).toMatchObject({
    'consumer.client': 'kafkajs',
    'consumer.sessionMs': 6000,
    'consumer.heartbeatMs': 2000,
    'consumer.rebalanceMs': 10_000,
    'consumer.insertTimeoutMs': 10_000,
    'kafka.broker.session.timeout.ms': 9000,
  })
})
