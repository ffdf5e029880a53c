import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { runCommand, type Outcome } from '../harness/setup/command.ts'
import { packageRoot } from '../harness/setup/paths.ts'

const listing = z.array(
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
)
/** What a user may meet in node_modules/freshet-bench. */
const BELONGS = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^dist\/(harness|reports|targets)\/.+(?<!\.test|\.fixture)\.(js|d\.ts)$/,
  /^docs\/.+\.(md|png)$/,
  /^scenarios\/.+\.(yaml|csv|json)$/,
  /^harness\/setup\/kafka\/(pom\.xml|artifacts\.txt)$/,
]
const belongs = (name: string): boolean => BELONGS.some((pattern) => pattern.test(name))
const NEEDED = [
  'dist/harness/cli.js',
  'dist/harness/load/worker-main.js',
  'dist/harness/runtime/guardian-main.js',
  'docs/concepts.md',
  'harness/setup/kafka/artifacts.txt',
  'harness/setup/kafka/pom.xml',
  'scenarios/smoke/memory-noop.yaml',
]

let folder = ''
let files: string[] = []
const project = (): string => join(folder, 'project')

async function run(cwd: string, command: [string, ...string[]]): Promise<Outcome> {
  // An empty cache: nothing of this checkout or this user may be needed. npm passes its own settings on.
  const env = {
    FRESHET_CACHE: join(folder, 'cache'),
    npm_config_json: '',
    npm_config_local_prefix: '',
  }
  const outcome = await runCommand(command, { timeoutMs: 120_000, cwd, env })
  if (outcome === null) throw new Error(`there is no ${command[0]}`)
  return outcome
}
const freshet = (...args: string[]): Promise<Outcome> =>
  run(project(), ['npx', '--no-install', 'freshet', ...args])

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freshet-package-'))
  await mkdir(project())
  const pack = await run(packageRoot(), ['npm', 'pack', '--json', '--pack-destination', folder])
  const [packed] = listing.parse(JSON.parse(pack.stdout.slice(pack.stdout.indexOf('[\n'))))
  files = packed?.files.map((file) => file.path) ?? []
  await run(project(), ['npm', 'init', '-y'])
  const tarball = join('..', packed?.filename ?? '')
  const flags = ['--prefer-offline', '--no-audit', '--no-fund']
  expect(await run(project(), ['npm', 'install', ...flags, tarball])).toMatchObject({ code: 0 })
}, 300_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the packed package', () => {
  it('holds what it needs and nothing else', () => {
    expect(NEEDED.filter((name) => !files.includes(name))).toEqual([])
    const tests = ['dist/harness/lib/clock.test.js', 'dist/harness/run/run.fixture.js']
    const foreign = [
      ...tests,
      'dist/harness/cli.js.map',
      'reports/golden/report.html',
      'runs/a.json',
    ]
    expect([...files, ...foreign].filter((name) => !belongs(name))).toEqual(foreign)
  })

  it('runs a scenario of its own in the folder where it is called', async () => {
    const scenario = 'node_modules/freshet-bench/scenarios/smoke/memory-noop.yaml'
    const short = ['warmup=1s', 'baseline=2s', 'faults=3s', 'recovery=2s', 'settle=2s']
    const phases = short.flatMap((one) => ['--set', `phases.${one}`])
    const outcome = await freshet('run', scenario, '--json', ...phases)
    expect(outcome).toMatchObject({ code: 0 })
    expect(JSON.parse(outcome.stdout)).toMatchObject({ scenario: 'memory-noop', verdict: 'pass' })
    const runs = join(project(), 'runs/memory-noop')
    const [directory = ''] = await readdir(runs)
    expect(await readdir(join(runs, directory))).toContain('report.html')
    expect(await freshet('report', join(runs, directory))).toMatchObject({ code: 0 })
  })

  it('writes a first scenario that its own check accepts', async () => {
    expect(await freshet('init')).toMatchObject({ code: 0 })
    expect(await freshet('check', 'scenario.yaml')).toMatchObject({ code: 0 })
  })

  it.each([
    ['--version', /^\d+\.\d+\.\d+\n$/],
    ['schema', /^\{\n {2}"\$schema": "http:\/\/json-schema\.org\/draft-07\/schema#"/],
    ['list', /log-first/],
  ])('answers %s', async (command, expected) => {
    const outcome = await freshet(command)
    expect(outcome.code).toBe(0)
    expect(outcome.stdout).toMatch(expected)
  })
})
