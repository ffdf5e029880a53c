import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { program } from '../harness/cli.ts'
import { loadScenario } from '../harness/scenario/load.ts'
import { packageRoot } from '../harness/setup/paths.ts'

const root = packageRoot()
const under = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...under('docs', '.md')]
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, block = '']) => block,
  )

const scenarios = PAGES.flatMap((page) =>
  blocks(read(page), 'yaml').map((text, i) => [`${page} block ${i + 1}`, text] as const),
)

/** What is wrong with a command line that a page shows; null when nothing is. */
function commandProblem(line: string): string | null {
  const [name = '', ...rest] = line.trim().split(/\s+/)
  const command = program.commands.find((one) => one.name() === name)
  if (command === undefined) return name.startsWith('-') ? null : `no command ${name}`
  const known = command.options.flatMap(({ long, short }) => [long, short])
  const flag = rest.map((word) => word.split('=')[0]).find((word = '') => /^-./.test(word))
  return flag === undefined || known.includes(flag) ? null : `freshet ${name} has no ${flag}`
}

describe('the documentation', () => {
  it.each(scenarios)('%s is a scenario that passes the check', async (_where, text) => {
    const folder = await mkdtemp(join(tmpdir(), 'freshet-docs-'))
    try {
      const file = join(folder, 'scenario.yaml')
      await writeFile(file, text)
      await loadScenario(file)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('shows commands and flags that exist', () => {
    const shown = PAGES.flatMap((page) =>
      [...read(page).matchAll(/(?:`|^(?:npx )?|\| )freshet ([a-z-][^`|#\n]*)/gm)].map(
        ([, line = '']) => [page, line] as const,
      ),
    )
    const wrong = shown.flatMap(([page, line]) => {
      const problem = commandProblem(line)
      return problem === null ? [] : [`${page}: ${problem}`]
    })
    expect(shown.length).toBeGreaterThan(10)
    expect(wrong).toEqual([])
    expect(commandProblem('rnu x')).toContain('no command')
    expect(commandProblem('run x --jsno')).toContain('has no --jsno')
  })

  it('links to what is there', () => {
    const broken = PAGES.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].flatMap(([, to = '']) =>
        existsSync(join(root, dirname(page), to)) ? [] : [`${page}: ${to}`],
      ),
    )
    expect(broken).toEqual([])
  })
})

describe('a shipped scenario', () => {
  it.each(under('scenarios', '.yaml'))('%s passes the check and names its schema', async (file) => {
    const { scenario } = await loadScenario(join(root, file))
    expect(scenario.question).toMatch(/\?/)
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(read(file)) ?? []
    expect(join(dirname(file), schema)).toBe('scenarios/scenario.schema.json')
  })
})
