import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand, type Outcome } from './setup/command.ts'
import { packageRoot } from './setup/paths.ts'

const TSX = join(packageRoot(), 'node_modules/tsx/dist/esm/index.mjs')
const CLI = join(packageRoot(), 'harness/cli.ts')
const GOOD = `version: 1
name: good
pipeline: { use: log-first }
load: { rate: 1k/s }
faults:
  - { id: a, fault: kill, on: "service:kafka.leader", at: 1s, for: 2s }
objectives:
  - { measure: catch-up, after: a, max: 5s }
`
const not = (wrong: string, right: string): string => GOOD.replace(right, wrong)

let folder = ''
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'freshet-cli-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

const command = (args: readonly string[]): [string, ...string[]] => [
  process.execPath,
  '--import',
  TSX,
  CLI,
  ...args,
]
const environment = (): Record<string, string> => ({ FRESHET_CACHE: join(folder, 'cache') })

async function freshet(...args: string[]): Promise<Outcome> {
  const options = { timeoutMs: 60_000, cwd: folder, env: environment() }
  const outcome = await runCommand(command(args), options)
  if (outcome === null) throw new Error('there is no node')
  return outcome
}

describe('freshet run', () => {
  it.each([
    ['a bad unit', not('1k/h', '1k/s'), '4:15: load.rate: "1k/h" is not a rate such as'],
    [
      'an unknown key',
      not('att: 1s', 'at: 1s'),
      '6:55: faults.0.att: unknown key: did you mean at?',
    ],
    [
      'an unknown service',
      not('kafka.leadr', 'kafka.leader'),
      '6:31: faults.0.on: unknown service',
    ],
    ['an impossible time', not('for: 2h', 'for: 2s'), '6:68: faults.0.for: at + for is 120 m 1 s'],
    ['an alias bomb', `${GOOD}x: [&a [1], *a, *a]\n`, '9:13: aliases (*a) are not supported'],
    ['a merge key', not('load: { <<: { seed: 1 }, rate', 'load: { rate'), '4:9: merge keys (<<)'],
    ['2 MB', `${GOOD}${'#'.repeat(2_000_000)}`, '1:1: 2000209 bytes; a scenario has at most'],
    ['a wrong type', not('name: [1]', 'name: good'), '2:7: name: expected text, not a list'],
    [
      'an unknown measure',
      not('catchup', 'catch-up'),
      '8:16: objectives.0.measure: unknown measure',
    ],
    ['bad YAML', not('{ rate: 1k/s', '{ rate: 1k/s }'), '5:1: not valid YAML'],
  ])('refuses %s with its place and a hint, and starts nothing', async (_what, text, message) => {
    await writeFile(join(folder, 'bad.yaml'), text)
    const outcome = await freshet('run', 'bad.yaml')
    expect(outcome).toMatchObject({ code: 2, stdout: '' })
    expect(outcome.stderr).toContain(`bad.yaml:${message}`)
    expect(outcome.stderr).toMatch(/^hint: ./m)
    expect(outcome.stderr).not.toContain('    at ')
    // Neither a run directory nor a journal, which a run opens before its first process.
    expect(await readdir(folder)).toEqual(['bad.yaml'])
  })

  it('says what to do when the components are missing', async () => {
    const outcome = await freshet('run', join(packageRoot(), 'scenarios/smoke/consumer-pause.yaml'))
    expect(outcome).toMatchObject({ code: 3 })
    expect(outcome.stderr).toContain('freshet setup')
  })
})

describe('the command line', () => {
  it.each([
    [['rnu'], 'Did you mean run?'],
    [['run'], "missing required argument 'scenario'"],
    [['run', 'x.yaml', '--jsno'], '--jsno'],
    [['run', 'x.yaml', '--seed', 'x'], 'expected a whole number'],
    [['list', 'faulst'], 'Allowed choices are pipelines, faults'],
    [['check', 'nowhere.yaml'], 'nowhere.yaml:1:1: no such file'],
    [['report', '.'], 'is not a run'],
    [[], 'Usage: freshet'],
  ])('answers %j with exit code 2 and a word on stderr', async (args, message) => {
    const outcome = await freshet(...args)
    expect(outcome).toMatchObject({ code: 2, stdout: '' })
    expect(outcome.stderr).toContain(message)
  })

  it('does not write over a file', async () => {
    await mkdir(join(folder, 'mine'))
    await writeFile(join(folder, 'mine/scenario.yaml'), 'precious')
    const outcome = await freshet('init', 'mine/scenario.yaml')
    expect(outcome).toMatchObject({ code: 2 })
    expect(outcome.stderr).toContain('mine/scenario.yaml is there already\nhint: ')
    expect(await readFile(join(folder, 'mine/scenario.yaml'), 'utf8')).toBe('precious')
  })

  it('writes a first scenario with a schema that is there', async () => {
    expect(await freshet('init', 'first.yaml')).toMatchObject({ code: 0, stdout: '' })
    const text = await readFile(join(folder, 'first.yaml'), 'utf8')
    const [, schema = ''] = /\$schema=(\S+)/.exec(text) ?? []
    expect(existsSync(join(folder, schema))).toBe(true)
    expect(await freshet('check', 'first.yaml')).toMatchObject({ code: 0, stdout: '' })
  })

  it('finds no fault with a reader that has had enough', async () => {
    const [file, ...args] = command(['list'])
    const child = spawn(file, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect([code, stderr]).toEqual([0, ''])
  })

  it('reads a scenario from standard input', async () => {
    const [file, ...args] = command(['check', '-'])
    const child = spawn(file, args, { cwd: folder, stdio: ['pipe', 'ignore', 'pipe'] })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.stdin.end(not('1k/h', '1k/s'))
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(2)
    expect(stderr).toContain('<stdin>:4:15: load.rate')
  })

  it('says what this machine lacks, as one JSON document, with exit code 3', async () => {
    const outcome = await freshet('doctor', '--json')
    expect(outcome).toMatchObject({ code: 3, stderr: '' })
    const lacks = {
      name: 'kafka 4.3.1',
      state: 'missing',
      detail: 'not installed',
      todo: 'freshet setup',
    }
    const names = ['node', 'java', 'memory', 'disk', 'ports', 'wall clock', 'monotonic clock']
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      ready: false,
      findings: expect.arrayContaining(
        [lacks, ...names.map((name) => ({ name }))].map(
          (one) => expect.objectContaining(one) as object,
        ),
      ) as object,
    })
  })
})
