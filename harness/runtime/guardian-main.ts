import { endRun } from './end-run.ts'
import { readJournal } from './journal.ts'
import { outlived } from './watcher.ts'

/** Leaves time to spare within the ten seconds that are promised. */
const REAP_LIMIT_MS = 4000

/** Runs until its standard input ends: then the run's process has said goodbye, or has died. */
async function main(journalPath: string): Promise<void> {
  if (!(await outlived())) return
  const journal = readJournal(journalPath)
  if (journal === null) return
  // What cannot be ended stays in the journal, for `freshet clean`.
  const { found, left } = await endRun(journal, REAP_LIMIT_MS)
  const names = found.map((one) => `${one.name} (pid ${one.pid})`).join(', ')
  console.log(
    `run ${journal.runId} died; ended: ${names || 'nothing'}; still there: ${left.length}`,
  )
}

const [, , journalPath] = process.argv
if (journalPath === undefined) throw new Error('usage: guardian-main <journal>')
await main(journalPath)
