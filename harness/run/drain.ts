import type { AuditRows, LandedRows, Target } from '../../targets/target.ts'
import { messageOf } from '../lib/errors.ts'
import { until, within } from '../lib/until.ts'
import { indexOf, NEVER, OUTCOMES, type Ledger } from './ledger.ts'
import { writeAudit } from './run-directory.ts'
import type { Live } from './live.ts'

const ACKED = OUTCOMES.indexOf('acked')
/** Reads of an idle pipeline, a second apart, before what is absent counts as absent for good. */
const IDLE_READS = 3
const AUDIT_LIMIT_MS = 300_000

type Drained = Pick<Live, 'clock' | 'ledger' | 'log' | 'signal'>

/**
 * Waits until every acked event has landed and the pipeline has nothing left to deliver, which may be a replay; or until
 * it is idle for long enough to say that what is absent stays so; or for the deadline.
 */
export async function settle(
  live: Drained & { readonly target: Pick<Target, 'gauges'> },
  deadlineMs: number,
): Promise<void> {
  const { clock, ledger, target, signal } = live
  let idle = 0
  for (let reads = 0; ; reads += 1) {
    const missing = absent(ledger)
    const enough = target.gauges === undefined ? 0 : 1
    if (idle >= (missing > 0 ? IDLE_READS : enough)) return
    if (clock.now() > deadlineMs) return sayNotIdle(live, missing)
    if (missing > 0 || reads > 0) await clock.sleepUntil(clock.now() + 1000, signal)
    idle = (await isIdle(target)) ? idle + 1 : 0
  }
}

/** What had landed stays landed: only absence makes a doubt of it. */
function sayNotIdle({ clock, log }: Drained, missing: number): void {
  const atMs = clock.now()
  if (missing === 0) {
    const text =
      'the pipeline was not idle at the settle deadline: copies may have come after the audit'
    return log({ type: 'note', atMs, text })
  }
  const detail = `${missing} acked events had not landed at the settle deadline, and the pipeline was not idle`
  log({ type: 'doubt', atMs, code: 'drain-incomplete', detail })
}

/** Nothing is left between the source and the sink: the sum of the pipeline's lags is zero. */
async function isIdle(target: Pick<Target, 'gauges'>): Promise<boolean> {
  const gauges = await target.gauges?.(AbortSignal.timeout(5000)).catch(() => null)
  const lags = Object.entries(gauges ?? {}).filter(([name]) => name.startsWith('lag.'))
  return lags.length > 0 && lags.every(([, value]) => value === 0)
}

/** The number of events that were acked and have not been seen in the sink. */
function absent(ledger: Ledger): number {
  let found = 0
  for (let i = 0; i < ledger.count; i += 1)
    if (ledger.outcome[i] === ACKED && ledger.landed[i] === NEVER) found += 1
  return found
}

/** Reads the whole sink over a fresh connection, and looks for what it lacks in the log. */
export async function audit(
  live: Drained & { readonly target: Pick<Target, 'sink'>; readonly directory: string },
): Promise<void> {
  const { ledger, directory, signal } = live
  const { sink } = live.target
  let rows: AuditRows | null = null
  const limit = AbortSignal.any([signal, AbortSignal.timeout(AUDIT_LIMIT_MS)])
  await until(async () => (rows = await sink.audit(limit)) !== null, {
    timeoutMs: AUDIT_LIMIT_MS,
    what: 'the audit of the sink',
    everyMs: 1000,
    signal,
  })
  if (rows === null) return
  const found: AuditRows = rows
  const inLog = await attribute(live, { missing: missingIn(ledger, found), limit })
  await writeAudit(directory, found, inLog)
}

/** Which of the missing the log still holds; null where nobody can say. */
async function attribute(
  { target, clock, log }: Drained & { readonly target: Pick<Target, 'sink'> },
  { missing, limit }: { readonly missing: LandedRows; readonly limit: AbortSignal },
): Promise<Uint8Array | null> {
  const { sink } = target
  if (sink.inLog === undefined) return null
  // It would read the whole log to find nothing in it.
  if (missing.seq.length === 0) return new Uint8Array()
  const asked = sink.inLog(missing, limit)
  return within(asked, AUDIT_LIMIT_MS, 'reading the log').catch((failure: unknown) => {
    const text = `losses could not be attributed: ${messageOf(failure)}`
    log({ type: 'note', atMs: clock.now(), text })
    return null
  })
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
