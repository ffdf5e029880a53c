import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { runCommand, type Outcome } from '../harness/setup/command.ts'
import { packageRoot } from '../harness/setup/paths.ts'

const listing = z.array(
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
)
const summary = z.object({
  scenario: z.string(),
  accounting: z.object({ scheduled: z.int(), landed: z.int(), lost: z.int() }),
})
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
  'docs/reference/scenario.md',
  'scenarios/scenario.schema.json',
  'scenarios/smoke/memory-noop.yaml',
]

const SECRET = '57.0625'

let folder = ''
let files: string[] = []
const project = (): string => join(folder, 'project')

async function run(cwd: string, command: [string, ...string[]]): Promise<Outcome> {
  // An empty cache: nothing of this checkout or this user may be needed. npm passes its own settings on.
  const env = {
    SECRET_DELAY: `${SECRET}ms`,
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

async function everyFile(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
  return Promise.all(paths.map((path) => readFile(path, 'latin1')))
}

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
    const secret = ['--set', 'pipeline.with.delay=${env:SECRET_DELAY}']
    const outcome = await freshet('run', scenario, '--json', ...phases, ...secret)
    // A busy machine is a doubt of its own; what was counted stands all the same.
    expect([0, 97]).toContain(outcome.code)
    const { scenario: name, accounting } = summary.parse(JSON.parse(outcome.stdout))
    expect(name).toBe('memory-noop')
    expect(accounting).toEqual({ scheduled: 8000, landed: 8000, lost: 0 })
    const runs = join(project(), 'runs/memory-noop')
    const [directory = ''] = await readdir(runs)
    expect(await readdir(join(runs, directory))).toContain('report.html')
    const meta = await readFile(join(runs, directory, 'meta.json'), 'utf8')
    expect(meta).toContain('"delay": "${env:SECRET_DELAY}"')
    for (const text of await everyFile(join(runs, directory))) expect(text).not.toContain(SECRET)
    expect(`${outcome.stdout}${outcome.stderr}`).not.toContain(SECRET)
    expect(await freshet('report', join(runs, directory))).toMatchObject({ code: 0 })
  })

  it('offers the scenario in TypeScript, checked by the compiler and by the harness', async () => {
    const program = `import { defineScenario } from 'freshet-bench'
      console.log(JSON.stringify(defineScenario({
        version: 1, name: 'typed', load: { rate: '1k/s' }, repeat: REPEAT,
        pipeline: { use: 'memory', with: { delay: '50ms' } },
        faults: [{ id: 'a', fault: 'noop', at: '1s', for: '2s' }],
      })))`
    await writeFile(join(project(), 'right.mts'), program.replace('REPEAT', '2'))
    await writeFile(join(project(), 'right.mjs'), program.replace('REPEAT', '2'))
    await writeFile(join(project(), 'wrong.mts'), program.replace('REPEAT', "'twice'"))
    const tsc = join(packageRoot(), 'node_modules/typescript/bin/tsc')
    const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--skipLibCheck']
    const compile = (file: string): Promise<Outcome> =>
      run(project(), [process.execPath, tsc, ...strict, file])
    expect(await compile('right.mts')).toMatchObject({ code: 0, stdout: '' })
    expect((await compile('wrong.mts')).stdout).toMatch(/'string' is not assignable to .*number/)
    const printed = await run(project(), [process.execPath, 'right.mjs'])
    await writeFile(join(project(), 'typed.json'), printed.stdout)
    expect(await freshet('check', 'typed.json')).toMatchObject({ code: 0 })
  })

  it('writes a first scenario that its own check accepts', async () => {
    expect(await freshet('init')).toMatchObject({ code: 0 })
    expect(await freshet('check', 'scenario.yaml')).toMatchObject({ code: 0 })
  })

  it.each([
    ['--version', /^\d+\.\d+\.\d+\n$/],
    ['schema', /"\$schema": "http:\/\/json-schema\.org\/draft-07\/schema#"/],
    ['list', /log-first/],
  ])('answers %s', async (command, expected) => {
    const outcome = await freshet(command)
    expect(outcome.code).toBe(0)
    expect(outcome.stdout).toMatch(expected)
  })
})
