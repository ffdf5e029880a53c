import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Link, Runtime, ServiceSpec } from '../runtime.ts'
import { startParent } from '../start-parent.fixture.ts'
import { testDirectory } from '../test-support.fixture.ts'
import { dockerRuntime } from './docker.ts'
import { dockerClient, type Docker } from './engine.ts'
import { whyNoContainers } from './local-images.fixture.ts'
import { dockerRuns, sweepRun, type DockerRun } from './sweep.ts'

const skipped = await whyNoContainers()
if (skipped !== null) console.warn(`skipped the tests of containers: ${skipped}`)
const it = test.skipIf(skipped !== null)
const signal = new AbortController().signal
const sleep = ['sleep', '600'] as const
let runId: string
let runtime: Runtime
let docker: Docker

beforeEach(async () => {
  if (skipped !== null) return
  runId = `docker-${Date.now().toString(36)}`
  docker = await dockerClient()
  runtime = await dockerRuntime({ runId, directory: testDirectory(), signal })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  if (skipped !== null) return
  await runtime[Symbol.asyncDispose]()
  await sweepRun(docker, `${runId}-dead`, { timeoutMs: 20_000 })
})

function sleeper(name: string, rest: Partial<ServiceSpec> = {}): ServiceSpec {
  const container = { image: 'worker', command: sleep } as const
  return { name, command: sleep, container, readyTimeoutMs: 5000, ...rest }
}

async function runOf(id: string): Promise<DockerRun | undefined> {
  return (await dockerRuns(docker)).find((run) => run.runId === id)
}

it('is on one network, published on 127.0.0.1 alone, and labelled with run and owner', async () => {
  const ports = await runtime.freePorts(2)
  await runtime.start(sleeper('kafka.1', { ports }), signal)
  const container = docker.getContainer(`freshet-${runId}-kafka-1`)
  const { NetworkSettings, HostConfig } = await container.inspect()
  expect(Object.keys(NetworkSettings.Networks)).toEqual([`freshet-${runId}`])
  const bindings = Object.values(NetworkSettings.Ports).flatMap((bound) => bound ?? [])
  expect(bindings).toEqual(
    ports.map((port) => ({ HostIp: '127.0.0.1', HostPort: String(port) })).sort(),
  )
  expect(HostConfig.Memory).toBeGreaterThan(0)
  const run = await runOf(runId)
  expect(run?.ownerAlive).toBe(true)
  expect(run?.things.map(({ kind }) => kind)).toEqual(['container', 'network'])
})

it('gives a container its files, and what it may read of ours', async () => {
  const path = fileURLToPath(import.meta.url)
  const command = ['sh', '-c', `cat /etc/greeting; head -n 1 ${path}; sleep 600`]
  const files = { '/etc/greeting': 'good morning\n' }
  const container = { image: 'worker', command, files, mounts: [path] } as const
  const logPath = `${runtime.directory}/logs/reader.log`
  const ready = (): Promise<boolean> =>
    Promise.resolve(
      readFileSync(logPath, 'utf8') ===
        `good morning\n${String(readFileSync(path)).split('\n')[0]}\n`,
    )
  await runtime.start(sleeper('reader', { container, ready }), signal)
})

it('names the variable for an image that is not here and cannot be pulled', async () => {
  vi.stubEnv('FRESHET_IMAGE_WORKER', '127.0.0.1:9/no/such:1')
  await expect(runtime.start(sleeper('one'), signal)).rejects.toMatchObject({
    code: 'environment',
    message: 'the image 127.0.0.1:9/no/such:1 is not here and cannot be pulled',
    hint: expect.stringContaining('FRESHET_IMAGE_WORKER') as string,
  })
})

it('names a port that is taken', async () => {
  const [port = 0] = await runtime.freePorts(1)
  const squatter = createServer().listen(port, '127.0.0.1')
  await once(squatter, 'listening')
  await expect(runtime.start(sleeper('one', { ports: [port] }), signal)).rejects.toMatchObject({
    code: 'environment',
    message: `one could not be started: port ${port} is taken`,
  })
  squatter.close()
})

it('names a program that the image lacks', async () => {
  const container = { image: 'worker', command: ['no-such-program'] } as const
  const spec = sleeper('one', { container, ready: () => Promise.resolve(false) })
  await expect(runtime.start(spec, signal)).rejects.toThrow(/no-such-program/)
})

it('refuses a service that says nothing of containers', async () => {
  const spec: ServiceSpec = { name: 'one', command: sleep, readyTimeoutMs: 100 }
  await expect(runtime.start(spec, signal)).rejects.toMatchObject({ code: 'environment' })
})

it('takes no limit that the engine refuses, and is as before', async () => {
  const service = await runtime.start(sleeper('one'), signal)
  await expect(service.limit?.({ memoryBytes: 1000 })).rejects.toThrow('6MB')
  const { HostConfig } = await docker.getContainer(`freshet-${runId}-one`).inspect()
  expect(HostConfig.Memory).toBeGreaterThan(1e9)
})

it('holds a service to its memory: more is an exit that nobody asked for', async () => {
  const line = 'setTimeout(() => Buffer.alloc(300e6, 1), 1500); setInterval(() => 0, 1000)'
  const container = { image: 'worker', command: ['node', '-e', line] } as const
  const service = await runtime.start(sleeper('eater', { container }), signal)
  await service.limit?.({ memoryBytes: 100e6 })
  await vi.waitUntil(() => service.unexpectedExits().length > 0, { timeout: 10_000 })
  expect(service.unexpectedExits()).toEqual([{ code: 137, signal: null }])
})

it('is swept by its label when nobody was left to do it, and other runs are let be', async () => {
  const dead = `${runId}-dead`
  const parent = await killedWithItsGuardian(dead)
  expect(parent.things.length).toBeGreaterThan(3)
  expect(await runOf(dead)).toEqual({ ...parent, ownerAlive: false })
  const removed = await sweepRun(docker, dead, { timeoutMs: 20_000 })
  expect([...removed].sort()).toEqual(
    parent.things.map(({ kind, name }) => `${kind} ${name}`).sort(),
  )
  expect(await runOf(dead)).toBeUndefined()
  expect((await runOf(runId))?.things.map(({ kind }) => kind)).toEqual(['network'])
})

// In the middle of whatever the engine is being asked for.
it.each([0, 100, 250, 500, 1000])(
  'leaves nothing when its process is killed %i ms into its start',
  async (ms) => {
    const parent = await startParent('docker', `${runId}-dead`, 'opened')
    await new Promise((resolve) => setTimeout(resolve, ms))
    parent.kill('SIGKILL')
    const hasGuardian = (): boolean => guardiansOf(`${runId}-dead`).length > 0
    await vi.waitUntil(() => !hasGuardian(), { timeout: 20_000, interval: 100 })
    expect(await runOf(`${runId}-dead`)).toBeUndefined()
  },
)

it('makes only the Toxiproxy anew that hangs, and only its link is in doubt', async () => {
  const open = async (name: string): Promise<Link> => {
    const listenPorts = await runtime.freePorts(1)
    const upstreams = [{ host: '127.0.0.1', port: 9 }]
    return runtime.link({ name, upstreams, listenPorts }, signal)
  }
  const [first, second] = [await open('first'), await open('second')]
  const attributes = { latency: 100, jitter: 0 }
  const heals = [
    await first.poison({ type: 'latency', stream: 'upstream', attributes }),
    await second.poison({ type: 'latency', stream: 'upstream', attributes }),
  ]
  await docker.getContainer(`freshet-${runId}-link-first`).pause()
  for (const heal of heals) await heal()
  expect(runtime.doubts()).toMatchObject([
    { detail: expect.stringContaining('link first') as string },
  ])
}, 30_000)

/** What the run had while its owner lived. */
async function killedWithItsGuardian(id: string): Promise<DockerRun> {
  const parent = await startParent('docker', id, 'started')
  const run = await runOf(id)
  if (run?.ownerAlive !== true) throw new Error('the owner is not seen to live')
  for (const pid of guardiansOf(id)) process.kill(pid, 'SIGKILL')
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  return run
}

function guardiansOf(id: string): readonly number[] {
  const isGuardian = (pid: string): boolean => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return words.some((word) => word.includes('guardian-main')) && words.includes(id)
    } catch {
      return false
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isGuardian(name))
    .map(Number)
}
