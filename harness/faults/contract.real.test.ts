import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { until } from '../lib/until.ts'
import { cachePaths } from '../setup/paths.ts'
import { breachesOf, healAfterDeath, makeWorld, type World } from './contract.fixture.ts'
import type { Fault, Injected } from './fault.ts'
import { faults } from './index.ts'
import { kill } from './kill.ts'

/** Strong enough to show in a single answer; a fault without options needs none here. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  latency: { delay: '900ms' },
  bandwidth: { perSecond: '1KiB' },
  'hot-key': { share: '80%' },
  rate: { factor: 2 },
}
const optionsOf = ({ kind }: Fault): Readonly<Record<string, unknown>> => OPTIONS[kind] ?? {}

// Before the tests move the cache.
const { toxiproxy } = cachePaths()
let world: World
beforeEach(async () => {
  world = await makeWorld(toxiproxy)
})
afterEach(() => world[Symbol.asyncDispose]())

// The registry's members take their own options: `optionsOf` gives them.
const registry = faults as readonly unknown[] as readonly Fault[]

describe.each(registry.map((fault) => [fault.kind, fault] as const))('%s', (_, fault) => {
  it('is in force when it says so, gone when healed, and leaves nothing', async () => {
    expect(await breachesOf(fault, optionsOf(fault), world)).toEqual([])
  })

  it('heals although its subject died', async () => {
    await healAfterDeath(fault, optionsOf(fault), world)
    // A paused service that died stays dead: only a kill promises to start it again.
    if (fault.kind !== 'pause') expect(await world.isNormal()).toBe(true)
  })
})

describe('kill', () => {
  const SIGKILL = { signal: 'SIGKILL' } as const
  const killed = (): Promise<Injected> =>
    kill.inject(SIGKILL, { name: 'any', system: world.system })

  it('does not claim the end of a service that had died by itself, and starts it again', async () => {
    const service = await world.system.service('any')
    world.killSubject('service')
    await until(() => service.endedItself(), { timeoutMs: 5000, what: 'the end to be seen' })
    const injected = await killed()
    expect(await injected.evidence()).toEqual({
      acted: false,
      detail: 'echo had ended by itself before it was sent SIGKILL',
    })
    await injected.heal()
    expect(await world.isNormal()).toBe(true)
  })

  it('is in force on a service that another kill holds down', async () => {
    const [first, second] = [await killed(), await killed()]
    expect(await second.evidence()).toMatchObject({ acted: true })
    await first.heal()
    expect(await world.isNormal()).toBe(false)
    await second.heal()
  })
})

describe('the suite catches a fault that', () => {
  const nothing = { heal: () => Promise.resolve() }
  const evidence = (detail: string) => () => Promise.resolve({ acted: true, detail })
  const wrong = (inject: Fault['inject'], needs: Fault['needs'] = ['link']): Fault => ({
    kind: 'wrong',
    summary: 'For tests.',
    options: z.strictObject({}),
    needs,
    subject: 'link',
    inject,
  })
  const slow = { type: 'latency', stream: 'downstream', attributes: { latency: 900 } } as const

  it.each([
    [
      'claims to be in force and does nothing',
      wrong(() => Promise.resolve({ ...nothing, evidence: evidence('honest') })),
      'injected, but not in force',
    ],
    [
      'heals without taking its effect away',
      wrong(async (_, { system }) => {
        await system.link('way').poison(slow)
        return { ...nothing, evidence: evidence('slow') }
      }),
      'healed, but its effect is still there',
    ],
    [
      'cannot be healed twice',
      wrong(async (_, { system }) => {
        const heal = await system.link('way').poison(slow)
        let times = 0
        const once = (): Promise<void> =>
          (times += 1) > 1 ? Promise.reject(new Error('gone')) : heal()
        return { heal: once, evidence: evidence('slow') }
      }),
      'its first heal failed: gone',
    ],
    [
      'has nothing to show for itself',
      wrong(async (_, { system }) => ({
        heal: await system.link('way').cut(),
        evidence: evidence(' '),
      })),
      'its evidence says nothing',
    ],
    [
      'reaches for what it does not declare',
      wrong(async (_, { system }) => {
        const heal = await system.link('way').cut()
        return { heal, evidence: evidence('cut') }
      }, []),
      'it needs link and does not say so',
    ],
  ])('%s', async (_, fault, breach) => {
    expect(await breachesOf(fault, {}, world)).toContain(breach)
  })
})
