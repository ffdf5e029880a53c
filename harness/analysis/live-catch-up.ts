import type { RunMs } from '../lib/clock.ts'
import { countBefore, type Schedule } from '../load/schedule.ts'
import { NEVER, TICKS_PER_MS, toMs, toTicks } from '../run/ledger.ts'
import type { Meta } from '../run/record.ts'
import { peakBacklog } from './backlog.ts'
import { bandAround, epsOver, firstHeld, holdMsOf, type Band } from './catch-up.ts'
import { percentile, rankOf } from './statistics.ts'
import { stepMsOf, widthOf } from './windows.ts'

/**
 * What is known of a load while it runs. Outcomes are not: every scheduled event counts as owed, so an event that was
 * refused makes a window look worse than the analysis will find it, never better.
 */
export interface LiveLoad {
  readonly schedule: Schedule
  /** Run ms of the schedule's zero. */
  readonly startMs: RunMs
  /** Ticks by event; NEVER where no probe has seen it yet. */
  readonly landed: Uint32Array
  readonly meta: Pick<Meta, 'probeIntervalMs' | 'plannedMs'>
}

const intendedTicks = ({ schedule, startMs }: LiveLoad, i: number): number =>
  toTicks(startMs + schedule.intendedMs(i))
/** The first event that is intended at `ticks` or later. */
const firstFrom = (load: LiveLoad, ticks: number): number =>
  countBefore({ count: load.schedule.count, intendedMs: (i) => intendedTicks(load, i) }, ticks)

/** The analysis's band, from the baseline; null while an event up to its end has not landed: it may never have been owed. */
export function liveBand(
  load: LiveLoad,
  baseline: { readonly startMs: RunMs; readonly endMs: RunMs },
): Band | null {
  const first = firstFrom(load, baseline.startMs * TICKS_PER_MS)
  const end = firstFrom(load, baseline.endMs * TICKS_PER_MS)
  const landed = load.landed.slice(0, end)
  if (end === first || landed.includes(NEVER)) return null
  const due = Uint32Array.from({ length: end }, (_, i) => intendedTicks(load, i))
  const freshness = Float64Array.from(
    { length: end - first },
    (_, k) => (landed[first + k] ?? NEVER) - (due[first + k] ?? 0),
  ).sort()
  const peak = peakBacklog({ due, landed: landed.sort() }, baseline.startMs, baseline.endMs)
  const p95Ms = toMs(percentile(freshness, 0.95))
  const offeredEps = epsOver(end - first, baseline)
  return bandAround({ p95Ms, peak: peak ?? 0, offeredEps }, load.meta)
}

/**
 * The start of a hold that is over by `nowMs` and began at `sinceMs` or later; null when there is none yet. The same
 * definition as the analysis's catch-up: had the load ended now, it would find this hold or an earlier one.
 */
export function liveHold(
  load: LiveLoad,
  band: Band,
  { sinceMs, nowMs }: { readonly sinceMs: RunMs; readonly nowMs: RunMs },
): RunMs | null {
  const stepMs = stepMsOf(load.meta.probeIntervalMs)
  const width = widthOf(stepMs)
  const hold = Math.ceil(holdMsOf(load.meta, width * stepMs) / stepMs)
  const end = Math.floor(nowMs / stepMs)
  // Only holds that may just have ended: older ones were looked at before.
  const slack = Math.ceil((2 * band.freshnessMs) / stepMs) + 2 * width
  const from = Math.max(Math.ceil(sinceMs / stepMs), end - hold - slack)
  if (from + hold > end) return null
  const counts = countsOf(load, band, { from, end, stepMs })
  const drained = (k: number): boolean =>
    k <= end && (counts.backlog[k - from] ?? Infinity) <= band.backlogEvents
  const start = firstHeld(
    { from, count: end - width + 1, hold, width },
    { steady: (k) => drained(k) && isFresh(counts, k - from, width), drained },
  )
  return start === null ? null : start * stepMs
}

interface Counts {
  /** By step: events intended in it, and those of them that landed within the band. */
  readonly due: Uint32Array
  readonly fresh: Uint32Array
  /** At the start of each step. */
  readonly backlog: Int32Array
}

/** At least 95 % of the window's events landed within the band: then its 95th percentile did. */
function isFresh({ due, fresh }: Counts, at: number, width: number): boolean {
  const sum = (column: Uint32Array): number =>
    column.subarray(at, at + width).reduce((total, count) => total + count, 0)
  const events = sum(due)
  return events === 0 || sum(fresh) >= rankOf(0.95, events)
}

function countsOf(
  load: LiveLoad,
  band: Band,
  { from, end, stepMs }: { from: number; end: number; stepMs: number },
): Counts {
  const steps = end - from
  const stepTicks = Math.round(stepMs * TICKS_PER_MS)
  const [due, fresh] = [new Uint32Array(steps), new Uint32Array(steps)]
  for (let i = firstFrom(load, from * stepTicks); i < load.schedule.count; i++) {
    const intended = intendedTicks(load, i)
    const step = Math.floor(intended / stepTicks) - from
    if (step >= steps) break
    due[step] = (due[step] ?? 0) + 1
    const landed = load.landed[i] ?? NEVER
    if (landed !== NEVER && (landed - intended) / TICKS_PER_MS <= band.freshnessMs)
      fresh[step] = (fresh[step] ?? 0) + 1
  }
  return { due, fresh, backlog: backlogAt(load, { from, end, stepTicks }) }
}

/** Due and not landed at each instant `k * stepTicks`, from `from` to `end`. */
function backlogAt(
  load: LiveLoad,
  { from, end, stepTicks }: { from: number; end: number; stepTicks: number },
): Int32Array {
  const backlog = Int32Array.from({ length: end - from + 1 }, (_, k) =>
    firstFrom(load, (from + k) * stepTicks + 1),
  )
  const landings = new Int32Array(backlog.length)
  for (const ticks of load.landed.subarray(0, backlog[backlog.length - 1])) {
    const k = Math.max(0, Math.ceil(ticks / stepTicks) - from)
    if (k < landings.length) landings[k] = (landings[k] ?? 0) + 1
  }
  let landed = 0
  return backlog.map((due, k) => due - (landed += landings[k] ?? 0))
}
