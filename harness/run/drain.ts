import type { LandedRows } from '../../targets/target.ts'
import { messageOf } from '../lib/errors.ts'
import { until, within } from '../lib/until.ts'
import { indexOf, NEVER, OUTCOMES, type Ledger } from './ledger.ts'
import { writeAudit } from './run-directory.ts'
import type { Live } from './live.ts'

const ACKED = OUTCOMES.indexOf('acked')
/** Reads of an idle pipeline, a second apart, before what is absent counts as absent for good. */
const IDLE_READS = 3
const AUDIT_LIMIT_MS = 300_000

/** Waits until every acked event has landed, or the pipeline has nothing left to deliver, or the deadline. */
export async function settle(live: Live, deadlineMs: number): Promise<void> {
  const { clock, ledger, log, signal } = live
  let idle = 0
  while (absent(ledger).length > 0 && idle < IDLE_READS) {
    if (clock.now() > deadlineMs) {
      const detail = `${absent(ledger).length} acked events had not landed at the settle deadline, and the pipeline was not idle`
      return log({ type: 'doubt', atMs: clock.now(), code: 'drain-incomplete', detail })
    }
    await clock.sleepUntil(clock.now() + 1000, signal)
    idle = (await isIdle(live)) ? idle + 1 : 0
  }
}

/** Nothing is left between the source and the sink: the sum of the pipeline's lags is zero. */
async function isIdle({ target }: Live): Promise<boolean> {
  const gauges = await target.gauges?.(AbortSignal.timeout(5000)).catch(() => null)
  const lags = Object.entries(gauges ?? {}).filter(([name]) => name.startsWith('lag.'))
  return lags.length > 0 && lags.every(([, value]) => value === 0)
}

/** Indexes of the events that were acked and have not been seen in the sink. */
function absent(ledger: Ledger): number[] {
  const found: number[] = []
  for (let i = 0; i < ledger.count; i += 1) {
    if (ledger.outcome[i] === ACKED && ledger.landed[i] === NEVER) found.push(i)
  }
  return found
}

/** Reads the whole sink over a fresh connection, and looks for what it lacks in the log. */
export async function audit({
  target,
  ledger,
  directory,
  log,
  clock,
  signal,
}: Live): Promise<void> {
  const { sink } = target
  let rows: Awaited<ReturnType<typeof sink.audit>> | null = null
  const limit = AbortSignal.any([signal, AbortSignal.timeout(AUDIT_LIMIT_MS)])
  await until(async () => (rows = await sink.audit(limit)) !== null, {
    timeoutMs: AUDIT_LIMIT_MS,
    what: 'the audit of the sink',
    everyMs: 1000,
    signal,
  })
  if (rows === null) return
  const found: Awaited<ReturnType<typeof sink.audit>> = rows
  const missing = missingIn(ledger, found)
  const inLog = await within(
    sink.inLog?.(missing, limit) ?? Promise.resolve(null),
    AUDIT_LIMIT_MS,
    'reading the log',
  ).catch((failure: unknown) => {
    log({
      type: 'note',
      atMs: clock.now(),
      text: `losses could not be attributed: ${messageOf(failure)}`,
    })
    return null
  })
  await writeAudit(directory, found, inLog)
}

function missingIn(ledger: Ledger, rows: LandedRows): LandedRows {
  const present = new Uint8Array(ledger.count)
  for (let i = 0; i < rows.lane.length; i += 1) {
    const index = indexOf(ledger, rows.lane[i] ?? 0, rows.seq[i] ?? 0)
    if (index >= 0) present[index] = 1
  }
  const missing: number[] = []
  for (let i = 0; i < ledger.count; i += 1)
    if (ledger.outcome[i] === ACKED && present[i] === 0) missing.push(i)
  return {
    lane: Uint16Array.from(missing, (i) => i % ledger.lanes),
    seq: Uint32Array.from(missing, (i) => Math.floor(i / ledger.lanes)),
  }
}
