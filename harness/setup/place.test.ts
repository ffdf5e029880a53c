import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { place } from './place.ts'

describe('placing a component', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'freshet-place-'))
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  it('replaces what was there as a whole', async () => {
    const destination = join(root, 'thing-1')
    await place(destination, (folder) => writeFile(join(folder, 'old'), ''))
    await place(destination, (folder) => writeFile(join(folder, 'new'), ''))
    expect(await readdir(destination)).toEqual(['new'])
  })

  it('keeps what was there and leaves nothing behind when filling fails', async () => {
    const destination = join(root, 'thing-1')
    await place(destination, (folder) => writeFile(join(folder, 'old'), ''))
    const failing = place(destination, async (folder) => {
      await writeFile(join(folder, 'half'), '')
      throw new Error('no network')
    })
    await expect(failing).rejects.toThrow('no network')
    expect(await readdir(root)).toEqual(['thing-1'])
    expect(await readdir(destination)).toEqual(['old'])
  })

  it('removes what a killed one has left', async () => {
    const destination = join(root, 'thing-1')
    await mkdir(`${destination}.part-killed`)
    await place(destination, (folder) => writeFile(join(folder, 'new'), ''))
    expect(await readdir(root)).toEqual(['thing-1'])
  })
})
