import { createWriteStream } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { join } from 'node:path'
import type { AuditRows } from '../../targets/target.ts'
import { FreshetError, messageOf } from '../lib/errors.ts'
import { readLedger } from './ledger-file.ts'
import { TORN_DOWN, type LogEntry } from './log.ts'
import type { LoadReport, Meta, PartialRecord, RunRecord, Started } from './record.ts'

/** Makes `runs/<scenario>/<time>/`, readable by its owner alone. */
export async function makeRunDirectory(root: string, scenario: string, at: Date): Promise<string> {
  const name =
    scenario
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'scenario'
  const parent = join(root, name)
  await mkdir(parent, { recursive: true })
  const stamp = at.toISOString().replace(/[:.]/g, '-')
  const directory = join(parent, stamp)
  await mkdir(directory, { mode: 0o700 })
  await mkdir(join(directory, 'logs'))
  return directory
}

/** Append-only log.ndjson. A line that could not be written does not end the run under way: `close` rejects for it. */
export function openLog(directory: string): {
  write(entry: LogEntry): void
  close(): Promise<void>
} {
  const path = join(directory, 'log.ndjson')
  const stream = createWriteStream(path, { flags: 'a' })
  let failure: Error | undefined
  stream.on('error', (error) => (failure ??= error))
  return {
    write: (entry) => {
      if (failure === undefined) stream.write(`${JSON.stringify(entry)}\n`)
    },
    close: async () => {
      stream.end()
      await finished(stream).catch((error: Error) => (failure ??= error))
      if (failure !== undefined)
        throw new FreshetError(
          'environment',
          `${path} could not be written: ${messageOf(failure)}`,
          { cause: failure },
        )
    },
  }
}

/** Renamed into place: a reader never sees half a file. */
export async function writeJson(directory: string, name: string, value: unknown): Promise<void> {
  const path = join(directory, name)
  await writeFile(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`)
  await rename(`${path}.new`, path)
}

const AUDIT_NAMES = ['lane', 'seq', 'copies', 'positions', 'visible', 'corrupt'] as const
type AuditColumn = (typeof AUDIT_NAMES)[number]
type AuditMeta = Omit<AuditRows, AuditColumn>

export async function writeAudit(
  directory: string,
  audit: AuditRows,
  inLog: Uint8Array | null,
): Promise<void> {
  await mkdir(join(directory, 'audit'), { recursive: true })
  for (const name of AUDIT_NAMES)
    await writeFile(join(directory, 'audit', `${name}.bin`), audit[name])
  const { storedRows, copiesMerged } = audit
  await writeJson(directory, join('audit', 'meta.json'), { storedRows, copiesMerged })
  if (inLog !== null) await writeFile(join(directory, 'audit', 'in-log.bin'), inLog)
}

/** Null when it is not there, or not whole: its columns are written one after the other. */
async function readAudit(directory: string): Promise<AuditRows | null> {
  const read = async (name: AuditColumn): Promise<ArrayBuffer> => {
    const bytes = await readFile(join(directory, 'audit', `${name}.bin`))
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  }
  try {
    const rows: AuditRows = {
      lane: new Uint16Array(await read('lane')),
      seq: new Uint32Array(await read('seq')),
      copies: new Uint32Array(await read('copies')),
      positions: new Uint32Array(await read('positions')),
      visible: new Uint32Array(await read('visible')),
      corrupt: new Uint8Array(await read('corrupt')),
      // Older runs have none.
      ...(await readOptional<AuditMeta>(directory, join('audit', 'meta.json'))),
    }
    return AUDIT_NAMES.every((name) => rows[name].length === rows.lane.length) ? rows : null
  } catch {
    return null
  }
}

/** Everything a run left behind. Throws when it ended too early to have left its measurements: see `readPartial`. */
export async function readRun(directory: string): Promise<RunRecord> {
  const run = await readAny(directory)
  if (!('missing' in run)) return run
  throw new FreshetError(
    'usage',
    `${directory} ended before it was measured: no ${run.missing.join(', ')}`,
    { hint: `\`freshet report ${directory}\` shows what is known of it` },
  )
}

/** A run that was killed has left its log, but not its ledger: then only that. */
export async function readAny(directory: string): Promise<RunRecord | PartialRecord> {
  const meta = await readOptional<Meta>(directory, 'meta.json')
  const begun = await readOptional<Started>(directory, 'started.json')
  const started = begun ?? meta
  if (started === null)
    throw new FreshetError('usage', `${directory} is not a run: it has no started.json`)
  const log = await readLog(directory)
  if (meta === null) return { started, log, missing: ['meta.json'] }
  const { ledger, missing } = await readLedger(directory, meta.events, meta.lanes)
  if (missing.length > 0)
    return { started, log, missing: missing.map((name) => `ledger/${name}.bin`) }
  return {
    meta,
    // Runs of before there was a started.json did not note their end either.
    log: begun === null || isTornDown(log) ? log : [...log, killed(log)],
    ledger,
    audit: await readAudit(directory),
    inLog: await readFile(join(directory, 'audit', 'in-log.bin')).catch(() => null),
    load: await readOptional<LoadReport>(directory, 'load.json'),
    harness: await readOptional<RunRecord['harness'] & object>(directory, 'harness.json'),
  }
}

/** Its end is on record; or how it failed to come to one. */
const isTornDown = (log: readonly LogEntry[]): boolean =>
  log.some(
    (entry) =>
      (entry.type === 'note' && entry.text === TORN_DOWN) ||
      (entry.type === 'doubt' && entry.code === 'interrupted'),
  )

function killed(log: readonly LogEntry[]): LogEntry {
  const phase = log.findLast((entry) => entry.type === 'phase')?.phase ?? 'setup'
  const detail = `the run was killed in ${phase}: nothing says that it was torn down`
  return { type: 'doubt', atMs: log.at(-1)?.atMs ?? 0, code: 'interrupted', detail }
}

async function readOptional<T>(directory: string, name: string): Promise<T | null> {
  const text = await readFile(join(directory, name), 'utf8').catch(() => null)
  // Our own files, written by this version or an older one of the same format.
  return text === null ? null : (JSON.parse(text) as T)
}

/** A last line that was cut off by a kill is left out. */
async function readLog(directory: string): Promise<LogEntry[]> {
  const text = await readFile(join(directory, 'log.ndjson'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  return lines.slice(0, -1).map((line) => JSON.parse(line) as LogEntry)
}
