import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { handOut, reporterNamed, reporterOfFile } from './reporters.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'freshet-reporters-'))
  await writeFile(join(directory, 'junit.xml'), '<testsuites/>')
})
afterEach(() => rm(directory, { recursive: true }))

describe('a reporter', () => {
  it('is asked for by name, with a file or without', () => {
    expect(reporterNamed('json')).toEqual({ file: 'summary.json', path: null })
    expect(reporterNamed('junit=a=b.xml')).toEqual({ file: 'junit.xml', path: 'a=b.xml' })
  })

  it('is asked for by the ending of a file', () => {
    expect(reporterOfFile('out/r.md')).toEqual({ file: 'report.md', path: 'out/r.md' })
  })

  it.each([
    [() => reporterNamed('juint'), 'did you mean junit?'],
    [() => reporterNamed('pdf=x'), 'html, markdown, json, junit'],
    [() => reporterOfFile('report.pdf'), '.html, .htm, .md, .json, .xml'],
  ])('that is not there is a usage error with a hint', (ask, hint) => {
    expect(ask).toThrow(
      expect.objectContaining({ code: 'usage', hint: expect.stringContaining(hint) as string }),
    )
  })

  it('writes one file a run', async () => {
    const wanted = [reporterNamed(`junit=${join(directory, 'out.xml')}`)]
    await handOut(wanted, { directory, index: 0, of: 1 })
    expect(await readFile(join(directory, 'out.xml'), 'utf8')).toBe('<testsuites/>')
    for (const index of [0, 1]) await handOut(wanted, { directory, index, of: 2 })
    expect(await readdir(directory)).toEqual(['junit.xml', 'out-1.xml', 'out-2.xml', 'out.xml'])
  })
})
