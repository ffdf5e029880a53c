import { messageOf } from '../../../harness/lib/errors.ts'
import { CONSUMER_TIMES } from './consumer-config.ts'

const QUERY = 'INSERT INTO events FORMAT JSONEachRow'

/** One HTTP insert. The fate of one that timed out is unknown: it is sent again, and a duplicate is legal. */
export async function insertRows(sinkUrl: string, body: Buffer): Promise<void> {
  const response = await fetch(`${sinkUrl}/?query=${encodeURIComponent(QUERY)}`, {
    method: 'POST',
    body: new Uint8Array(body),
    signal: AbortSignal.timeout(CONSUMER_TIMES.insertTimeoutMs),
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${answer.slice(0, 300)}`)
}

export interface Retry {
  /** Nobody waits for the rows any more. */
  readonly dropped: () => boolean
  readonly onFailure: (message: string) => void
}

/** Tries until it works or the rows are dropped; each attempt has a limit, their number has none. Says whether it worked. */
export async function insertUntilDone(insert: () => Promise<void>, retry: Retry): Promise<boolean> {
  for (
    let delayMs = 50;
    !retry.dropped();
    delayMs = Math.min(delayMs * 2, CONSUMER_TIMES.insertBackoffMaxMs)
  ) {
    try {
      await insert()
      return true
    } catch (failure) {
      retry.onFailure(messageOf(failure))
      await new Promise((resolve) => setTimeout(resolve, delayMs))
    }
  }
  return false
}
