import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { cleanCommand } from '../commands/clean.ts'
import { until } from '../lib/until.ts'
import { startGuardian } from './guardian.ts'
import { Journal, openJournals, readJournal, refuseOpenJournal } from './journal.ts'
import { familyOf, statOf } from './proc.ts'
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
