import { expect, it } from 'vitest'
import * as z from 'zod'
import type { Fault, Injected } from '../faults/fault.ts'
import { monotonicClock } from '../lib/clock.ts'
import type { LogEntry } from './log.ts'
import { playFaults } from './timeline.ts'

const NOTHING_THERE = new Error('this system has nothing')
const raise = (failure: Error): never => {
  throw failure
}
const LIMITS = { injectMs: 20, healMs: 40 }

/** Plays one fault whose injection is the given promise; what was logged of it, in a line each. */
async function play(inject: () => Promise<Injected>): Promise<string[]> {
  const fault: Fault = {
    kind: 'odd',
    summary: 'For tests.',
    options: z.strictObject({}),
    needs: [],
    subject: 'none',
    inject,
  }
  const log: LogEntry[] = []
  await playFaults([{ id: 'odd', fault: 'odd', at: 0, for: 1, injectAt: 0, healAt: 1 }], {
    faults: [fault],
    system: { service: () => Promise.reject(NOTHING_THERE), link: () => raise(NOTHING_THERE) },
    clock: monotonicClock(),
    startMs: 0,
    signal: new AbortController().signal,
    log: (entry) => log.push(entry),
    limits: LIMITS,
  })
  return log.flatMap((entry) =>
    entry.type === 'fault' ? [entry.edge] : entry.type === 'doubt' ? [entry.code] : [],
  )
}
const evidence = (): ReturnType<Injected['evidence']> =>
  Promise.resolve({ acted: true, detail: 'it acted' })

it('heals a fault that comes into force after it was given up', async () => {
  let healed = 0
  const late = new Promise<Injected>((resolve) =>
    setTimeout(() => resolve({ heal: async () => void (healed += 1), evidence }), 30),
  )
  expect(await play(() => late)).toEqual(['injecting', 'failed', 'fault-not-in-force'])
  expect(healed).toBe(1)
})

it('says so when a fault never comes into force and never gives up', async () => {
  const log = await play(() => new Promise(() => undefined))
  expect(log).toEqual(['injecting', 'failed', 'fault-not-in-force', 'heal-unconfirmed'])
})

it('says so when a heal takes too long', async () => {
  const log = await play(() =>
    Promise.resolve({ heal: () => new Promise(() => undefined), evidence }),
  )
  expect(log).toEqual(['injecting', 'in-force', 'healing', 'failed', 'heal-unconfirmed'])
})

it('doubts a fault that did not act', async () => {
  const log = await play(() =>
    Promise.resolve({
      heal: () => Promise.resolve(),
      evidence: () => Promise.resolve({ acted: false, detail: 'nothing came by' }),
    }),
  )
  expect(log).toEqual(['injecting', 'in-force', 'fault-not-in-force', 'healing', 'healed'])
})
