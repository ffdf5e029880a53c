import { freshnessOf, intendedIn, quantileOf, samplesOf } from './freshness.ts'
import { peakBacklog, type Backlog } from './backlog.ts'
import { floorOf } from './catch-up.ts'
import { formatCount, formatMs } from '../lib/quantity.ts'
import type { Observed } from './observed.ts'
import { spanOf } from './phases.ts'

/** How many times the first half's p95 the second half's may be. */
const DRIFT = 1.5
/** Peaks of two halves differ by chance up to this share of the first. */
const PEAK_NOISE = 0.2
/** Slope of a backlog that still counts as level, as a share of the rate. */
const LEVEL_SLOPE = 0.01

/** Why the baseline is no steady state to compare with; empty when it is. */
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
  const drifted = after.valueMs > DRIFT * before.valueMs + floor
  const growth = growthOf(backlog, span.startMs, span.endMs)
  const { peakEps } = observed.record.meta
  const slope = (LEVEL_SLOPE * peakEps * (middle - span.startMs)) / 1000
  const allowed = Math.max(PEAK_NOISE * growth.before, slope) + (peakEps * floor) / 1000
  return [
    ...(drifted
      ? [
          `p95 freshness rose from ${formatMs(before.valueMs)} to ${formatMs(after.valueMs)} within the baseline`,
        ]
      : []),
    ...(growth.after - growth.before > allowed
      ? [
          `peak backlog rose from ${formatCount(growth.before)} to ${formatCount(growth.after)} within the baseline`,
        ]
      : []),
  ]
}

/** Peak backlog in the halves of a span. */
function growthOf(
  backlog: Backlog,
  startMs: number,
  endMs: number,
): { before: number; after: number } {
  const middle = (startMs + endMs) / 2
  return {
    before: peakBacklog(backlog, startMs, middle) ?? 0,
    after: peakBacklog(backlog, middle, endMs) ?? 0,
  }
}
