import { connect, type Socket } from 'node:net'
import { FreshetError, messageOf } from '../lib/errors.ts'
import { Scope } from '../lib/scope.ts'
import { Journal, readJournal } from '../runtime/journal.ts'
import { processRuntime } from '../runtime/process.ts'
import { until } from '../lib/until.ts'
import type { Endpoint, Runtime, Service } from '../runtime/runtime.ts'
import { nodeSpec, testDirectory } from '../runtime/test-support.fixture.ts'
import type { Fault, Injected, System } from './fault.ts'

/** A service that echoes, behind a link: the smallest system in which every fault shows. */
export interface World extends AsyncDisposable {
  readonly system: System
  readonly runtime: Runtime
  /** Kilobyte there and back, in time, over a connection of its own. */
  isNormal(): Promise<boolean>
  /** Resolves once Toxiproxy has counted a connection that was closed. */
  untilCounted(): Promise<void>
  /** Ends what a fault's subject is made of, from outside. */
  killSubject(subject: Fault['subject']): void
  running(): readonly string[]
}

const BYTES = 1000
/** Half of what the mildest fault of the suite costs, many times what the way costs without one. */
const NORMAL_MS = 400

export async function makeWorld(toxiproxyPath: string): Promise<World> {
  const scope = new Scope()
  const { signal } = new AbortController()
  const directory = testDirectory()
  const journal = Journal.open('contract', directory)
  scope.defer(async () => journal.close())
  const runtime = scope.use(await processRuntime({ directory, journal, toxiproxyPath, signal }))
  const [port = 0, listen = 0] = await runtime.freePorts(2)
  const upstream = { host: '127.0.0.1', port }
  const script = `require('net').createServer((s) => s.on('error', () => 0).pipe(s)).listen(${port}, '127.0.0.1')`
  const open = new Set<Socket>()
  scope.defer(async () => open.forEach((socket) => socket.destroy()))
  const ready = (): Promise<boolean> => echoes(upstream, open)
  const service = await runtime.start(nodeSpec('echo', script, { ready }), signal)
  const link = await runtime.link(
    { name: 'way', upstreams: [upstream], listenPorts: [listen] },
    signal,
  )
  const entries = (): NonNullable<ReturnType<typeof readJournal>>['running'] =>
    readJournal(journal.path)?.running ?? []
  return {
    system: { service: () => Promise.resolve(service), link: () => link },
    runtime,
    isNormal: () => echoes({ host: '127.0.0.1', port: listen }, open),
    untilCounted: () =>
      until(async () => (await link.traffic()).bytes >= 2 * BYTES, {
        timeoutMs: 5000,
        what: 'the kilobyte to be counted',
        everyMs: 5,
      }),
    killSubject: (subject) => {
      if (subject !== 'service' && subject !== 'link') return
      const name = subject === 'service' ? 'echo' : 'toxiproxy'
      for (const one of entries()) if (one.name === name) process.kill(one.pid, 'SIGKILL')
    },
    running: () =>
      entries()
        .map(({ name }) => name)
        .sort(),
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  }
}

/** Whether a kilobyte comes back in time. What is too late may still come: nobody breaks off what a toxic holds back. */
function echoes({ host, port }: Endpoint, open: Set<Socket>): Promise<boolean> {
  return new Promise((resolve) => {
    let bytes = 0
    const socket = connect(port, host)
    open.add(socket)
    const timer = setTimeout(() => resolve(false), NORMAL_MS)
    socket
      .on('error', () => socket.destroy())
      .on('data', (chunk) => {
        bytes += chunk.length
        if (bytes >= BYTES) socket.destroy()
      })
      .on('close', () => {
        clearTimeout(timer)
        open.delete(socket)
        resolve(bytes >= BYTES)
      })
    socket.write(Buffer.alloc(BYTES))
  })
}

type Options = Readonly<Record<string, unknown>>

/** How a fault breaks its contract; empty when it keeps it. */
export async function breachesOf(fault: Fault, options: Options, world: World): Promise<string[]> {
  const breaches: string[] = []
  const expected = (holds: boolean, what: string): void => void (holds || breaches.push(what))
  const disturbs = fault.subject === 'service' || fault.subject === 'link'
  expected(await world.isNormal(), 'the world is disturbed before anything was done to it')
  await world.untilCounted()
  const injected = await inject(fault, options, world.system)
  expected((await world.isNormal()) !== disturbs, 'injected, but not in force')
  const evidence = await injected.evidence()
  expected(evidence.acted, `it acted, and its evidence denies it: ${evidence.detail}`)
  expected(evidence.detail.trim() !== '', 'its evidence says nothing')
  for (const turn of ['first', 'second'])
    await Promise.all([injected.heal(), injected.heal()]).catch((failure: unknown) =>
      breaches.push(`its ${turn} heal failed: ${messageOf(failure)}`),
    )
  expected(await world.isNormal(), 'healed, but its effect is still there')
  expected(world.running().join() === 'echo,toxiproxy', `left running: ${world.running().join()}`)
  for (const doubt of world.runtime.doubts()) breaches.push(`it left a doubt: ${doubt.detail}`)
  return [...breaches, ...(await greedOf(fault, options))]
}

/** A heal must come through although its subject died meanwhile. */
export async function healAfterDeath(fault: Fault, options: Options, world: World): Promise<void> {
  await world.isNormal()
  const { heal } = await inject(fault, options, world.system)
  world.killSubject(fault.subject)
  await heal()
  await heal()
}

const inject = async (fault: Fault, options: Options, system: System): Promise<Injected> =>
  fault.inject(fault.options.parse(options), { name: 'any', system })

/** What it reaches for and does not declare, seen on subjects that can do nothing. */
async function greedOf(fault: Fault, options: Options): Promise<string[]> {
  const reached = new Set<string>()
  const refuse = (need: string) => (): never => {
    reached.add(need)
    throw new FreshetError('usage', `asked for ${need}`)
  }
  const service: Service = {
    name: 'bare',
    endedItself: () => false,
    unexpectedExits: () => [],
    usage: () => Promise.resolve(null),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const able: Service = { ...service, kill: refuse('kill'), pause: refuse('pause') }
  const link = refuse('link')
  const systems = [able, service].map((one): System => ({
    service: () => Promise.resolve(one),
    link,
  }))
  const outcomes = await Promise.allSettled(systems.map((one) => inject(fault, options, one)))
  const [, bare] = outcomes
  const undeclared = [...reached].filter((need) => !fault.needs.some((one) => one === need))
  return [
    ...undeclared.map((need) => `it needs ${need} and does not say so`),
    ...(fault.needs.length > 0 && bare?.status === 'fulfilled'
      ? ['it came into force on a subject that lacks what it needs']
      : []),
  ]
}
