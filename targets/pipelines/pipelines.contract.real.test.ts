import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { messageOf } from '../../harness/lib/errors.ts'
import { Scope } from '../../harness/lib/scope.ts'
import { until } from '../../harness/lib/until.ts'
import type { Target, TargetKind } from '../target.ts'
import {
  batchesOf,
  clickhousePort,
  LANES,
  openRig,
  producerOf,
  type Rig,
} from './contract.fixture.ts'
import { pipelines } from './index.ts'

const EVENTS = 2000
const NOTHING = { processes: [], ports: [] }
const kinds: readonly TargetKind[] = pipelines
const signal = new AbortController().signal

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('%s', (_, kind) => {
  const options = kind.options.parse({})
  const scope = new Scope()
  let rig: Rig
  let target: Target
  const landed = new Set<string>()

  beforeAll(async () => {
    rig = scope.use(await openRig())
    target = await kind.start(options, rig.env())
    if (target.source.kind === 'memory') rig.watch(target.source.port)
    scope.defer(() => Promise.resolve(target[Symbol.asyncDispose]()))
  })
  afterAll(() => scope[Symbol.asyncDispose]())

  it('acknowledges what is sent to its source', async () => {
    const producer = await producerOf(target.source)
    try {
      const { runId } = rig.env()
      const outcomes = await Promise.all(
        batchesOf(runId, EVENTS, producer).map((batch) =>
          producer.send(batch[0]?.lane ?? 0, producer.partitionOf(batch[0]?.key ?? ''), batch),
        ),
      )
      expect(new Set(outcomes)).toEqual(new Set(['acked']))
    } finally {
      await producer[Symbol.asyncDispose]()
    }
  })

  it('lets the landing probe see every acknowledged event, and no other', async () => {
    const all = async (): Promise<boolean> => {
      const { lane, seq } = await target.sink.landed(signal)
      seq.forEach((one, i) => landed.add(`${lane[i]}/${one}`))
      return landed.size >= EVENTS
    }
    await until(all, { timeoutMs: 30_000, what: 'every event to land' })
    const sent = Array.from({ length: EVENTS }, (_, i) => `${i % LANES}/${Math.floor(i / LANES)}`)
    expect(landed).toEqual(new Set(sent))
  })

  it('audits each event once, intact', async () => {
    const { seq, copies, positions, visible, corrupt, storedRows } = await target.sink.audit(signal)
    expect(seq).toHaveLength(EVENTS)
    expect(storedRows).toBe(EVENTS)
    for (const ones of [copies, positions, visible]) expect(new Set(ones)).toEqual(new Set([1]))
    expect(new Set(corrupt)).toEqual(new Set([0]))
  })

  it('audits what an independent count finds in the sink, also where rows are damaged', async () => {
    const port = clickhousePort(rig)
    if (port === null) return expect(kind.services(options)).not.toContain('sink')
    await sql(port, 'INSERT INTO events SELECT * FROM events WHERE lane = 0 AND seq < 7')
    await sql(
      port,
      `INSERT INTO events SELECT * REPLACE ('x' AS body) FROM events WHERE lane = 1 AND seq = 3`,
    )
    const count =
      "SELECT count(), uniqExact(lane, seq), uniqExactIf((lane, seq), body = 'x') FROM events"
    const [rows, distinct, damaged] = await sql(port, count)
    const audit = await target.sink.audit(signal)
    const sum = (column: Iterable<number>): number => [...column].reduce((a, b) => a + b, 0)
    expect([sum(audit.copies), audit.seq.length, sum(audit.corrupt)]).toEqual([
      rows,
      distinct,
      damaged,
    ])
    expect([rows, distinct, damaged]).toEqual([EVENTS + 8, EVENTS, 1])
    expect([audit.storedRows, audit.copiesMerged]).toEqual([rows, false])
  })

  it('has every service and link that it declares, and no other', async () => {
    for (const name of kind.services(options)) {
      const service = await target.system.service(name)
      expect(kind.services(options), name).toContain(service.name)
    }
    for (const name of kind.links(options)) expect(target.system.link(name).name).toBe(name)
    await expect(target.system.service('nobody')).rejects.toMatchObject({ code: 'usage' })
    expect(() => target.system.link('nowhere')).toThrow(expect.objectContaining({ code: 'usage' }))
  })

  it('says what it is, what recovery depends on and what is left to do', async () => {
    expect(target.guarantee).toBe(kind.guarantee(options))
    if (kind.services(options).length > 0) {
      expect(Object.keys(target.settings)).not.toEqual([])
      expect(Object.keys(target.versions)).not.toEqual([])
    }
    const drained = async (): Promise<boolean> => {
      const gauges = Object.entries((await target.gauges?.(signal)) ?? {})
      const lags = gauges.filter(([name]) => name.startsWith('lag.'))
      return lags.length > 0 && lags.every(([, value]) => value === 0)
    }
    await until(drained, { timeoutMs: 15_000, what: 'the lag to be zero' })
  })

  it('is seen running by what will look for left-overs', async () => {
    const { processes, ports } = await rig.left()
    expect(ports).not.toEqual([])
    expect(new Set(processes)).toEqual(
      new Set(rig.specs.length === 0 ? [] : [...rig.specs.map((one) => one.name), 'toxiproxy']),
    )
  })

  it('leaves no process and no port when it is stopped, however often', async () => {
    await target.sink[Symbol.asyncDispose]()
    await target[Symbol.asyncDispose]()
    await target[Symbol.asyncDispose]()
    expect((await rig.left()).processes.filter((name) => name !== 'toxiproxy')).toEqual([])
    await rig.env().runtime[Symbol.asyncDispose]()
    expect(await rig.left()).toEqual(NOTHING)
  })

  it.each([0, 500, 3000])('leaves nothing when its start is aborted after %i ms', async (ms) => {
    const aborted = await openRig()
    try {
      const started = kind.start(options, aborted.env(AbortSignal.timeout(ms)))
      // What is quicker than the signal has started; then its stop has to leave nothing.
      const failure = await started.then(
        async (target) => void (await target[Symbol.asyncDispose]()),
        (failure: unknown) => messageOf(failure),
      )
      if (kind.services(options).length > 0) expect(failure).toMatch(/abort|timeout/i)
      await aborted.env().runtime[Symbol.asyncDispose]()
      expect(await aborted.left()).toEqual(NOTHING)
    } finally {
      await aborted[Symbol.asyncDispose]()
    }
  })

  it('fails with the code not-ready, and leaves nothing, when its sink does not come up', async () => {
    if (!kind.services(options).includes('sink')) return
    // Nothing else comes up either, so that waiting for it would take too long.
    const down = await openRig((spec) =>
      spec.name === 'sink'
        ? { ...spec, command: ['/bin/false'] }
        : { ...spec, ready: () => Promise.resolve(false) },
    )
    try {
      await expect(kind.start(options, down.env())).rejects.toMatchObject({
        code: 'not-ready',
        message: expect.stringMatching(/^sink ended/) as unknown,
      })
      await down.env().runtime[Symbol.asyncDispose]()
      expect(await down.left()).toEqual(NOTHING)
    } finally {
      await down[Symbol.asyncDispose]()
    }
  })
})

/** The numbers of the one row of an answer, past the pipeline's own code. */
async function sql(port: number, query: string): Promise<number[]> {
  const response = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: query })
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text.trim().split('\t').map(Number)
}
