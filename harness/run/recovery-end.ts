import { liveBand, liveHold, type LiveLoad } from '../analysis/live-catch-up.ts'
import type { RunMs } from '../lib/clock.ts'
import { formatMs } from '../lib/quantity.ts'
import { scheduleOf } from '../load/schedule.ts'
import type { Scenario } from '../scenario/schema.ts'
import type { Live } from './live.ts'
import type { LogEntry } from './log.ts'
import type { Meta } from './record.ts'

const LOOK_EVERY_MS = 1000
/** From the decision to the end of the load: time for the worker to hear of it. */
const NOTICE_MS = 250

/**
 * Waits for the end of recovery: the planned one, or earlier once every fault has caught up and held. Then the load ends,
 * and what would have come is not scheduled.
 */
export async function recoveryEnd(live: Live, meta: Meta, startMs: RunMs): Promise<void> {
  const { clock, plan, worker, log, signal } = live
  const plannedMs = startMs + plan.phases.settle
  const looks = mayEndEarly(meta.scenario) ? looker(live, meta, startMs) : (): null => null
  for (;;) {
    const lookMs = clock.now() + LOOK_EVERY_MS
    if (lookMs + NOTICE_MS >= plannedMs) return clock.sleepUntil(plannedMs, signal)
    await clock.sleepUntil(lookMs, signal)
    const heldFromMs = looks()
    if (heldFromMs === null) continue
    const endMs = clock.now() + NOTICE_MS
    worker.endAt(endMs)
    const text = `recovery ended ${formatMs(plannedMs - endMs)} early: steady since ${formatMs(heldFromMs)}, and held`
    log({ type: 'note', atMs: clock.now(), text })
    return clock.sleepUntil(endMs, signal)
  }
}

/** A measure over the recovery means its planned length; without a fault there is nothing to come back from. */
const mayEndEarly = ({ faults, objectives }: Scenario): boolean =>
  faults.length > 0 && !objectives.some((one) => 'over' in one && one.over === 'recovery')

/** Asked again and again: since when the pipeline has been steady, once that has been held after every heal. */
function looker(live: Live, meta: Meta, startMs: RunMs): () => RunMs | null {
  const { clock, plan, history, ledger } = live
  const load: LiveLoad = {
    schedule: scheduleOf(plan.load.segments),
    startMs,
    landed: ledger.landed,
    meta,
  }
  let band: ReturnType<typeof liveBand> | undefined
  return () => {
    const sinceMs = steadyFrom(history, meta.scenario)
    if (sinceMs === null) return null
    // Once: nothing about the baseline changes any more, unless an event of it is still to land.
    band ??= liveBand(load, {
      startMs: phaseStart(history, 'baseline'),
      endMs: phaseStart(history, 'faults'),
    })
    return band === null ? null : liveHold(load, band, { sinceMs, nowMs: clock.now() })
  }
}

/** The last heal, or the start of recovery when that is later; null while a fault is not healed. */
function steadyFrom(history: readonly LogEntry[], { faults }: Scenario): RunMs | null {
  const healed = history.flatMap((entry) =>
    entry.type === 'fault' && entry.edge === 'healed' ? [entry] : [],
  )
  if (!faults.every(({ id }) => healed.some((one) => one.id === id))) return null
  return Math.max(phaseStart(history, 'recovery'), ...healed.map(({ atMs }) => atMs))
}

const phaseStart = (history: readonly LogEntry[], phase: string): RunMs =>
  history.find((entry) => entry.type === 'phase' && entry.phase === phase)?.atMs ?? Number.NaN
