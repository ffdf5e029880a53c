import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import { FreshetError } from '../lib/errors.ts'
import { cacheRoot } from '../setup/paths.ts'
import { bootId, familyOf, isAlive, statOf, type ProcessIdentity } from './proc.ts'
import { markedBy, markOf } from './run-mark.ts'

const pid = z.int().positive()
const startTime = z.number()
const entrySchema = z.discriminatedUnion('op', [
  z.object({
    op: z.literal('open'),
    runId: z.string(),
    pid,
    startTime,
    directory: z.string(),
    boot: z.string(),
  }),
  z.object({ op: z.literal('process'), pid, startTime, name: z.string() }),
  z.object({ op: z.literal('gone'), pid }),
  z.object({ op: z.literal('closed') }),
])
type Entry = z.infer<typeof entrySchema>

export interface JournalProcess extends ProcessIdentity {
  readonly name: string
}
/** What a journal says about a run that did not close it. */
export interface OpenJournal {
  readonly path: string
  readonly runId: string
  readonly directory: string
  readonly owner: ProcessIdentity
  readonly ownerAlive: boolean
  /** The recorded processes of which something still runs; of a dead run also those it had no time to record. */
  readonly running: readonly JournalProcess[]
}

/** Write-ahead record of what a run has started; on disk before the run goes on. */
export class Journal {
  readonly path: string
  readonly #file: number
  #isClosed = false

  private constructor(path: string, file: number) {
    this.path = path
    this.#file = file
  }

  static open(runId: string, directory: string): Journal {
    const path = join(journalDirectory(), `${encodeURIComponent(runId)}.ndjson`)
    if (existsSync(path))
      throw new FreshetError('open-journal', `run ${runId} already has a journal: ${path}`)
    mkdirSync(dirname(path), { recursive: true })
    const self = statOf(process.pid)
    const startTime = self?.startTime ?? 0
    // Renamed into place, so that nobody ever reads a journal without its owner.
    const file = openSync(`${path}.new`, 'w')
    append(file, { op: 'open', runId, pid: process.pid, startTime, directory, boot: bootId() })
    renameSync(`${path}.new`, path)
    syncDirectory(dirname(path))
    return new Journal(path, file)
  }

  /** What every process of the run must have in its environment. */
  get mark(): Readonly<Record<string, string>> {
    return markOf(this.path)
  }

  process(process: JournalProcess): void {
    append(this.#file, {
      op: 'process',
      pid: process.pid,
      startTime: process.startTime,
      name: process.name,
    })
  }

  gone(pid: number): void {
    if (!this.#isClosed) append(this.#file, { op: 'gone', pid })
  }

  /** Everything is undone: the journal goes. Idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    append(this.#file, { op: 'closed' })
    closeSync(this.#file)
    rmSync(this.path, { force: true })
  }
}

/** Every journal that was not closed, with what is left of its run. */
export function openJournals(): readonly OpenJournal[] {
  const directory = journalDirectory()
  if (!existsSync(directory)) return []
  const files = readdirSync(directory).filter((name) => name.endsWith('.ndjson'))
  return files
    .map((name) => readJournal(join(directory, name)))
    .filter((journal) => journal !== null)
}

/** Null when it is gone or closed. */
export function readJournal(path: string): OpenJournal | null {
  if (!existsSync(path)) return null
  const entries = readFileSync(path, 'utf8').split('\n').map(parseEntry)
  const open = entries.find((entry) => entry?.op === 'open')
  if (open === undefined || open?.op !== 'open' || entries.some((entry) => entry?.op === 'closed'))
    return null
  const processes = new Map<number, JournalProcess>()
  for (const entry of entries) {
    if (entry?.op === 'process') processes.set(entry.pid, entry)
    if (entry?.op === 'gone') processes.delete(entry.pid)
  }
  const sameBoot = open.boot === bootId()
  const owner = { pid: open.pid, startTime: open.startTime }
  const ownerAlive = sameBoot && isAlive(owner)
  const recorded = sameBoot ? [...processes.values()].filter((one) => familyOf(one).length > 0) : []
  const running = ownerAlive ? recorded : [...recorded, ...unrecorded(path, recorded)]
  return {
    path,
    runId: open.runId,
    directory: open.directory,
    owner,
    ownerAlive,
    running,
  }
}

/** Started by the run, which died before it wrote them down. */
function unrecorded(path: string, recorded: readonly JournalProcess[]): readonly JournalProcess[] {
  const known = new Set(recorded.flatMap((one) => familyOf(one).map(({ pid }) => pid)))
  const marked = markedBy(path).filter(({ pid }) => !known.has(pid))
  return marked.map(({ pid, startTime }) => ({ pid, startTime, name: 'not recorded' }))
}

export function removeJournal(journal: OpenJournal): void {
  rmSync(journal.path, { force: true })
}

/** Throws when another run is under way or has left something running; removes journals that no longer mean anything. */
export function refuseOpenJournal(): void {
  for (const journal of openJournals()) {
    if (journal.ownerAlive) {
      const message = `run ${journal.runId} is under way (pid ${journal.owner.pid}); two runs at once would disturb each other's measurement`
      throw new FreshetError('open-journal', message, {
        hint: 'wait for it to end, or end it with Ctrl-C',
      })
    }
    if (journal.running.length > 0) {
      const names = journal.running.map((one) => `${one.name} (pid ${one.pid})`).join(', ')
      const message = `run ${journal.runId} ended without cleaning up; still running: ${names}`
      throw new FreshetError('open-journal', message, { hint: 'run `freshet clean`' })
    }
    removeJournal(journal)
  }
}

/** Where journals are kept: outside the run directories, which users move and delete. */
export function journalDirectory(): string {
  return join(cacheRoot(), 'state', 'journal')
}

function parseEntry(line: string): Entry | null {
  try {
    return entrySchema.parse(JSON.parse(line))
  } catch {
    // The last line of a run that was killed while writing.
    return null
  }
}

function append(file: number, entry: Entry): void {
  writeSync(file, `${JSON.stringify(entry)}\n`)
  fsyncSync(file)
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  fsyncSync(directory)
  closeSync(directory)
}
