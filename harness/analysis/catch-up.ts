import type { RunMs } from '../lib/clock.ts'
import { freshnessOf, phaseSamples, samplesOf } from './freshness.ts'
import { peakBacklog, type Backlog } from './backlog.ts'
import { eventsBetween, type Observed } from './observed.ts'
import { spanOf } from './phases.ts'
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
  const { probeIntervalMs, peakEps } = observed.record.meta
  const floor = floorOf(probeIntervalMs)
  const peak = peakBacklog(backlog, span.startMs, span.endMs) ?? 0
  return {
    baselineP95Ms: stats.p95Ms,
    freshnessMs: Math.max(1.2 * stats.p95Ms, stats.p95Ms + floor),
    backlogEvents: Math.max(1.2 * peak, peak + (peakEps * floor) / 1000),
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
export function holdMsOf({ observed, windows }: Pick<Steadiness, 'observed' | 'windows'>): number {
  const { recovery, settle } = observed.record.meta.plannedMs
  return Math.max(windows.windowMs, Math.min(HOLD_MS, (settle - recovery) / 5))
}

/** From healed to the start of the first steady interval that was held; the hold must not outlast the load. */
export function catchUpOf(steadiness: Steadiness, healedMs: RunMs): CatchUp {
  const { observed, windows } = steadiness
  const { stepMs } = windows
  const holdSteps = Math.ceil(holdMsOf(steadiness) / stepMs)
  const span = Math.max(1, holdSteps - windows.windowMs / stepMs + 1)
  let held = 0
  for (let k = Math.floor(healedMs / stepMs); k < windows.list.length; k++) {
    held = steadyAt(steadiness, k) ? held + 1 : 0
    if (held < span) continue
    const start = k - span + 1
    if (!backlogHolds(steadiness, k, start + holdSteps)) continue
    return {
      state: 'recovered',
      ms: Math.max(start * stepMs - healedMs, 0),
      errorMs: errorOf(steadiness, start, start + holdSteps),
    }
  }
  return { state: 'not-recovered', waitedMs: observed.loadEndMs - healedMs }
}

/** The last window starts before the hold ends: the backlog must stay in its band until then. */
function backlogHolds({ backlog, band }: Steadiness, from: number, to: number): boolean {
  for (let k = from; k <= to; k++)
    if ((backlog.total[k] ?? Infinity) > band.backlogEvents) return false
  return true
}

function errorOf({ observed, windows }: Steadiness, from: number, to: number): number {
  const stats = freshnessOf(samplesOf(observed, eventsBetween(windows.steps, from, to)))
  return windows.windowMs + (stats?.errorMs ?? observed.record.meta.probeIntervalMs)
}
