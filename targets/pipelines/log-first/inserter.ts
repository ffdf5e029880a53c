import { messageOf } from '../../../harness/lib/errors.ts'
import * as z from 'zod'
import { CONSUMER_TIMES } from './consumer-config.ts'

const QUERY = 'INSERT INTO events FORMAT JSONEachRow'
/** One row that is none must not hold up all others for ever: the sink leaves it out, and its summary says so. */
const ALLOW_ERRORS = 4_000_000_000
const summary = z.object({ written_rows: z.coerce.number() })

export interface Insert {
  readonly sinkUrl: string
  readonly body: Buffer
  readonly timeoutMs: number
}

/**
 * One HTTP insert; resolves with the number of rows that the sink took. The fate of one that timed out is unknown: it is
 * sent again, and a duplicate is legal.
 */
export async function insertRows({ sinkUrl, body, timeoutMs }: Insert): Promise<number> {
  const query = new URLSearchParams({
    query: QUERY,
    input_format_allow_errors_num: String(ALLOW_ERRORS),
  })
  const response = await fetch(`${sinkUrl}/?${query.toString()}`, {
    method: 'POST',
    body: new Uint8Array(body),
    signal: AbortSignal.timeout(timeoutMs),
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${answer.slice(0, 300)}`)
  return summary.parse(JSON.parse(response.headers.get('x-clickhouse-summary') ?? 'null'))
    .written_rows
}

export interface Retry {
  /** Nobody waits for the rows any more. */
  readonly dropped: () => boolean
  readonly onFailure: (message: string) => void
}

/** Tries until it works or the rows are dropped; each attempt has a limit, their number has none. Undefined: dropped. */
export async function insertUntilDone(
  insert: () => Promise<number>,
  retry: Retry,
): Promise<number | undefined> {
  for (
    let delayMs = 50;
    !retry.dropped();
    delayMs = Math.min(delayMs * 2, CONSUMER_TIMES.insertBackoffMaxMs)
  ) {
    try {
      return await insert()
    } catch (failure) {
      retry.onFailure(messageOf(failure))
      await new Promise((resolve) => setTimeout(resolve, delayMs))
    }
  }
  return undefined
}
