import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../../../harness/lib/until.ts'
import { CONSUMER_CLIENTS } from './consumer-config.ts'
import { signal, startPipeline, type Pipeline } from './pipeline.fixture.ts'

const EVENTS = 2000
const LIMIT_MS = 120_000

/** What every client library has to live through; none may lose what was acknowledged. */
describe.each(CONSUMER_CLIENTS)('the consumer on %s', (consumer) => {
  let pipeline: Pipeline
  beforeAll(async () => {
    pipeline = await startPipeline({
      ...{ consumer, consumers: 2, brokers: 3, partitions: 6, delivery: 'deduplicated' },
      // The brokers' own recovery is not the question here.
      ...{ sessionTimeout: '3s', heartbeat: '500ms', insertTimeout: '3s' },
    })
  })
  afterAll(() => pipeline[Symbol.asyncDispose]())

  /** Kills these, sends while they are gone, brings them back, and waits for every event. */
  async function surviveLossOf(names: readonly string[]): Promise<void> {
    const services = await Promise.all(names.map((name) => pipeline.target.system.service(name)))
    await pipeline.send(EVENTS)
    const heals = await Promise.all(services.map(async (service) => service.kill?.('SIGKILL')))
    const sending = pipeline.send(EVENTS)
    // In force for as long as the clients need to notice: until lag builds up, or not even the gauges answer.
    await until(async () => (await pipeline.gauge('lag.0')) !== 0, {
      timeoutMs: 20_000,
      what: 'lag',
    })
    await Promise.all(heals.map(async (heal) => heal?.()))
    await sending
    const startedAt = performance.now()
    await pipeline.untilAllLanded(LIMIT_MS / 2)
    console.log(
      `${consumer}, ${names.join(' and ')}: ${Math.round(performance.now() - startedAt)} ms`,
    )
    const { seq, visible, corrupt } = await pipeline.target.sink.audit(signal)
    expect(seq.length).toBe(pipeline.acked)
    expect(Math.max(...visible)).toBe(1)
    expect(Math.max(...corrupt)).toBe(0)
  }

  it('inserts every event and commits', async () => {
    await pipeline.send(EVENTS)
    await pipeline.untilAllLanded()
    await until(async () => (await pipeline.gauge('lag.0')) === 0, {
      timeoutMs: 10_000,
      what: 'no lag',
    })
    expect(new Set((await pipeline.target.sink.audit(signal)).visible)).toEqual(new Set([1]))
  })

  it('counts messages that are no events, and goes on', async () => {
    const bad = ['hello', '{"lane":"x"}', '{"lane":1,', '{}', '']
    for (const value of bad) await pipeline.sendRaw(value)
    await pipeline.send(EVENTS)
    await pipeline.untilAllLanded()
    await until(async () => (await pipeline.gauge('lag.0')) === 0, {
      timeoutMs: 10_000,
      what: 'no lag',
    })
    await until(async () => ((await pipeline.gauge('consumer.skipped')) ?? 0) >= bad.length, {
      timeoutMs: 5000,
      what: 'the skipped messages in the gauge',
    })
    expect(await pipeline.gauge('consumer.skipped')).toBe(bad.length)
    const asked = { lane: new Uint16Array(1), seq: Uint32Array.of(0) }
    expect([...((await pipeline.target.sink.inLog?.(asked, signal)) ?? [])]).toEqual([1])
  })

  it('lives through the loss of the sink', () => surviveLossOf(['sink']), LIMIT_MS)
  it(
    'lives through the loss of one of its processes',
    () => surviveLossOf(['consumer.1']),
    LIMIT_MS,
  )
  it(
    'lives through the loss of all of its processes',
    () => surviveLossOf(['consumer.1', 'consumer.2']),
    LIMIT_MS,
  )
  it('lives through the loss of a broker', () => surviveLossOf(['kafka.leader']), LIMIT_MS)
  it(
    'lives through the loss of a majority of the brokers',
    () => surviveLossOf(['kafka.1', 'kafka.2']),
    LIMIT_MS,
  )
})
