import { expect, test } from 'vitest'
import type { Sink } from '../../targets/target.ts'
import { until } from '../lib/until.ts'
import { emptyLedger, toMs, type Ledger } from '../run/ledger.ts'
import { LandingProbe } from './landing.ts'

/** A clock that a test moves by hand; sleeping is over at once. */
class HandClock {
  ms = 0
  readonly originNs = 0n
  readonly now = (): number => this.ms
  readonly sleepUntil = (at: number): Promise<void> => {
    this.ms = Math.max(this.ms, at)
    return new Promise((resolve) => setImmediate(resolve))
  }
}

const NONE = { lane: new Uint16Array(0), seq: new Uint32Array(0) }
const EVENT = { lane: Uint16Array.of(0), seq: Uint32Array.of(0) }
const sinkOf = (landed: Sink['landed']): Sink => ({
  landed,
  audit: () => Promise.reject(new Error('not asked for')),
  [Symbol.asyncDispose]: () => Promise.resolve(),
})

/** The first probe sees nothing; the second lists event 0 after 7 ms and reads its row for 80 ms more. */
async function probed(says: boolean): Promise<Ledger> {
  const clock = new HandClock()
  let polls = 0
  const sink = sinkOf((_, visible) => {
    polls += 1
    if (polls !== 2) return Promise.resolve(NONE)
    clock.ms += 7
    if (says) visible?.()
    clock.ms += 80
    return Promise.resolve(EVENT)
  })
  const ledger = emptyLedger(1, 1)
  const probe = new LandingProbe({ sink, ledger, clock, intervalMs: 100, log: () => undefined })
  probe.start()
  await until(() => polls > 2, { timeoutMs: 5000, what: 'a third probe' })
  await probe.stop()
  return ledger
}

test('the bracket ends when the sink knew that the row was visible, not when it had read it', async () => {
  const { landed, absent } = await probed(true)
  expect([toMs(absent[0] ?? 0), toMs(landed[0] ?? 0)]).toEqual([0, 107])
})
test('the bracket ends with the answer where the sink does not say', async () => {
  const { landed, absent } = await probed(false)
  expect([toMs(absent[0] ?? 0), toMs(landed[0] ?? 0)]).toEqual([0, 187])
})

test('an event that lands after the last probe is seen by the one at the stop', async () => {
  const clock = new HandClock()
  const ledger = emptyLedger(1, 1)
  let [polls, hasLanded] = [0, false]
  const sink = sinkOf(() => ((polls += 1), Promise.resolve(hasLanded ? EVENT : NONE)))
  const probe = new LandingProbe({ sink, ledger, clock, intervalMs: 100, log: () => undefined })
  probe.start()
  await until(() => polls > 2, { timeoutMs: 5000, what: 'a third probe' })
  const stopping = probe.stop()
  hasLanded = true
  await stopping
  expect(probe.landed).toBe(1)
})
