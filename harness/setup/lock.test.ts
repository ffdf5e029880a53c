import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withLock } from './lock.ts'
import { runCommand } from './command.ts'

const quiet = (): void => undefined
const hands = { say: quiet, signal: new AbortController().signal }

describe('the setup lock', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'freshet-lock-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('is gone after the work, also when the work failed', async () => {
    await expect(
      withLock(folder, hands, () => Promise.reject(new Error('failed'))),
    ).rejects.toThrow('failed')
    expect(await readdir(folder)).toEqual([])
  })

  it('makes a second one wait and says so', async () => {
    const order: string[] = []
    let finish = quiet
    let entered = quiet
    const firstIsIn = new Promise<void>((resolve) => (entered = resolve))
    const first = withLock(folder, hands, async () => {
      order.push('first in')
      entered()
      await new Promise<void>((resolve) => (finish = resolve))
      order.push('first out')
    })
    await firstIsIn
    const second = withLock(folder, { ...hands, say: () => finish() }, () =>
      Promise.resolve(order.push('second in')),
    )
    await Promise.all([first, second])
    expect(order).toEqual(['first in', 'first out', 'second in'])
  })

  it('is taken over from a process that has died', async () => {
    const ended = await runCommand([process.execPath, '-p', 'process.pid'], { timeoutMs: 10_000 })
    await writeFile(join(folder, 'setup.lock'), ended?.stdout.trim() ?? '')
    expect(await withLock(folder, hands, () => Promise.resolve('done'))).toBe('done')
  })
})
