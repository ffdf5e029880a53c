import { TICKS_PER_MS } from '../run/ledger.ts'
import type { LatencyStats } from './summary.ts'

/** One-based nearest rank of a quantile among `count` samples; exact at whole products such as 0.95 x 100. */
export const rankOf = (quantile: number, count: number): number =>
  Math.max(1, Math.ceil(quantile * count - 1e-9))

/** Nearest-rank percentile of ascending samples: always a sample that occurred. NaN without samples. */
export function percentile(sorted: ArrayLike<number>, quantile: number): number {
  return sorted[rankOf(quantile, sorted.length) - 1] ?? Number.NaN
}

/** A number, or null where there was nothing to compute it from: NaN and infinity never leave the analysis. */
export const measured = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** Percentiles, in ms, of samples in ticks; sorts them in place. Null without samples: no data is never 0. */
export function latencyOf(ticks: Float64Array): LatencyStats {
  ticks.sort()
  const ms = (quantile: number): number | null =>
    measured(percentile(ticks, quantile) / TICKS_PER_MS)
  return { p50Ms: ms(0.5), p95Ms: ms(0.95), p99Ms: ms(0.99), maxMs: ms(1) }
}
