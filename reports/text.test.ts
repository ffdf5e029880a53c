import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { analysisFixture, HOSTILE, hostileFixture } from './analysis.fixture.ts'
import { renderJunit } from './junit.ts'
import { renderMarkdown } from './markdown.ts'
import { renderTerminal } from './terminal.ts'
import { writeReports } from './write.ts'

// Drawing is quick, but not on a machine that also runs a benchmark.
vi.setConfig({ testTimeout: 30_000 })

it('renders the agreed Markdown', async () => {
  await expect(renderMarkdown(analysisFixture())).toMatchFileSnapshot('golden/report.md')
})
it('renders the agreed JUnit file', async () => {
  await expect(renderJunit(analysisFixture())).toMatchFileSnapshot('golden/junit.xml')
})
it('renders the agreed terminal text', async () => {
  await expect(renderTerminal(analysisFixture(), { color: false, width: 80 })).toMatchFileSnapshot(
    'golden/terminal.txt',
  )
})
it('keeps hostile text out of every format', () => {
  expect(renderMarkdown(hostileFixture()).replaceAll(/^ {4}.*$/gm, '')).not.toContain('<script>')
  expect(renderJunit(hostileFixture())).not.toContain(HOSTILE)
  const all = [
    renderMarkdown(hostileFixture()),
    renderJunit(hostileFixture()),
    renderTerminal(hostileFixture(), { color: false, width: 80 }),
  ]
  for (const text of all) expect(text).not.toMatch(/[\u0000\u001b]/)
})
it('reports an inconclusive objective to CI as an error', () => {
  expect(renderJunit(analysisFixture())).toContain('<error type="inconclusive"')
})
it('keeps within the width of the terminal', () => {
  const lines = renderTerminal(analysisFixture(), { color: false, width: 60 }).split('\n')
  expect(lines.filter((line) => line.length > 62)).toEqual([])
})
it('writes four files and leaves no draft', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'freshet-reports-'))
  try {
    const paths = await writeReports(directory, analysisFixture())
    expect((await readdir(directory)).sort()).toEqual([
      'junit.xml',
      'report.html',
      'report.md',
      'summary.json',
    ])
    expect(JSON.parse(await readFile(paths.summary, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(analysisFixture().summary)),
    )
  } finally {
    await rm(directory, { recursive: true })
  }
})
