import { mkdtemp, mkdir, readdir, readFile, rm, symlink, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { emptyLedger } from './ledger.ts'
import { LANDING_COLUMNS, LOAD_COLUMNS, writeColumns } from './ledger-file.ts'
import { openLog, readRun, writeAudit, writeJson } from './run-directory.ts'

let directory = ''
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'freshet-directory-'))))
afterEach(() => rm(directory, { recursive: true }))

describe('the log', () => {
  it('says at its close that a full disk has taken nothing, and no sooner', async () => {
    await symlink('/dev/full', join(directory, 'log.ndjson'))
    const log = openLog(directory)
    for (let i = 0; i < 3; i += 1) {
      log.write({ type: 'note', atMs: i, text: 'lost' })
      await new Promise((resolve) => setImmediate(resolve))
    }
    await expect(log.close()).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('ENOSPC') as string,
    })
  })
})

describe('a JSON file', () => {
  it('is replaced whole or not at all', async () => {
    await writeJson(directory, 'meta.json', { events: 1 })
    await mkdir(join(directory, 'meta.json.new'))
    await expect(writeJson(directory, 'meta.json', { events: 2 })).rejects.toThrow('EISDIR')
    expect(await readFile(join(directory, 'meta.json'), 'utf8')).toContain('"events": 1')
  })

  it('leaves nothing beside it', async () => {
    await writeJson(directory, 'meta.json', { events: 1 })
    expect(await readdir(directory)).toEqual(['meta.json'])
  })
})

describe('an audit', () => {
  const three = new Uint32Array(3)
  beforeEach(async () => {
    await writeJson(directory, 'started.json', {})
    await writeJson(directory, 'meta.json', { events: 3, lanes: 1 })
    await writeColumns(directory, emptyLedger(3, 1), [...LOAD_COLUMNS, ...LANDING_COLUMNS])
    const columns = { seq: three, copies: three, positions: three, visible: three }
    const audit = { lane: new Uint16Array(3), corrupt: new Uint8Array(3), ...columns }
    await writeAudit(directory, audit, null)
  })

  it('is read as it was written', async () => {
    expect((await readRun(directory)).audit?.copies).toEqual(three)
  })

  it.each(['visible', 'corrupt', 'lane'])('is none when its %s column is cut off', async (name) => {
    await truncate(join(directory, 'audit', `${name}.bin`), name === 'visible' ? 8 : 2)
    expect((await readRun(directory)).audit).toBeNull()
  })
})
