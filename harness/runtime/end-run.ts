import { until } from '../lib/until.ts'
import { readJournal, removeJournal, type JournalProcess, type OpenJournal } from './journal.ts'
import { isAlive } from './proc.ts'
import { reap } from './reap.ts'

/** A process on its way out has closed its files before it is gone. */
const OWNER_LIMIT_MS = 2000
/** Longer than a process needs from its fork to its own environment, by which it is found. */
const SECOND_LOOK_MS = 300

export interface Ended {
  /** What still ran of it, and what of that could not be ended. */
  readonly found: readonly JournalProcess[]
  readonly left: readonly JournalProcess[]
}

/** Ends all that is left of a dead run, and its journal once a second look finds nothing more. */
export async function endRun(journal: OpenJournal, limitMs: number): Promise<Ended> {
  const ownerIsGone = (): boolean => !isAlive(journal.owner)
  const what = `run ${journal.runId} itself to be gone`
  await until(ownerIsGone, { timeoutMs: OWNER_LIMIT_MS, what, everyMs: 10 }).catch(() => undefined)
  const found = readJournal(journal.path)?.running ?? []
  const left = await reap(found, limitMs)
  await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK_MS))
  const late = readJournal(journal.path)?.running ?? []
  const stillThere = late.length === 0 ? left : await reap(late, limitMs)
  if (stillThere.length === 0) removeJournal(journal)
  return { found: distinct([...found, ...late]), left: stillThere }
}

const distinct = (processes: readonly JournalProcess[]): readonly JournalProcess[] => [
  ...new Map(processes.map((one) => [one.pid, one])).values(),
]
