import { NEVER, TICKS_PER_MS, toMs, toTicks } from '../run/ledger.ts'
import type { Observed } from './observed.ts'
import type { PhaseSpan } from './phases.ts'
import { percentile, rankOf } from './statistics.ts'
import type { FreshnessStats } from './summary.ts'

/** Freshness of some events, ticks. */
export interface Samples {
  /** Of the landed, ascending. */
  readonly landed: Float64Array
  /** Of all, ascending, where an event that has not landed counts with its age: lower bounds. */
  readonly atLeast: Float64Array
  /** The least that each may be, ascending: from the last probe that did not see it; its age where it has not landed. */
  readonly earliest: Float64Array
}

export function samplesOf(observed: Observed, events: Uint32Array): Samples {
  const { ledger, measured } = observed
  const end = toTicks(observed.watchEndMs)
  const landed = new Float64Array(events.length)
  const ages = new Float64Array(events.length)
  const earliest = new Float64Array(events.length)
  let seen = 0
  let unseen = 0
  for (const i of events) {
    if (measured[i] !== 1) continue
    const intended = ledger.intended[i] ?? 0
    const at = ledger.landed[i] ?? NEVER
    if (at === NEVER) ages[unseen++] = end - intended
    else {
      const absent = ledger.absent[i] ?? NEVER
      earliest[seen] = Math.min(absent === NEVER ? intended : absent, at) - intended
      landed[seen++] = at - intended
    }
  }
  const unlanded = ages.subarray(0, unseen)
  const ascending = landed.subarray(0, seen).sort()
  return {
    landed: ascending,
    atLeast: unseen === 0 ? ascending : joined(ascending, unlanded),
    earliest: joined(earliest.subarray(0, seen), unlanded),
  }
}

function joined(one: Float64Array, other: Float64Array): Float64Array {
  const both = new Float64Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both.sort()
}

/**
 * A percentile in ms. Events that have not landed rank above all that have; where the rank reaches them the value is
 * the same percentile of the lower bounds, and `censored` says to print "> x".
 */
export function quantileOf(
  { landed, atLeast }: Samples,
  quantile: number,
): { valueMs: number; censored: boolean } {
  const rank = rankOf(quantile, atLeast.length)
  const censored = rank > landed.length
  const ticks = censored ? percentile(atLeast, quantile) : landed[rank - 1]
  return { valueMs: (ticks ?? Number.NaN) / TICKS_PER_MS, censored: censored && atLeast.length > 0 }
}

export function freshnessOf(samples: Samples): FreshnessStats | null {
  const { landed, atLeast } = samples
  if (atLeast.length === 0) return null
  const [p50, p95, p99] = [
    quantileOf(samples, 0.5),
    quantileOf(samples, 0.95),
    quantileOf(samples, 0.99),
  ]
  return {
    events: atLeast.length,
    p50Ms: p50.valueMs,
    p95Ms: p95.valueMs,
    p99Ms: p99.valueMs,
    maxMs: toMs(atLeast[atLeast.length - 1] ?? Number.NaN),
    errorMs: errorOf(samples),
    censored: atLeast.length - landed.length,
    censoredFrom: p50.censored ? 'p50' : p95.censored ? 'p95' : p99.censored ? 'p99' : 'none',
    negative: atLeast.reduce((count, ticks) => (ticks < 0 ? count + 1 : count), 0),
  }
}

const REPORTED = [0.5, 0.95, 0.99, 1] as const

/**
 * The true quantile lies between that of the earliest possible values and the reported one, event by event: the most by
 * which any reported quantile may be too high.
 */
const errorOf = (samples: Samples): number =>
  REPORTED.reduce((most, quantile) => {
    const earliestMs = percentile(samples.earliest, quantile) / TICKS_PER_MS
    return Math.max(most, quantileOf(samples, quantile).valueMs - earliestMs)
  }, 0)

/** Events intended in [fromMs, toMs): by landing time an outage would look empty and healthy. */
export function intendedIn({ ledger }: Observed, fromMs: number, toMs: number): Uint32Array {
  const [from, to] = [fromMs * TICKS_PER_MS, toMs * TICKS_PER_MS]
  const events = new Uint32Array(ledger.count)
  let found = 0
  for (let i = 0; i < ledger.count; i++) {
    const at = ledger.intended[i] ?? NEVER
    if (at >= from && at < to) events[found++] = i
  }
  return events.subarray(0, found)
}

export const phaseSamples = (observed: Observed, span: PhaseSpan): Samples =>
  samplesOf(observed, intendedIn(observed, span.startMs, span.endMs))
