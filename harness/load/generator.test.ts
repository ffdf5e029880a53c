import { describe, expect, it } from 'vitest'
import type { Clock } from '../lib/clock.ts'
import {
  emptyLedger,
  firstEvents,
  NEVER,
  OUTCOMES,
  toMs,
  type Ledger,
  type Outcome,
} from '../run/ledger.ts'
import type { LoadPlan } from '../scenario/plan.ts'
import { Generator } from './generator.ts'
import { newCounts, type OutgoingEvent, type Producer } from './producer.ts'

const EPS = 1000
const COUNT = 2000
const PARTITIONS = 32
type Answer = Exclude<Outcome, 'unsent'>

/** Jumps to the end of every sleep. */
function jumpingClock(): Clock {
  let now = 0
  return {
    originNs: 0n,
    now: () => now,
    sleepUntil: (at) => {
      now = Math.max(now, at)
      return new Promise((resolve) => setImmediate(resolve))
    },
  }
}

function plan(change: Partial<LoadPlan> = {}, maxPending = 200_000): LoadPlan {
  return {
    segments: [{ startMs: 0, endMs: (COUNT / EPS) * 1000, fromEps: EPS, toEps: EPS }],
    keys: { seed: 1, count: 1000, distribution: 'uniform', skew: 1, hotShare: 0, hotWindows: [] },
    payloadBytes: 200,
    lanes: 2,
    producer: {
      client: 'kafkajs',
      lanes: 2,
      acks: 'all',
      idempotent: false,
      linger: 0,
      maxPending,
    },
    ...change,
  }
}

interface Sent {
  readonly partition: number
  readonly events: readonly OutgoingEvent[]
}

/** Spreads keys over the partitions and answers as it is told. */
function scripted(answer: (sent: Sent) => Promise<Answer>): Producer & { requests: Sent[] } {
  const requests: Sent[] = []
  return {
    requests,
    partitionOf: (key) => Number(key.slice(1)) % PARTITIONS,
    send: (_lane, partition, events) => {
      requests.push({ partition, events })
      return answer({ partition, events })
    },
    counts: newCounts().counts,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

async function drive(
  producer: Producer,
  load = plan(),
  endAtMs?: number,
): Promise<{ ledger: Ledger; driver: Generator }> {
  const ledger = emptyLedger(COUNT, load.lanes)
  const driver = new Generator({
    runId: 'r',
    plan: load,
    producer,
    ledger,
    clock: jumpingClock(),
    startMs: 0,
  })
  if (endAtMs !== undefined) driver.endAt(endAtMs)
  await driver.run()
  await driver.finish(100)
  return { ledger, driver }
}

const outcomes = (ledger: Ledger): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const code of ledger.outcome) {
    const name = OUTCOMES[code] ?? 'unknown'
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
const acked = (): Promise<Answer> => Promise.resolve('acked')
const never = (): Promise<Answer> => new Promise(() => undefined)

describe('the generator', () => {
  it('sends every event once, to the partition of its key, and keeps each outcome', async () => {
    const producer = scripted(({ partition }) =>
      Promise.resolve(partition === 3 ? 'rejected' : 'acked'),
    )
    const { ledger } = await drive(producer)
    const events = producer.requests.flatMap((one) => one.events)
    expect(new Set(events.map(({ index }) => index)).size).toBe(COUNT)
    expect(events.length).toBe(COUNT)
    const toThree = ledger.partition.filter((partition) => partition === 3).length
    expect(toThree).toBeGreaterThan(0)
    expect(outcomes(ledger)).toEqual({ acked: COUNT - toThree, rejected: toThree })
  })

  it('keeps the schedule when nothing is answered, and says of all that it sent that its fate is unknown', async () => {
    const { ledger } = await drive(scripted(never))
    for (let i = 0; i < COUNT; i += 1)
      expect(toMs(ledger.sent[i] ?? NEVER)).toBeCloseTo(toMs(ledger.intended[i] ?? NEVER), -1)
    expect(outcomes(ledger)).toEqual({ indeterminate: COUNT })
  })

  it('leaves unsent what comes due while as many events as it may hold wait', async () => {
    const { ledger, driver } = await drive(scripted(never), plan({}, 500))
    expect(outcomes(ledger)).toEqual({ indeterminate: 500, unsent: COUNT - 500 })
    expect(driver.progress()).toMatchObject({ unsent: COUNT - 500, indeterminate: 500, pending: 0 })
    expect(ledger.sent.filter((at) => at === NEVER).length).toBe(COUNT - 500)
  })

  it('sends one request at a time per lane and partition', async () => {
    const underWay = new Set<string>()
    let together = 0
    const producer = scripted(async ({ partition, events }) => {
      const name = `${events[0]?.lane}/${partition}`
      if (underWay.has(name)) together += 1
      underWay.add(name)
      await new Promise((resolve) => setImmediate(resolve))
      underWay.delete(name)
      return 'acked'
    })
    await drive(producer)
    expect(together).toBe(0)
  })

  it('goes on to the other partitions while half of them wait for a broker that is down', async () => {
    const down = (partition: number): boolean => partition < PARTITIONS / 2
    const { ledger } = await drive(
      scripted(({ partition }) => (down(partition) ? never() : acked())),
    )
    const toDown = ledger.partition.filter(down).length
    expect(outcomes(ledger)).toEqual({ acked: COUNT - toDown, indeterminate: toDown })
  })

  it('keeps requests far below what a broker takes, whatever the size of the events', async () => {
    for (const payloadBytes of [1, 5000]) {
      const producer = scripted(acked)
      await drive(producer, plan({ payloadBytes, keys: { ...plan().keys, count: 1 } }))
      const sizes = producer.requests.map(({ events }) =>
        events.reduce((sum, { value }) => sum + value.length, 0),
      )
      expect(Math.max(...sizes)).toBeLessThanOrEqual(100_000)
    }
  })

  it('keeps a count of its own that agrees with the ledger, whatever is answered after the end', async () => {
    const late: ((answer: Answer) => void)[] = []
    const answers: readonly ((sent: Sent) => Promise<Answer>)[] = [
      acked,
      () => Promise.resolve('rejected'),
      () => Promise.resolve('indeterminate'),
      () => new Promise((resolve) => late.push(resolve)),
    ]
    const producer = scripted((sent) => (answers[sent.partition] ?? never)(sent))
    const { ledger, driver } = await drive(producer, plan({}, 900))
    late.forEach((answer) => answer('acked'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(late).not.toEqual([])
    expect(driver.tally).toEqual({ offered: COUNT, ...outcomes(ledger) })
  })

  it('schedules nothing from the end that it is given on', async () => {
    const producer = scripted(acked)
    const { ledger, driver } = await drive(producer, plan(), 700)
    expect(driver.count).toBe(700)
    expect(driver.progress()).toMatchObject({ offered: 700, acked: 700, unsent: 0 })
    expect(outcomes(firstEvents(ledger, driver.count))).toEqual({ acked: 700 })
  })

  it('keeps what has come due when the end that it is given is past', async () => {
    const { driver } = await drive(scripted(acked))
    driver.endAt(100)
    expect(driver.count).toBe(COUNT)
  })
})
