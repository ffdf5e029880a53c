import { openJournals, removeJournal, type OpenJournal } from '../runtime/journal.ts'
import { reap } from '../runtime/reap.ts'

const REAP_LIMIT_MS = 10_000
const EXIT_OK = 0
const EXIT_NOT_CLEAN = 4

interface Cleaned {
  readonly runId: string
  readonly directory: string
  /** What still ran of it, and what of that could not be ended. */
  readonly found: readonly string[]
  readonly left: readonly string[]
}

/** Finishes what dead runs left behind. Runs that are under way are let be. */
export async function cleanCommand(options: { readonly json: boolean }): Promise<number> {
  const journals = openJournals()
  const underWay = journals.filter((journal) => journal.ownerAlive)
  const cleaned: Cleaned[] = []
  for (const journal of journals) if (!journal.ownerAlive) cleaned.push(await clean(journal))
  const alive = underWay.map((journal) => ({ runId: journal.runId, pid: journal.owner.pid }))
  const lines = [
    ...cleaned.map(describe),
    ...alive.map((one) => `run ${one.runId} is under way (pid ${one.pid}): left alone`),
  ]
  const text = lines.length === 0 ? 'nothing to clean' : lines.join('\n')
  console.log(options.json ? JSON.stringify({ cleaned, underWay: alive }) : text)
  return cleaned.some((one) => one.left.length > 0) ? EXIT_NOT_CLEAN : EXIT_OK
}

async function clean(journal: OpenJournal): Promise<Cleaned> {
  const left = await reap(journal.running, REAP_LIMIT_MS)
  if (left.length === 0) removeJournal(journal)
  const names = (processes: OpenJournal['running']): string[] =>
    processes.map((one) => `${one.name} (pid ${one.pid})`)
  return {
    runId: journal.runId,
    directory: journal.directory,
    found: names(journal.running),
    left: names(left),
  }
}

function describe(run: Cleaned): string {
  if (run.left.length > 0) return `run ${run.runId}: could not end ${run.left.join(', ')}`
  if (run.found.length === 0)
    return `run ${run.runId}: nothing was left running; its journal is removed`
  return `run ${run.runId}: ended ${run.found.join(', ')}; its journal is removed`
}
