import { freshnessOf, intendedIn, quantileOf, samplesOf } from './freshness.ts'
import { peakBacklog, type Backlog } from './backlog.ts'
import { floorOf, offeredIn } from './catch-up.ts'
import { formatCount, formatMs } from '../lib/quantity.ts'
import type { Observed } from './observed.ts'
import { spanOf } from './phases.ts'

/** How many times the better half's p95 the worse half's may be. */
const DRIFT = 1.5
/** Peaks of two halves differ by chance up to this share of the lower. */
const PEAK_NOISE = 0.2
/** Slope of a backlog that still counts as level, as a share of the rate. */
const LEVEL_SLOPE = 0.01

/** Why the baseline is no steady state to compare with; empty when it is. One that improves widens the band as well. */
export function unsteadiness(observed: Observed, backlog: Backlog): readonly string[] {
  const span = spanOf(observed.phases, 'baseline')
  if (span === null) return ['there is no baseline phase']
  const middle = (span.startMs + span.endMs) / 2
  const first = samplesOf(observed, intendedIn(observed, span.startMs, middle))
  const second = samplesOf(observed, intendedIn(observed, middle, span.endMs))
  if (freshnessOf(first) === null || freshnessOf(second) === null)
    return ['half of the baseline has no events']
  const [before, after] = [quantileOf(first, 0.95), quantileOf(second, 0.95)]
  if (before.censored || after.censored) return ['more than 5 % of the baseline never landed']
  const floor = floorOf(observed.record.meta.probeIntervalMs)
  const offeredEps = offeredIn(observed, span)
  const slope = (LEVEL_SLOPE * offeredEps * (middle - span.startMs)) / 1000
  const resolved = (offeredEps * floor) / 1000
  return [
    ...driftOf('p95 freshness', [before.valueMs, after.valueMs], {
      allowed: (lower) => (DRIFT - 1) * lower + floor,
      format: formatMs,
    }),
    ...driftOf('peak backlog', peaksOf(backlog, span.startMs, span.endMs), {
      allowed: (lower) => Math.max(PEAK_NOISE * lower, slope) + resolved,
      format: formatCount,
    }),
  ]
}

/** How the halves differ by more than is allowed, either way. */
function driftOf(
  what: string,
  [before, after]: readonly [number, number],
  by: { readonly allowed: (lower: number) => number; readonly format: (value: number) => string },
): readonly string[] {
  if (Math.abs(after - before) <= by.allowed(Math.min(before, after))) return []
  const went = after > before ? 'rose' : 'fell'
  return [`${what} ${went} from ${by.format(before)} to ${by.format(after)} within the baseline`]
}

/** Peak backlog in the halves of a span. */
function peaksOf(backlog: Backlog, startMs: number, endMs: number): readonly [number, number] {
  const middle = (startMs + endMs) / 2
  return [peakBacklog(backlog, startMs, middle) ?? 0, peakBacklog(backlog, middle, endMs) ?? 0]
}
