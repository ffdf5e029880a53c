import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fault, frozen, recordOf } from '../harness/analysis/record.fixture.ts'
import type { RunRecord } from '../harness/run/record.ts'
import { LANDING_COLUMNS, LOAD_COLUMNS, writeColumns } from '../harness/run/ledger-file.ts'
import { openLog, writeAudit, writeJson } from '../harness/run/run-directory.ts'

const CLI = fileURLToPath(new URL('../harness/cli.ts', import.meta.url))
const FILES = ['summary.json', 'report.html', 'report.md', 'junit.xml'] as const

/** A run directory as a run leaves it, before anything has analysed it. */
async function written(directory: string, record: RunRecord): Promise<void> {
  await writeJson(directory, 'meta.json', record.meta)
  const log = openLog(directory)
  for (const entry of record.log) log.write(entry)
  await log.close()
  await writeColumns(directory, record.ledger, [...LOAD_COLUMNS, ...LANDING_COLUMNS])
  if (record.audit !== null) await writeAudit(directory, record.audit, record.inLog)
}

interface Place {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}
/** `freshet report` in a process of its own; what it wrote. */
async function reported(run: string, { cwd, env }: Place): Promise<readonly string[]> {
  await new Promise<void>((resolve) => {
    const args = ['--import', import.meta.resolve('tsx'), CLI, 'report', run]
    // The exit code is the verdict's; here only the files count.
    execFile(process.execPath, args, { cwd, env: { ...process.env, ...env } }, () => resolve())
  })
  return Promise.all(FILES.map((name) => readFile(join(run, name), 'utf8')))
}

describe('a run directory that is analysed again', () => {
  let folder: string
  let run: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'freshet-again-'))
    run = join(folder, 'run')
    await mkdir(run)
    const record = recordOf({
      eps: 500,
      faults: [fault('f'), fault('g', 3000, 1000)],
      landsAt: (at, i) => (i === 77 ? null : frozen(12_000, 19_000)(at)),
      objectives: [{ measure: 'catch-up', after: 'f', max: 10_000 }],
      record: { inLog: Uint8Array.of(0) },
    })
    await written(run, record)
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('gives the same bytes, wherever, in whatever time zone and language', async () => {
    const first = await reported(run, { cwd: process.cwd(), env: {} })
    const again = await reported(run, {
      cwd: folder,
      env: { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8' },
    })
    const moved = join(folder, 'moved')
    await cp(run, moved, { recursive: true })
    const elsewhere = await reported(moved, { cwd: '/', env: { TZ: 'UTC', LC_ALL: 'C' } })
    expect(first[0]).toContain('"state": "recovered"')
    FILES.forEach((name, at) => {
      expect(again[at] === first[at], `${name} differs when drawn again`).toBe(true)
      expect(elsewhere[at] === first[at], `${name} differs when drawn elsewhere`).toBe(true)
    })
  })
})
