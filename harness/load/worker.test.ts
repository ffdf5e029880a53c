import { mkdtempSync, mkdirSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LoadWorker } from './worker.ts'

const program = process.execPath
let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'freshet-worker-'))
  mkdirSync(join(directory, 'logs'))
})
afterEach(() => {
  process.execPath = program
  rmSync(directory, { recursive: true })
})

function openFiles(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return [] // the listing's own
    }
  })
}

it('a worker that cannot be started is an error of the run, and leaves no file open', async () => {
  process.execPath = join(directory, 'no-node')
  const started = LoadWorker.start(
    {
      type: 'prepare',
      runId: 'r',
      originNs: '0',
      plan: {
        segments: [],
        keys: {
          seed: 1,
          count: 1,
          distribution: 'uniform',
          skew: 1,
          hotShare: 0,
          hotWindows: [],
        },
        payloadBytes: 200,
        lanes: 1,
        producer: {
          client: 'kafkajs',
          lanes: 1,
          acks: 'all',
          idempotent: false,
          linger: 0,
          maxPending: 1,
        },
      },
      source: { kind: 'memory', port: 1 },
      directory,
    },
    { started: () => undefined, mark: {}, signal: new AbortController().signal },
  )
  await expect(started).rejects.toThrow(/the load worker failed: spawn .*no-node ENOENT/)
  expect(openFiles().filter((path) => path.endsWith('load.log'))).toEqual([])
})
