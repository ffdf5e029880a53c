import { existsSync } from 'node:fs'
import { createServer, connect, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { until } from '../lib/until.ts'
import { cachePaths } from '../setup/paths.ts'
import { Journal, readJournal } from './journal.ts'
import { statOf } from './proc.ts'
import { processRuntime } from './process.ts'
import type { Endpoint, Link, Runtime, Toxic } from './runtime.ts'
import { testDirectory } from './test-support.fixture.ts'

// Before the tests move the cache.
const toxiproxyPath = cachePaths().toxiproxy
const slow: Toxic = {
  type: 'latency',
  stream: 'downstream',
  attributes: { latency: 200, jitter: 0 },
}
const signal = new AbortController().signal
let journal: Journal
let runtime: Runtime
let echo: Server
let link: Link

beforeEach(async () => {
  expect(existsSync(toxiproxyPath), `${toxiproxyPath} is there`).toBe(true)
  const directory = testDirectory()
  journal = Journal.open('test', directory)
  runtime = await processRuntime({ directory, journal, toxiproxyPath, signal })
  const [port = 0, ...listenPorts] = await runtime.freePorts(3)
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen(
    port,
    '127.0.0.1',
  )
  const upstream = { host: '127.0.0.1', port }
  link = await runtime.link({ name: 'sink', upstreams: [upstream, upstream], listenPorts }, signal)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await runtime[Symbol.asyncDispose]()
  journal.close()
  echo.close()
})

/** Milliseconds for 1000 bytes there and back over a connection of its own. */
function roundTripMs(endpoint: Endpoint | undefined): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    let bytes = 0
    const socket: Socket = connect(endpoint?.port ?? 0, endpoint?.host)
    socket
      .on('error', reject)
      .on('close', () =>
        bytes < 1000 ? reject(new Error('closed')) : resolve(performance.now() - startedAt),
      )
    socket.on('data', (chunk) => {
      bytes += chunk.length
      if (bytes >= 1000) socket.end()
    })
    socket.write(Buffer.alloc(1000))
  })
}
const roundTrips = (): Promise<number[]> => Promise.all(link.listen.map(roundTripMs))

test('a link carries bytes on every proxy and counts them once', async () => {
  await roundTrips()
  await until(async () => (await link.traffic()).bytes >= 4000, {
    timeoutMs: 3000,
    what: 'the count',
  })
  expect(await link.traffic()).toEqual({ bytes: 4000 })
})

test('a latency toxic delays every proxy until it is healed', async () => {
  const heal = await link.poison(slow)
  for (const ms of await roundTrips()) expect(ms).toBeGreaterThan(195)
  await heal()
  await heal()
  for (const ms of await roundTrips()) expect(ms).toBeLessThan(150)
  expect(runtime.doubts()).toEqual([])
})

test('two toxics of one type are healed apart', async () => {
  const first = await link.poison(slow)
  const second = await link.poison(slow)
  await first()
  for (const ms of await roundTrips()) expect(ms).toBeGreaterThan(195)
  await second()
})

test('a cut link refuses connections until it is healed', async () => {
  const heal = await link.cut()
  await expect(roundTripMs(link.listen[0])).rejects.toThrow('ECONNREFUSED')
  await heal()
  await roundTrips()
})

test('a wrong toxic fails with the words of the server and leaves nothing', async () => {
  const wrong: Toxic = { type: 'latency', stream: 'downstream', attributes: { latency: 0.5 } }
  await expect(link.poison(wrong)).rejects.toThrow(/answered 400: .*error/)
  await roundTrips()
  expect(runtime.doubts()).toEqual([])
})

test('when toxics cannot be removed, the server is made anew, once, and the run is in doubt', async () => {
  await roundTrips()
  const heals = [await link.poison(slow), await link.poison(slow)]
  vi.stubEnv('FRESHET_TEST_WEDGE_TOXICS', '1')
  await Promise.all(heals.map((heal) => heal()))
  for (const ms of await roundTrips()) expect(ms).toBeLessThan(150)
  expect(runtime.doubts()).toMatchObject([{ code: 'heal-unconfirmed' }])
  await until(async () => (await link.traffic()).bytes >= 8000, {
    timeoutMs: 3000,
    what: 'the count',
  })
})

function signalToxiproxy(name: NodeJS.Signals): void {
  for (const one of readJournal(journal.path)?.running ?? []) process.kill(one.pid, name)
}

test('a heal goes through although the server hangs', async () => {
  const heal = await link.poison(slow)
  signalToxiproxy('SIGSTOP')
  // Until one of its threads has taken the signal, the others go on answering.
  const states = (): unknown =>
    readJournal(journal.path)?.running.map(({ pid }) => statOf(pid)?.state)
  await vi.waitFor(() => expect(states()).toEqual(['T']), { interval: 5 })
  await heal()
  for (const ms of await roundTrips()) expect(ms).toBeLessThan(150)
  expect(runtime.doubts()).toMatchObject([
    { detail: expect.stringContaining('limit 5000 ms') as string },
  ])
}, 20_000)

test('a heal goes through although the server died, and its death is a doubt', async () => {
  const heal = await link.cut()
  signalToxiproxy('SIGKILL')
  await heal()
  await roundTrips()
  const details = runtime.doubts().map((doubt) => doubt.detail)
  expect(details).toEqual([
    expect.stringContaining('made anew'),
    'Toxiproxy ended by itself (SIGKILL)',
  ])
})

test('a heal after the end of the runtime has nothing to do', async () => {
  const heals = [await link.poison(slow), await link.cut()]
  await runtime[Symbol.asyncDispose]()
  for (const heal of heals) await heal()
  await link[Symbol.asyncDispose]()
})
