import { endRun } from '../runtime/end-run.ts'
import { openJournals, type JournalProcess, type OpenJournal } from '../runtime/journal.ts'
import { EXIT } from './exit-codes.ts'

const REAP_LIMIT_MS = 10_000

interface Cleaned {
  readonly runId: string
  readonly directory: string
  /** What still ran of it, and what of that could not be ended. */
  readonly found: readonly string[]
  readonly left: readonly string[]
}

/** Finishes what dead runs left behind. Runs that are under way are let be. */
export async function cleanCommand(
  options: { readonly json: boolean },
  end: typeof endRun = endRun,
): Promise<number> {
  const journals = openJournals()
  const underWay = journals.filter((journal) => journal.ownerAlive)
  const cleaned: Cleaned[] = []
  for (const journal of journals) if (!journal.ownerAlive) cleaned.push(await clean(journal, end))
  const alive = underWay.map((journal) => ({ runId: journal.runId, pid: journal.owner.pid }))
  const lines = [
    ...cleaned.map(describe),
    ...alive.map((one) => `run ${one.runId} is under way (pid ${one.pid}): left alone`),
  ]
  const text = lines.length === 0 ? 'nothing to clean' : lines.join('\n')
  console.log(options.json ? JSON.stringify({ cleaned, underWay: alive }) : text)
  return cleaned.some((one) => one.left.length > 0) ? EXIT.harness : EXIT.pass
}

async function clean(journal: OpenJournal, end: typeof endRun): Promise<Cleaned> {
  const { found, left } = await end(journal, REAP_LIMIT_MS)
  const names = (processes: readonly JournalProcess[]): string[] =>
    processes.map((one) => `${one.name} (pid ${one.pid})`)
  const { runId, directory } = journal
  return { runId, directory, found: names(found), left: names(left) }
}

function describe(run: Cleaned): string {
  if (run.left.length > 0) return `run ${run.runId}: could not end ${run.left.join(', ')}`
  if (run.found.length === 0)
    return `run ${run.runId}: nothing was left running; its journal is removed`
  return `run ${run.runId}: ended ${run.found.join(', ')}; its journal is removed`
}
