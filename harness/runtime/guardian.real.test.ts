import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { cleanCommand } from '../commands/clean.ts'
import { until } from '../lib/until.ts'
import type { endRun } from './end-run.ts'
import { startGuardian } from './guardian.ts'
import { Journal, openJournals, readJournal, refuseOpenJournal } from './journal.ts'
import { familyOf, statOf } from './proc.ts'
import { markedBy, markOf } from './run-mark.ts'
import { testDirectory } from './test-support.fixture.ts'

interface Parent {
  readonly child: ChildProcess
  readonly guardian: number
  readonly journal: string
}

async function startParent(directory: string): Promise<Parent> {
  const fixture = fileURLToPath(new URL('./process-parent.fixture.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', fixture, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve))
  return { child, ...(JSON.parse(String(line)) as { guardian: number; journal: string }) }
}

test('the guardian ends everything within 10 s after its parent was killed', async () => {
  const directory = testDirectory()
  const parent = await startParent(directory)
  const running = readJournal(parent.journal)?.running ?? []
  expect(running.map((one) => one.name)).toEqual(['stubborn', 'paused'])
  parent.child.kill('SIGKILL')
  const isDone = (): boolean => !existsSync(parent.journal)
  await until(isDone, { timeoutMs: 10_000, what: 'the guardian to finish' })
  expect(running.flatMap(familyOf)).toEqual([])
  expect(readFileSync(join(directory, 'logs', 'guardian.log'), 'utf8')).toContain(
    'run fixture died; ended: stubborn',
  )
}, 30_000)

test('a run under way is refused; when both it and its guardian were killed, clean finishes it', async () => {
  const parent = await startParent(testDirectory())
  expect(refuseOpenJournal).toThrow(`pid ${parent.child.pid}`)
  process.kill(parent.guardian, 'SIGKILL')
  parent.child.kill('SIGKILL')
  await once(parent.child, 'exit')
  const running = readJournal(parent.journal)?.running ?? []
  expect(refuseOpenJournal).toThrow(
    expect.objectContaining({ code: 'open-journal', hint: 'run `freshet clean`' }),
  )
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  expect(await cleanCommand({ json: true })).toBe(0)
  expect(log.mock.lastCall?.[0]).toContain('stubborn')
  log.mockRestore()
  expect(running.flatMap(familyOf)).toEqual([])
  expect(openJournals()).toEqual([])
  refuseOpenJournal()
}, 30_000)

test('the guardian ends also what the run had no time to record, in whatever session', async () => {
  const directory = testDirectory()
  const parent = await startParent(directory)
  const env = { ...process.env, ...markOf(parent.journal) }
  const marked = spawn('sh', ['-c', 'setsid sleep 600 & sleep 600'], {
    env,
    detached: true,
    stdio: 'ignore',
  })
  const stranger = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
  const known = (): boolean => markedBy(parent.journal).some(({ pid }) => pid === marked.pid)
  await until(known, { timeoutMs: 3000, what: 'the mark' })
  parent.child.kill('SIGKILL')
  const isDone = (): boolean => !existsSync(parent.journal)
  await until(isDone, { timeoutMs: 10_000, what: 'the guardian to finish' })
  expect(markedBy(parent.journal)).toEqual([])
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull()
  stranger.kill('SIGKILL')
  const log = readFileSync(join(directory, 'logs', 'guardian.log'), 'utf8')
  expect(log).toContain('not recorded')
}, 30_000)

test('every service carries the mark of its run', async () => {
  const parent = await startParent(testDirectory())
  const pids = markedBy(parent.journal).map(({ pid }) => pid)
  const running = readJournal(parent.journal)?.running ?? []
  for (const one of running) expect(pids).toContain(one.pid)
  expect(pids).not.toContain(parent.guardian)
  parent.child.kill('SIGKILL')
  const isDone = (): boolean => !existsSync(parent.journal)
  await until(isDone, { timeoutMs: 10_000, what: 'the guardian to finish' })
}, 30_000)

test('clean says so, exits 4 and keeps the journal when something cannot be ended', async () => {
  const parent = await startParent(testDirectory())
  process.kill(parent.guardian, 'SIGKILL')
  parent.child.kill('SIGKILL')
  await once(parent.child, 'exit')
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  // What no signal ends cannot be had in a test: this one reports what it found as still there.
  const inVain: typeof endRun = ({ running }) => Promise.resolve({ found: running, left: running })
  expect(await cleanCommand({ json: false }, inVain)).toBe(4)
  expect(log.mock.lastCall?.[0]).toMatch(/could not end stubborn \(pid \d+\), paused/)
  expect(existsSync(parent.journal)).toBe(true)
  expect(await cleanCommand({ json: false })).toBe(0)
  log.mockRestore()
  expect(existsSync(parent.journal)).toBe(false)
}, 30_000)

test('a guardian that is sent home leaves quietly', async () => {
  const directory = testDirectory()
  const journal = Journal.open('quiet', directory)
  const guardian = startGuardian({ journal, directory })
  await guardian[Symbol.asyncDispose]()
  await guardian[Symbol.asyncDispose]()
  expect(statOf(guardian.pid)).toBeNull()
  expect(readFileSync(join(directory, 'logs', 'guardian.log'), 'utf8')).toBe('')
  journal.close()
})

test('a process that only has the pid of a recorded one is not taken for it, and a torn last line is skipped', () => {
  const directory = testDirectory()
  const journal = Journal.open('reused', directory)
  journal.process({ name: 'old', pid: process.pid, startTime: 1 })
  writeFileSync(journal.path, '{"op":"proc', { flag: 'a' })
  expect(readJournal(journal.path)).toMatchObject({ running: [], ownerAlive: true })
  journal.close()
  expect(readdirSync(join(directory, 'state', 'journal'))).toEqual([])
})
