import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../harness/setup/paths.ts'
import { DOUBT_CODES } from '../harness/run/log.ts'
import { generated } from './reference/pages.ts'

const read = (path: string): string => readFileSync(join(packageRoot(), path), 'utf8')
const page = (name: string): string => generated.get(`docs/reference/${name}`) ?? ''

describe('generated files', () => {
  it.each([...generated.keys()])('%s is up to date (npm run generate)', (path) => {
    expect(read(path)).toBe(generated.get(path))
  })

  it('are all there is in docs/reference', () => {
    const there = readdirSync(join(packageRoot(), 'docs/reference'))
    expect(there.filter((name) => !generated.has(`docs/reference/${name}`))).toEqual([])
  })

  it('tell what the sources know', () => {
    expect(page('scenario.md')).toMatch(/`load\.rate` \| a rate such as .* \| required/)
    expect(page('scenario.md')).toMatch(/`repeat` \| a whole number from 1 to 100 \| `1`/)
    expect(page('faults.md')).toMatch(/## kill[^#]*`signal` \| `SIGKILL`, `SIGTERM`, `SIGINT`/)
    expect(page('commands.md')).toMatch(/## freshet run[^#]*`--dry-run`/)
    expect(page('summary.md')).toMatch(/## Accounting[^#]*`lost`/)
    for (const code of DOUBT_CODES) expect(page('doubts.md')).toContain(`\`${code}\``)
  })
})
