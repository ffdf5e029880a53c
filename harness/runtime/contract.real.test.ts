import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { within, until } from '../lib/until.ts'
import { hostOf, listenHost } from './addresses.ts'
import { contractRuntimes, type ContractRuntime, type Opened } from './contract.fixture.ts'
import type { Heal, Link, Runtime, Service, ServiceSpec } from './runtime.ts'
import { startParent } from './start-parent.fixture.ts'
import { testDirectory } from './test-support.fixture.ts'

const signal = new AbortController().signal
/** Long for a local answer, short for a test. */
const SILENCE_MS = 700

/** Milliseconds and what is said to whoever connects; rejects when nobody listens or nothing comes in time. */
async function ask(port: number, limitMs = 3000): Promise<{ said: string; ms: number }> {
  const startedAt = performance.now()
  const socket = connect(port, '127.0.0.1')
  let said = ''
  const ended = new Promise<void>((resolve, reject) => {
    socket
      .on('data', (chunk) => (said += chunk.toString()))
      .on('error', reject)
      .on('close', () => (said === '' ? reject(new Error('closed')) : resolve()))
  })
  try {
    await within(ended, limitMs, 'an answer')
  } finally {
    socket.destroy()
  }
  return { said, ms: performance.now() - startedAt }
}

/** Runs the same line of JavaScript in either runtime. */
function script(name: string, line: string, rest: Partial<ServiceSpec> = {}): ServiceSpec {
  const container = { image: 'worker', command: ['node', '-e', line] } as const
  const command = [process.execPath, '-e', line] as const
  return { name, command, container, readyTimeoutMs: 20_000, ...rest }
}

/** Says who it is, another one in every life, to whoever connects. */
async function listener(
  runtime: Runtime,
  name = 'listener.1',
  first = '',
): Promise<ServiceSpec & { port: number }> {
  const [port = 0] = await runtime.freePorts(1)
  const line = `${first}; const me = String(Math.random()); console.log('hello')
    require('net').createServer((s) => s.on('error', () => 0).end(me)).listen(${port}, '${listenHost(runtime)}')`
  const ready = async (): Promise<boolean> => (await ask(port)).said.length > 0
  return { ...script(name, line, { ports: [port], ready }), port }
}

function sure(heal: Heal | undefined): Heal {
  if (heal === undefined) throw new Error('the runtime cannot do this')
  return heal
}

describe.each(await contractRuntimes())('the $kind runtime', (subject: ContractRuntime) => {
  // Counted as skipped, never as passed.
  const it = test.skipIf(subject.skipped !== null)
  if (subject.skipped !== null)
    console.warn(`skipped the ${subject.kind} runtime: ${subject.skipped}`)
  let directory: string
  let runId: string
  let opened: Opened | undefined
  let runtime: Runtime
  beforeEach(async () => {
    if (subject.skipped !== null) return
    directory = testDirectory()
    runId = `contract-${subject.kind}-${Date.now().toString(36)}`
    opened = await subject.open(runId, directory)
    runtime = opened.runtime
  })
  afterEach(async () => {
    await opened?.[Symbol.asyncDispose]()
    opened = undefined
    if (subject.skipped === null) expect(await subject.left(runId)).toEqual([])
  })

  const logOf = (name: string): string => readFileSync(`${directory}/logs/${name}.log`, 'utf8')

  it('has a service ready and logged once start resolves, and nothing of it after its end', async () => {
    const spec = await listener(runtime)
    const service = await runtime.start(spec, signal)
    expect((await ask(spec.port)).said).toMatch(/^0\./)
    expect((await subject.left(runId)).join()).toContain('listener')
    await service[Symbol.asyncDispose]()
    await service[Symbol.asyncDispose]()
    expect(logOf('listener.1')).toBe('hello\n')
    await expect(ask(spec.port)).rejects.toThrow('ECONNREFUSED')
    expect((await subject.left(runId)).join()).not.toContain('listener')
  })

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'ends a service with %s and starts it again at the same address',
    async (name) => {
      const spec = await listener(runtime)
      const service = await runtime.start(spec, signal)
      const before = await ask(spec.port)
      const heal = sure(await service.kill?.(name))
      await expect(ask(spec.port)).rejects.toThrow(/ECONNREFUSED|ECONNRESET|closed/)
      expect(await service.usage()).toBeNull()
      await Promise.all([heal(), heal()])
      expect((await ask(spec.port)).said).not.toBe(before.said)
      expect(service.unexpectedExits()).toEqual([])
      expect(logOf('listener.1')).toBe('hello\nhello\n')
    },
  )

  it('ends and starts again a service that ignores the signal, and says so', async () => {
    const spec = await listener(runtime, 'deaf.1', `process.on('SIGTERM', () => 0)`)
    const service = await runtime.start({ ...spec, exitTimeoutMs: 400 }, signal)
    const before = await ask(spec.port)
    await expect(service.kill?.('SIGTERM')).rejects.toThrow('400 ms')
    expect((await ask(spec.port)).said).not.toBe(before.said)
    expect(service.unexpectedExits()).toEqual([])
    await sure(await service.kill?.('SIGKILL'))()
    await ask(spec.port)
  })

  it('keeps a service down until the last of two kills is healed', async () => {
    const spec = await listener(runtime)
    const service = await runtime.start(spec, signal)
    const first = sure(await service.kill?.('SIGKILL'))
    const second = sure(await service.kill?.('SIGKILL'))
    await first()
    await expect(ask(spec.port)).rejects.toThrow()
    await second()
    await ask(spec.port)
  })

  it('stops a service while it is paused, and lets it go on after the last heal', async () => {
    const spec = await listener(runtime)
    const service = await runtime.start(spec, signal)
    const before = await ask(spec.port, SILENCE_MS)
    const first = sure(await service.pause?.())
    const second = sure(await service.pause?.())
    await first()
    await expect(ask(spec.port, SILENCE_MS)).rejects.toThrow('longer than')
    await second()
    expect((await ask(spec.port)).said).toBe(before.said)
  })

  it('kills a paused service, whose heals then go through in any order', async () => {
    const spec = await listener(runtime)
    const service = await runtime.start(spec, signal)
    const resume = sure(await service.pause?.())
    const restart = sure(await service.kill?.('SIGKILL'))
    await resume()
    await restart()
    await ask(spec.port)
  })

  it('reports an exit that nobody asked for', async () => {
    const service = await runtime.start(
      script('short', 'setTimeout(() => process.exit(3), 300)'),
      signal,
    )
    await until(() => service.unexpectedExits().length > 0, { timeoutMs: 5000, what: 'the exit' })
    expect(service.unexpectedExits()).toEqual([{ code: 3, signal: null }])
  })

  it('accounts for CPU time and memory, over restarts too', async () => {
    const line = `Buffer.alloc(90e6, 1); for (const end = Date.now() + 500; Date.now() < end;);
      console.log('done'); setInterval(() => 0, 1000)`
    let lives = 1
    const ready = (): Promise<boolean> => Promise.resolve(logOf('busy') === 'done\n'.repeat(lives))
    const service = await runtime.start(script('busy', line, { ready }), signal)
    const before = await service.usage()
    expect(before?.cpuSeconds).toBeGreaterThan(0.1)
    expect(before?.cpuSeconds).toBeLessThan(5)
    expect(before?.peakBytes).toBeGreaterThan(90e6)
    expect(before?.peakBytes).toBeLessThan(400e6)
    const heal = sure(await service.kill?.('SIGKILL'))
    lives = 2
    await heal()
    const after = await service.usage()
    expect(after?.cpuSeconds).toBeGreaterThan((before?.cpuSeconds ?? 0) + 0.1)
  })

  it('fails a start that ends before it is ready, with the end of its log, and leaves nothing', async () => {
    const ready = (): Promise<boolean> => Promise.resolve(false)
    const spec = script('dead', 'console.error("bad flag"); process.exit(7)', { ready })
    await expect(runtime.start(spec, signal)).rejects.toMatchObject({
      code: 'not-ready',
      message: expect.stringMatching(/exit code 7[^]*bad flag/) as string,
    })
  })

  it('ends a start with its signal, and the service too', async () => {
    const abort = new AbortController()
    const ready = (): Promise<boolean> => new Promise(() => undefined)
    const start = runtime.start(
      script('slow', 'setInterval(() => 0, 1000)', { ready }),
      abort.signal,
    )
    setTimeout(() => abort.abort(new Error('stop it')), 500)
    await expect(start).rejects.toThrow('stop it')
  })

  describe('a link', () => {
    let link: Link
    let service: Service
    let direct: number
    let through: number
    beforeEach(async () => {
      if (subject.skipped !== null) return
      const spec = await listener(runtime)
      service = await runtime.start(spec, signal)
      direct = spec.port
      const listenPorts = await runtime.freePorts(1)
      const upstreams = [{ host: hostOf(runtime, spec.name), port: spec.port }]
      link = await runtime.link({ name: 'listener.1', upstreams, listenPorts }, signal)
      through = listenPorts[0] ?? 0
    })

    it('is reached by a service at the address that it tells', async () => {
      const [at] = link.listen
      const line = `require('net').connect(${at?.port}, '${at?.host}').on('data', (d) => console.log('heard ' + d))`
      await runtime.start(script('client', line), signal)
      const heard = (): boolean => logOf('client').includes('heard 0.')
      await until(heard, { timeoutMs: 5000, what: 'the client to hear' })
    })

    it('carries bytes and counts them once', async () => {
      const { said } = await ask(through)
      const counted = async (): Promise<boolean> => (await link.traffic()).bytes > 0
      await until(counted, { timeoutMs: 3000, what: 'the count' })
      expect(await link.traffic()).toEqual({ bytes: said.length })
    })

    it('is slowed by a latency toxic until it is healed, and nothing else is', async () => {
      const attributes = { latency: 400, jitter: 0 }
      const heal = await link.poison({ type: 'latency', stream: 'downstream', attributes })
      expect((await ask(through)).ms).toBeGreaterThan(395)
      expect((await ask(direct)).ms).toBeLessThan(300)
      await heal()
      await heal()
      expect((await ask(through)).ms).toBeLessThan(300)
      expect(runtime.doubts()).toEqual([])
    })

    it('shows the bytes of a service that has a network of its own', async () => {
      const before = (await service.usage())?.network
      if (runtime.kind === 'process') return expect(before).toBeUndefined()
      const { said } = await ask(direct)
      const after = (await service.usage())?.network
      const sent = (after?.sentBytes ?? 0) - (before?.sentBytes ?? 0)
      expect(sent).toBeGreaterThan(said.length)
      expect(sent).toBeLessThan(5000)
    })

    it('refuses connections while it is cut', async () => {
      const heal = await link.cut()
      await expect(ask(through)).rejects.toThrow(/ECONNREFUSED|ECONNRESET|closed/)
      await ask(direct)
      await heal()
      await ask(through)
    })

    it('goes on after its service was killed and started', async () => {
      await sure(await service.kill?.('SIGKILL'))()
      await ask(through)
    })

    it('reaches a service again after it was disconnected, if the runtime can do that', async () => {
      if (!runtime.capabilities.has('disconnect'))
        return expect('disconnect' in service).toBe(false)
      const heal = sure(await service.disconnect?.())
      await expect(ask(through, SILENCE_MS)).rejects.toThrow()
      await heal()
      await heal()
      await ask(through)
      await ask(direct)
    })
  })

  it('holds a service to a share of a core until it is healed, if the runtime can do that', async () => {
    const line = 'for (;;);'
    const service = await runtime.start(script('busy', line), signal)
    if (!runtime.capabilities.has('limit')) return expect('limit' in service).toBe(false)
    const shareOver = async (ms: number): Promise<number> => {
      const before = (await service.usage())?.cpuSeconds ?? 0
      const startedAt = performance.now()
      await new Promise((resolve) => setTimeout(resolve, ms))
      const after = (await service.usage())?.cpuSeconds ?? 0
      return ((after - before) * 1000) / (performance.now() - startedAt)
    }
    const weak = sure(await service.limit?.({ cpus: 0.1, memoryBytes: 200e6 }))
    const weaker = sure(await service.limit?.({ cpus: 0.05 }))
    expect(await shareOver(1000)).toBeLessThan(0.07)
    await weaker()
    const share = await shareOver(1000)
    expect(share).toBeLessThan(0.13)
    expect(share).toBeGreaterThan(0.07)
    await weak()
    expect(await shareOver(1000)).toBeGreaterThan(0.15)
  })

  it('leaves nothing within 20 s after its process was killed', async () => {
    const parent = await startParent(subject.kind, `${runId}-p`, 'started')
    expect((await subject.left(`${runId}-p`)).length).toBeGreaterThan(2)
    parent.kill('SIGKILL')
    const isGone = async (): Promise<boolean> => (await subject.left(`${runId}-p`)).length === 0
    try {
      await until(isGone, { timeoutMs: 20_000, what: 'everything to go', everyMs: 200 })
    } finally {
      await subject.clear(`${runId}-p`)
    }
  }, 90_000)
})
