import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { AuditRows } from '../../targets/target.ts'
import { emptyLedger } from './ledger.ts'
import { LANDING_COLUMNS, LOAD_COLUMNS, writeColumns } from './ledger-file.ts'
import { readRun, writeAudit, writeJson } from './run-directory.ts'

const AUDIT: AuditRows = {
  lane: Uint16Array.of(0, 1),
  seq: Uint32Array.of(7, 70_000),
  copies: Uint32Array.of(1, 3),
  positions: Uint32Array.of(1, 2),
  visible: Uint32Array.of(1, 1),
  corrupt: Uint8Array.of(0, 1),
}

let directory: string
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'freshet-run-directory-'))
  await writeJson(directory, 'meta.json', { events: 1, lanes: 1 })
  await writeColumns(directory, emptyLedger(1, 1), [...LOAD_COLUMNS, ...LANDING_COLUMNS])
})
afterEach(() => rmSync(directory, { recursive: true }))

it.each([{}, { storedRows: 4 }, { storedRows: 2, copiesMerged: true }])(
  'reads back the audit that was written, with what the sink said of it: %j',
  async (said) => {
    await writeAudit(directory, { ...AUDIT, ...said }, null)
    expect((await readRun(directory)).audit).toEqual({ ...AUDIT, ...said })
  },
)

it('reads the audit of an older run, which has no such file', async () => {
  await writeAudit(directory, { ...AUDIT, storedRows: 4 }, null)
  rmSync(join(directory, 'audit', 'meta.json'))
  expect((await readRun(directory)).audit).toEqual(AUDIT)
})
