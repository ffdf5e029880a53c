import type { RunMs } from '../lib/clock.ts'
import { freshnessOf, intendedIn, phaseSamples, samplesOf } from './freshness.ts'
import { peakBacklog, type Backlog } from './backlog.ts'
import { eventsBetween, type Observed } from './observed.ts'
import { spanOf, type PhaseSpan } from './phases.ts'
import type { Meta } from '../run/record.ts'
import type { CatchUp, Summary } from './summary.ts'
import type { Windows } from './windows.ts'

export type Band = NonNullable<Summary['band']>
/** Everything that says whether an instant is steady. */
export interface Steadiness {
  readonly observed: Observed
  readonly windows: Windows
  readonly backlog: Backlog
  readonly band: Band
}
const HOLD_MS = 5000
const SHORTEST_FLOOR_MS = 100

/** What the probes cannot resolve: two intervals. */
export const floorOf = (probeIntervalMs: number): number =>
  Math.max(2 * probeIntervalMs, SHORTEST_FLOOR_MS)

/** The steady band, from the baseline; null where the baseline has no 95th percentile to compare with. */
export function bandOf(observed: Observed, backlog: Backlog): Band | null {
  const span = spanOf(observed.phases, 'baseline')
  const stats = span === null ? null : freshnessOf(phaseSamples(observed, span))
  if (
    span === null ||
    stats === null ||
    stats.censoredFrom === 'p95' ||
    stats.censoredFrom === 'p50'
  )
    return null
  const peak = peakBacklog(backlog, span.startMs, span.endMs) ?? 0
  const offeredEps = offeredIn(observed, span)
  return bandAround({ p95Ms: stats.p95Ms, peak, offeredEps }, observed.record.meta)
}

/** Events/s over a span, by their number: a peak elsewhere in the plan must not widen the band. */
export const epsOver = (events: number, span: Pick<PhaseSpan, 'startMs' | 'endMs'>): number =>
  (events * 1000) / (span.endMs - span.startMs)
export const offeredIn = (observed: Observed, span: PhaseSpan): number =>
  epsOver(intendedIn(observed, span.startMs, span.endMs).length, span)

/** What a band is drawn around, of a baseline: its 95th percentile, its peak backlog and its rate. */
export interface Baseline {
  readonly p95Ms: number
  readonly peak: number
  readonly offeredEps: number
}
export function bandAround(
  { p95Ms, peak, offeredEps }: Baseline,
  { probeIntervalMs }: Pick<Meta, 'probeIntervalMs'>,
): Band {
  const floor = floorOf(probeIntervalMs)
  return {
    baselineP95Ms: p95Ms,
    freshnessMs: Math.max(1.2 * p95Ms, p95Ms + floor),
    backlogEvents: Math.max(1.2 * peak, peak + (offeredEps * floor) / 1000),
  }
}

/** Is the window that starts at step k, and the backlog at that instant, inside the band? */
export function steadyAt({ windows, backlog, band }: Steadiness, k: number): boolean {
  const window = windows.list[k]
  if (window === undefined || (backlog.total[k] ?? Infinity) > band.backlogEvents) return false
  // Nothing was due: only the backlog can tell. Due but nothing taken is an outage, not calm.
  if (window.events === 0) return window.scheduled === 0
  return !window.censored && window.p95Ms <= band.freshnessMs
}

/** The hold: 5 s, or a fifth of a short planned recovery, and never less than one window. */
export function holdMsOf({ plannedMs }: Pick<Meta, 'plannedMs'>, windowMs: number): number {
  const { recovery, settle } = plannedMs
  return Math.max(windowMs, Math.min(HOLD_MS, (settle - recovery) / 5))
}

/** Steps, and how many a hold and a window have. */
export interface HoldSteps {
  readonly from: number
  /** Windows that are complete. */
  readonly count: number
  readonly hold: number
  readonly width: number
}

/** The first step at which a hold begins: every window within it is steady, and the backlog stays in its band to its end. */
export function firstHeld(
  { from, count, hold, width }: HoldSteps,
  is: { steady(step: number): boolean; drained(step: number): boolean },
): number | null {
  const span = Math.max(1, hold - width + 1)
  let held = 0
  for (let k = from; k < count; k++) {
    held = is.steady(k) ? held + 1 : 0
    if (held < span) continue
    const end = k - span + 1 + hold
    let at = k
    // The last window starts before the hold ends.
    while (at <= end && is.drained(at)) at++
    if (at > end) return k - span + 1
  }
  return null
}

/** From healed to the start of the first steady interval that was held; the hold must not outlast the load. */
export function catchUpOf(steadiness: Steadiness, healedMs: RunMs): CatchUp {
  const { observed, windows, backlog, band } = steadiness
  const { stepMs, windowMs, list } = windows
  const hold = Math.ceil(holdMsOf(observed.record.meta, windowMs) / stepMs)
  const start = firstHeld(
    { from: Math.floor(healedMs / stepMs), count: list.length, hold, width: windowMs / stepMs },
    {
      steady: (k) => steadyAt(steadiness, k),
      drained: (k) => (backlog.total[k] ?? Infinity) <= band.backlogEvents,
    },
  )
  if (start === null)
    return { state: 'not-recovered', waitedMs: Math.max(0, observed.loadEndMs - healedMs) }
  return {
    state: 'recovered',
    ms: Math.max(start * stepMs - healedMs, 0),
    errorMs: errorOf(steadiness, start, start + hold),
  }
}

function errorOf({ observed, windows }: Steadiness, from: number, to: number): number {
  const stats = freshnessOf(samplesOf(observed, eventsBetween(windows.steps, from, to)))
  return windows.windowMs + (stats?.errorMs ?? observed.record.meta.probeIntervalMs)
}
