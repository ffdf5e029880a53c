import type { RunMs } from '../lib/clock.ts'
import { GaugeProbe } from '../probes/gauges.ts'
import { watchSelf } from '../probes/self.ts'
import { settle } from './drain.ts'
import { firstEvents, type Ledger } from './ledger.ts'
import { LANDING_COLUMNS, LOAD_COLUMNS, readColumns, writeColumns } from './ledger-file.ts'
import type { Live } from './live.ts'
import type { Meta } from './record.ts'
import { recoveryEnd } from './recovery-end.ts'
import { writeJson } from './run-directory.ts'
import { playFaults } from './timeline.ts'

/** What the worker may take to write its columns after the last answer, ms. */
const COLUMNS_LIMIT_MS = 30_000
/** After Ctrl-C: what the last answers, and then the columns, may take, ms. */
const LAST_ANSWERS_MS = 1000
const SALVAGE_LIMIT_MS = 4000
const SHOW_EVERY_MS = 500
const LOG_EVERY_MS = 1000

/** From the first event to the end of settle, with the probes watching. Returns the ledger of what was scheduled. */
export async function observe(live: Live, meta: Meta, startMs: RunMs): Promise<Ledger> {
  const { plan, worker, clock, signal } = live
  const settleMs = plan.phases.end - plan.phases.settle
  const stopWatching = watch(live, startMs)
  let ledger = live.ledger
  try {
    worker.go(startMs, settleMs)
    await playPhases(live, meta, startMs)
    const settleFromMs = clock.now()
    ledger = await collect(live, meta, { timeoutMs: settleMs + COLUMNS_LIMIT_MS, signal })
    await settle({ ...live, ledger }, settleFromMs + settleMs)
  } catch (failure) {
    worker.endAt(clock.now(), LAST_ANSWERS_MS)
    // What was measured until now is worth keeping; without it the log is all there is.
    ledger = await collect(live, meta, { timeoutMs: SALVAGE_LIMIT_MS }).catch(() => ledger)
    throw failure
  } finally {
    await stopWatching(ledger)
  }
  return ledger
}

/** Warm-up to the start of settle. Every fault is healed or given up when it returns. */
async function playPhases(live: Live, meta: Meta, startMs: RunMs): Promise<void> {
  const { plan, target, clock, enter, signal, log, faults } = live
  const { system } = target
  const played = playFaults(plan.faults, { faults, system, clock, startMs, signal, log })
  try {
    for (const phase of ['warmup', 'baseline', 'faults', 'recovery'] as const) {
      await clock.sleepUntil(startMs + plan.phases[phase], signal)
      enter(phase)
    }
    await recoveryEnd(live, meta, startMs)
    enter('settle')
  } finally {
    await played
  }
}

/** The worker's columns, and the number of events that it scheduled in the end. */
async function collect(
  { worker, ledger, directory }: Live,
  meta: Meta,
  limits: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<Ledger> {
  const count = await worker.finished(limits.timeoutMs, limits.signal)
  const scheduled = firstEvents(ledger, count)
  await readColumns(directory, scheduled, LOAD_COLUMNS)
  await writeJson(directory, 'meta.json', { ...meta, events: count })
  return scheduled
}

/** Starts the probes and the progress lines; what it returns stops them and writes what they saw. */
function watch(live: Live, startMs: RunMs): (ledger: Ledger) => Promise<void> {
  const { directory, target, worker, probe, clock, log, observer } = live
  const self = watchSelf()
  const gauges = new GaugeProbe({ target, clock, log })
  const now = (): { atMs: RunMs; load: Live['worker']['progress']; landed: number } => ({
    atMs: clock.now(),
    load: worker.progress,
    landed: probe.landed,
  })
  const timers = [
    setInterval(() => observer.progress({ ...now(), atMs: clock.now() - startMs }), SHOW_EVERY_MS),
    setInterval(() => log({ type: 'progress', ...now() }), LOG_EVERY_MS),
  ]
  probe.start()
  gauges.start()
  return async (ledger) => {
    timers.forEach(clearInterval)
    await gauges.stop()
    await probe.stop()
    await writeColumns(directory, ledger, LANDING_COLUMNS)
    await writeJson(directory, 'harness.json', self())
  }
}
