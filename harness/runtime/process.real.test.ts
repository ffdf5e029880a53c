import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../lib/until.ts'
import { Journal, readJournal } from './journal.ts'
import { familyOf, statOf } from './proc.ts'
import { processRuntime } from './process.ts'
import type { Runtime, Service, ServiceSpec } from './runtime.ts'
import { nodeSpec, testDirectory } from './test-support.fixture.ts'

const signal = new AbortController().signal
let directory: string
let journal: Journal
let runtime: Runtime

beforeEach(async () => {
  directory = testDirectory()
  journal = Journal.open('test', directory)
  runtime = await processRuntime({ directory, journal, toxiproxyPath: 'none', signal })
})
afterEach(async () => {
  await runtime[Symbol.asyncDispose]()
  journal.close()
})

/** A listener that writes its pid to whoever connects. */
async function listener(): Promise<ServiceSpec & { readonly pid: () => Promise<number> }> {
  const [port = 0] = await runtime.freePorts(1)
  const script = `console.log('hello'); require('net').createServer((s) => s.end(String(process.pid))).listen(${port}, '127.0.0.1')`
  const pid = (): Promise<number> => ask(port).then(Number)
  return { ...nodeSpec('listener', script, { ready: async () => (await pid()) > 0 }), pid }
}

function ask(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1')
    socket
      .on('data', (chunk) => (text += chunk.toString()))
      .on('end', () => resolve(text))
      .on('error', reject)
  })
}

function runningPids(): readonly number[] {
  return readJournal(journal.path)?.running.map((one) => one.pid) ?? []
}

async function pauseOf(service: Service): Promise<() => Promise<void>> {
  const heal = await service.pause?.()
  if (heal === undefined) throw new Error('no pause')
  return heal
}

describe('what the services stored', () => {
  test.each([
    [false, false],
    [true, true],
  ])('told to keep it: %s, is there after the run: %s', async (keepData, isThere) => {
    const own = await processRuntime({
      directory,
      journal,
      toxiproxyPath: 'none',
      signal,
      keepData,
    })
    mkdirSync(own.dataDirectory)
    writeFileSync(`${own.dataDirectory}/segment`, 'events')
    await own[Symbol.asyncDispose]()
    expect(existsSync(`${own.dataDirectory}/segment`)).toBe(isThere)
  })
})

describe('a service', () => {
  test('is ready, in the journal and logged once start resolves', async () => {
    const spec = await listener()
    await runtime.start(spec, signal)
    expect(runningPids()).toEqual([await spec.pid()])
    expect(readFileSync(`${directory}/logs/listener.log`, 'utf8')).toBe('hello\n')
  })

  test('is gone after kill, and another process answers after the heal', async () => {
    const spec = await listener()
    const service = await runtime.start(spec, signal)
    const before = await spec.pid()
    const heal = await service.kill?.('SIGKILL')
    expect(statOf(before)).toBeNull()
    expect(await service.usage()).toBeNull()
    await Promise.all([heal?.(), heal?.()])
    await heal?.()
    expect(await spec.pid()).not.toBe(before)
    expect(runningPids()).toEqual([await spec.pid()])
    expect(service.unexpectedExits()).toEqual([])
    expect(runtime.doubts()).toEqual([])
  })

  test('that ignores the signal is ended, started again, and the call says so', async () => {
    const spec = await listener()
    const [program, flag, script] = spec.command
    const deaf = [program, flag ?? '', `process.on('SIGTERM', () => 0); ${script}`] as const
    const service = await runtime.start({ ...spec, command: deaf, exitTimeoutMs: 300 }, signal)
    const before = await spec.pid()
    await expect(service.kill?.('SIGTERM')).rejects.toThrow('300 ms for listener to end')
    expect(statOf(before)).toBeNull()
    expect(await spec.pid()).not.toBe(before)
    const heal = await service.kill?.('SIGKILL')
    await heal?.()
    expect(await spec.pid()).toBeGreaterThan(0)
    expect(service.unexpectedExits()).toEqual([])
  })

  test('stays down until the last of two kills is healed', async () => {
    const spec = await listener()
    const service = await runtime.start(spec, signal)
    const first = await service.kill?.('SIGKILL')
    const second = await service.kill?.('SIGTERM')
    await first?.()
    await expect(spec.pid()).rejects.toThrow('ECONNREFUSED')
    await second?.()
    expect(await spec.pid()).toBeGreaterThan(0)
  })

  test('is stopped with its children while paused, and goes on after the heal', async () => {
    const service = await runtime.start(
      {
        name: 'tree',
        command: ['sh', '-c', 'setsid sleep 60 & sleep 60 & wait'],
        readyTimeoutMs: 100,
      },
      signal,
    )
    const [pid = 0] = runningPids()
    const family = () => familyOf({ pid, startTime: statOf(pid)?.startTime ?? 0 })
    await until(() => family().length === 3, { timeoutMs: 2000, what: 'the children' })
    const heal = await pauseOf(service)
    expect(family().map((stat) => stat.state)).toEqual(['T', 'T', 'T'])
    await heal()
    expect(family().map((stat) => stat.state)).not.toContain('T')
    await heal()
    await service[Symbol.asyncDispose]()
    expect(family()).toEqual([])
  })

  test('that died while paused is healed without error', async () => {
    const spec = await listener()
    const service = await runtime.start(spec, signal)
    const heal = await pauseOf(service)
    const restart = await service.kill?.('SIGKILL')
    await heal()
    await restart?.()
    expect(await spec.pid()).toBeGreaterThan(0)
  })

  test('reports an exit that nobody asked for', async () => {
    const service = await runtime.start(
      nodeSpec('short', 'setTimeout(() => process.exit(3), 50)'),
      signal,
    )
    await until(() => service.unexpectedExits().length > 0, { timeoutMs: 3000, what: 'the exit' })
    expect(service.unexpectedExits()).toEqual([{ code: 3, signal: null }])
    expect(runtime.doubts()).toEqual([
      { code: 'client-died', detail: 'short ended by itself (exit code 3)' },
    ])
    expect(runningPids()).toEqual([])
  })

  test('has used CPU time and memory, over restarts too', async () => {
    const spec = await listener()
    const service = await runtime.start(spec, signal)
    const before = await service.usage()
    const heal = await service.kill?.('SIGKILL')
    await heal?.()
    const after = await service.usage()
    expect(before?.peakBytes).toBeGreaterThan(10e6)
    expect(after?.cpuSeconds).toBeGreaterThan(before?.cpuSeconds ?? Infinity)
  })
})

describe('a start that fails', () => {
  test('shows the end of the log and leaves nothing', async () => {
    const spec = nodeSpec('slow', 'console.log("out of paper"); setInterval(() => 0, 1000)', {
      ready: () => Promise.resolve(false),
      readyTimeoutMs: 400,
    })
    await expect(runtime.start(spec, signal)).rejects.toThrow(
      /400 ms for slow to be ready[^]*out of paper/,
    )
    expect(runningPids()).toEqual([])
  })

  test('fails at once when the process ends', async () => {
    const spec = nodeSpec('dead', 'console.error("bad flag"); process.exit(7)', {
      ready: () => Promise.resolve(false),
      readyTimeoutMs: 60_000,
    })
    await expect(runtime.start(spec, signal)).rejects.toMatchObject({
      code: 'not-ready',
      message: expect.stringMatching(/exit code 7[^]*bad flag/) as string,
    })
  })

  test('names a program that is not there', async () => {
    const spec: ServiceSpec = { name: 'none', command: ['/nowhere/program'], readyTimeoutMs: 100 }
    await expect(runtime.start(spec, signal)).rejects.toMatchObject({ code: 'environment' })
  })

  test('ends with the signal, and the process too', async () => {
    const abort = new AbortController()
    const spec = nodeSpec('slow', 'setInterval(() => 0, 1000)', {
      ready: () => new Promise(() => undefined),
    })
    const start = runtime.start(spec, abort.signal)
    setTimeout(() => abort.abort(new Error('stop it')), 100)
    await expect(start).rejects.toThrow('stop it')
    expect(runningPids()).toEqual([])
  })
})

test('disposing ends even those who ignore SIGTERM or are stopped', async () => {
  const deaf = await runtime.start(
    {
      name: 'deaf',
      command: ['sh', '-c', 'trap "" TERM; sleep 60; sleep 60'],
      readyTimeoutMs: 100,
    },
    signal,
  )
  const stopped = await runtime.start(
    { name: 'stopped', command: ['sleep', '60'], readyTimeoutMs: 100 },
    signal,
  )
  await pauseOf(stopped)
  const heal = await deaf.kill?.('SIGKILL')
  await heal?.()
  const pids = runningPids()
  await runtime[Symbol.asyncDispose]()
  expect(pids.map(statOf)).toEqual([null, null])
  expect(runningPids()).toEqual([])
  await heal?.()
}, 15_000)

test('free ports are free, outside the ephemeral range and never given twice', async () => {
  const ports = (await Promise.all([runtime.freePorts(50), runtime.freePorts(50)])).flat()
  expect(new Set(ports).size).toBe(100)
  expect(ports.every((port) => port >= 20_000 && port <= 32_000)).toBe(true)
  const server = createServer()
  await new Promise<void>((resolve, reject) =>
    server.on('error', reject).listen(ports[0], '127.0.0.1', resolve),
  )
  server.close()
})
