import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { CliFolder } from '../run/cli.fixture.ts'

const folder = new CliFolder()
afterAll(() => folder.remove())

const SCENARIO = `version: 1
name: short
pipeline: { use: memory, with: { delay: 20ms } }
load: { rate: 200/s }
phases: { warmup: 500ms, baseline: 1s, faults: 500ms, recovery: 500ms, settle: 5s }
objectives: [{ measure: lost, max: 0 }]
`

it('repeats a run, each in a directory of its own, and hands out every report', async () => {
  const reports = ['-o', 'out.json', '--reporter', 'junit=out.xml', '--seed', '5']
  const end = await folder.run(SCENARIO, '--repeat', '2', ...reports).ended
  expect(end.code, end.stderr).toBe(0)
  expect(readdirSync(join(folder.path, 'runs', 'short')).length).toBe(2)
  for (const index of [1, 2]) {
    expect(readFileSync(join(folder.path, `out-${index}.json`), 'utf8')).toContain('"seed": 5')
    expect(readFileSync(join(folder.path, `out-${index}.xml`), 'utf8')).toContain('<testsuite')
  }
  expect(end.stderr).toMatch(/repeat +verdict +p95 baseline[^]*\n1 +pass[^]*\n2 +pass[^]*\nmedian/)
})

it.each([
  ['--reporter', 'pdf'],
  ['-o', 'report.pdf'],
])('%s %s is a usage error, and nothing is started', async (flag, value) => {
  const before = existsSync(join(folder.path, 'runs')) ? readdirSync(join(folder.path, 'runs')) : []
  const end = await folder.run(SCENARIO.replace('short', 'never'), flag, value).ended
  expect([end.code, end.stdout]).toEqual([2, ''])
  expect(end.stderr).toContain('hint: one of')
  expect(
    existsSync(join(folder.path, 'runs')) ? readdirSync(join(folder.path, 'runs')) : [],
  ).toEqual(before)
})
