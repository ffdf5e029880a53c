import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { diagnose } from './diagnose.ts'
import { probeEngine } from './probe.ts'

let socket: string
let server: Server | undefined

beforeEach(() => {
  socket = join(mkdtempSync(join(tmpdir(), 'freshet-probe-')), 'docker.sock')
  vi.stubEnv('DOCKER_HOST', `unix://${socket}`)
})
afterEach(() => {
  vi.unstubAllEnvs()
  server?.closeAllConnections()
  server?.close()
  server = undefined
})

function engine(answers: Readonly<Record<string, string>>): Promise<void> {
  server = createServer(({ url = '' }, response) => response.end(answers[url] ?? ''))
  return new Promise((resolve) => server?.listen(socket, resolve))
}
const info = { DockerRootDir: tmpdir(), SecurityOptions: ['name=rootless'], MemoryLimit: false }

test('an engine says what it is', async () => {
  await engine({ '/version': '{"Version":"28.2.2"}', '/info': JSON.stringify(info) })
  expect(await probeEngine()).toEqual({
    state: 'answers',
    version: '28.2.2',
    rootless: true,
    canLimit: false,
    freeBytes: expect.any(Number) as number,
  })
})

test('a socket that is not there, and one that nobody listens on, are told apart', async () => {
  expect(await probeEngine()).toMatchObject({ state: 'silent', code: 'ENOENT' })
  writeFileSync(socket, '')
  expect(await probeEngine()).toMatchObject({ state: 'silent', code: 'ECONNREFUSED' })
})

test('whoever answers nonsense is no engine', async () => {
  await engine({ '/version': 'hello' })
  const found = await probeEngine()
  expect(found).toMatchObject({ state: 'silent', code: null })
  expect(diagnose(found).state).toBe('missing')
})

test('an engine elsewhere is not even asked', async () => {
  vi.stubEnv('DOCKER_HOST', 'tcp://192.0.2.1:2375')
  expect(await probeEngine()).toEqual({ state: 'remote', host: 'tcp://192.0.2.1:2375' })
})
