import { connect } from 'node:net'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { until } from '../lib/until.ts'
import { packageRoot } from '../setup/paths.ts'
import { analyze } from '../analysis/analyze.ts'
import { partialOf } from '../analysis/partial.ts'
import { CliFolder, says, type Ended, type Running } from './cli.fixture.ts'
import { readAny } from './run-directory.ts'

/** The memory pipeline stands still from 5 s on, so that settle lasts until it goes on. */
const MEMORY = `version: 1
name: cut-short
pipeline: { use: memory, with: { delay: 20ms, pauses: [{ at: 5s, for: 8s }] } }
load: { rate: 500/s }
phases: { warmup: 1s, baseline: 1s, faults: 2s, recovery: 2s, settle: 20s }
faults: [{ id: nothing, fault: noop, at: 200ms, for: 1500ms }]
objectives: [{ measure: lost, max: 0 }]
`
const LOG_FIRST = `version: 1
name: cut-short
pipeline: { use: log-first, with: { brokers: 1, partitions: 2 } }
load: { rate: 300/s }
phases: { warmup: 1s, baseline: 1s, faults: 3s, recovery: 1s, settle: 10s }
faults:
  - { id: slow, fault: latency, on: "link:sink", delay: 50ms, at: 200ms, for: 2500ms }
  - { id: freeze, fault: pause, on: "service:consumer", at: 200ms, for: 2500ms }
objectives: [{ measure: lost, max: 0 }]
`
const NEXT = join(packageRoot(), 'scenarios', 'smoke', 'memory-noop.yaml')
const GONE_LIMIT_MS = 10_000
// Many programs one after the other: on a busy machine each takes its time to start.
vi.setConfig({ testTimeout: 180_000 })

const folders: CliFolder[] = []
afterAll(() => folders.splice(0).forEach((one) => one.remove()))
function folder(): CliFolder {
  const made = new CliFolder()
  folders.push(made)
  return made
}

/** What of the run the machine knows of, before it is cut short. */
interface Before {
  readonly pids: readonly number[]
  readonly ports: readonly number[]
}
const look = (at: CliFolder): Before => ({ pids: at.processes(), ports: at.ports() })

async function expectNothingLeft(at: CliFolder, before: Before): Promise<void> {
  expect(before.pids.length, 'processes before').toBeGreaterThan(1)
  const gone = (): boolean => at.processes().length === 0
  await until(gone, { timeoutMs: GONE_LIMIT_MS, what: 'every process of the run to be gone' })
  for (const port of before.ports) expect(await listens(port), `port ${port}`).toBe(false)
  expect(at.leftovers(before.pids)).toEqual([])
}

const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/comm`, 'utf8')
const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('close', () => socket.destroy()).on('connect', () => socket.destroy())
  })

const summary = z.object({
  verdict: z.string(),
  doubts: z.array(z.object({ code: z.string(), detail: z.string() })),
})

/** What `report` would say, without the price of starting it ten times. */
async function expectHonestRecord(at: CliFolder): Promise<void> {
  const record = await readAny(at.directory)
  const { verdict, doubts } = 'missing' in record ? partialOf(record) : analyze(record).summary
  expect(verdict).toBe('inconclusive')
  expect(doubts.map((one) => one.code)).toContain('interrupted')
}

/** The partial run can be read, and is inconclusive for having been interrupted. */
async function expectHonestReport(at: CliFolder): Promise<Ended> {
  const report = await at.start('report', at.directory, '--json').ended
  expect(report.stderr).not.toContain('    at ')
  expect(report.code, report.stderr).toBe(97)
  const { verdict, doubts } = summary.parse(JSON.parse(report.stdout))
  expect(verdict).toBe('inconclusive')
  expect(doubts.map((one) => one.code)).toContain('interrupted')
  expect(existsSync(join(at.directory, 'report.md'))).toBe(true)
  return report
}

async function expectCleanSlate(at: CliFolder): Promise<void> {
  const clean = await at.start('clean').ended
  expect([clean.code, clean.stdout]).toEqual([0, 'nothing to clean\n'])
}

async function expectNextRunWorks(at: CliFolder): Promise<void> {
  const short = ['phases.warmup=1s', 'phases.baseline=2s'].flatMap((one) => ['--set', one])
  const next = await at.start('run', NEXT, ...short, '--out', join(at.path, 'next')).ended
  // On a busy machine a run that works may still be in doubt.
  expect([0, 97], next.stderr).toContain(next.code)
}

async function cut(run: Running, signal: 'SIGKILL' | 'SIGINT'): Promise<Ended> {
  run.child.kill(signal)
  const end = await run.ended
  if (signal === 'SIGINT') expect([end.code, end.signal], end.stderr).toEqual([130, null])
  else expect(end.signal).toBe('SIGKILL')
  return end
}

const MEMORY_PHASES = [
  ['warmup', '== warmup'],
  ['baseline', '== baseline'],
  ['faults, with one in force', 'nothing: in-force'],
  ['recovery', '== recovery'],
  ['settle', '== settle'],
] as const

describe.each(['SIGKILL', 'SIGINT'] as const)('%s', (signal) => {
  it.concurrent.each(MEMORY_PHASES)(
    'in %s leaves nothing and can be reported',
    async (_, text) => {
      const at = folder()
      const run = at.run(MEMORY)
      await says(run, text)
      const before = look(at)
      await cut(run, signal)
      await expectNothingLeft(at, before)
      await expectHonestRecord(at)
    },
    120_000,
  )

  it('in setup, with brokers half started', async () => {
    const at = folder()
    const run = at.run(LOG_FIRST)
    await says(run, '== setup')
    const brokerIsThere = (): boolean => existsSync(join(at.directory, 'logs', 'kafka.1.log'))
    await until(brokerIsThere, { timeoutMs: 20_000, what: 'the broker to be started' })
    const before = look(at)
    await cut(run, signal)
    await expectNothingLeft(at, before)
    await expectHonestReport(at)
    await expectCleanSlate(at)
  })

  it('with faults in force on a link and a frozen process; then the next run works', async () => {
    const at = folder()
    const run = at.run(LOG_FIRST)
    await says(run, 'slow: in-force')
    await says(run, 'freeze: in-force')
    const before = look(at)
    expect(before.ports.length).toBeGreaterThan(4)
    await cut(run, signal)
    await expectNothingLeft(at, before)
    const report = await expectHonestReport(at)
    expect(report.stderr).toContain('freeze')
    await expectCleanSlate(at)
    await expectNextRunWorks(at)
  })
})

describe('while it tears down after Ctrl-C', () => {
  it('SIGKILL leaves nothing', async () => {
    const at = folder()
    const run = at.run(LOG_FIRST)
    await says(run, '== warmup')
    const before = look(at)
    run.child.kill('SIGINT')
    await says(run, '== teardown')
    await cut(run, 'SIGKILL')
    await expectNothingLeft(at, before)
    await expectHonestReport(at)
    await expectCleanSlate(at)
  })

  it('a second Ctrl-C at once is the same one; a later one leaves the rest to the guardian', async () => {
    const at = folder()
    const run = at.run(LOG_FIRST)
    await says(run, 'slow: in-force')
    // A proxy that does not answer holds the heal up for seconds.
    const proxies = at.processes().filter((pid) => commandOf(pid).startsWith('toxiproxy'))
    expect(proxies).toHaveLength(1)
    for (const pid of proxies) process.kill(pid, 'SIGSTOP')
    const before = look(at)
    const firstAt = performance.now()
    run.child.kill('SIGINT')
    await says(run, 'interrupted: ')
    run.child.kill('SIGINT')
    await says(run, 'slow: healing')
    expect(run.said()).not.toContain('guardian')
    const isLater = (): boolean => performance.now() - firstAt > 1000
    await until(isLater, { timeoutMs: 2000, what: 'a second Ctrl-C to be another one', everyMs: 5 })
    await cut(run, 'SIGINT')
    expect(run.said()).toContain('guardian')
    await expectNothingLeft(at, before)
    await expectHonestReport(at)
    await expectCleanSlate(at)
  })
})
