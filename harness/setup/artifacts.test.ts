import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseArtifacts, verifyArtifacts } from './artifacts.ts'

const PINNED = parseArtifacts(
  ['a.jar', 'b.jar'].map((name) => `${sha256(name)}  ${name}`).join('\n'),
)

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

describe('verifying artifacts', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'freshet-artifacts-'))
    for (const name of PINNED.keys()) await writeFile(join(folder, name), name)
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('accepts exactly what is pinned', async () => {
    expect(await verifyArtifacts(folder, PINNED)).toEqual({ ok: true, detail: '2 artifacts' })
  })

  it.each([
    ['a file too few', (): Promise<void> => rm(join(folder, 'b.jar')), 'b.jar is missing'],
    ['a file too many', () => writeFile(join(folder, 'c.jar'), ''), 'c.jar does not belong there'],
    ['a changed file', () => writeFile(join(folder, 'a.jar'), 'x'), 'a.jar differs'],
    ['no folder', () => rm(folder, { recursive: true }), 'not installed'],
  ])('refuses %s', async (_what, damage, problem) => {
    await damage()
    const found = await verifyArtifacts(folder, PINNED)
    expect(found.ok ? '' : found.problem).toContain(problem)
  })
})
