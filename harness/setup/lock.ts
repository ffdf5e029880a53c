import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FreshetError } from '../lib/errors.ts'
import { until } from '../lib/until.ts'
import type { Hands } from './hands.ts'

const WAIT_MS = 15 * 60_000

/** Does `work` while no other process does so on the same folder. A lock whose owner has died is taken over. */
export async function withLock<T>(
  folder: string,
  hands: Hands,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'setup.lock')
  await acquire(path, hands)
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function acquire(path: string, { say, signal }: Hands): Promise<void> {
  // A link appears with its content in one step: no one ever reads a lock without an owner.
  const ours = `${path}.${randomUUID()}`
  await writeFile(ours, String(process.pid))
  let told = false
  try {
    await until(
      async () => {
        if (await linked(ours, path)) return true
        const owner = await ownerOf(path)
        if (owner === null || !isAlive(owner)) await rm(path, { force: true })
        else if (!told) say(`waiting for another setup (process ${owner})`)
        told = true
        return false
      },
      { timeoutMs: WAIT_MS, everyMs: 200, what: `the lock ${path}`, signal },
    )
  } catch (cause) {
    signal.throwIfAborted()
    throw new FreshetError('environment', `could not get the lock ${path}`, {
      hint: 'remove the file when no setup is running',
      cause,
    })
  } finally {
    await rm(ours, { force: true })
  }
}

function linked(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
}

async function ownerOf(path: string): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return /^\d+$/.test(text) ? Number(text) : null
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
