import { NEVER, TICKS_PER_MS } from '../run/ledger.ts'
import type { Backlog } from './backlog.ts'
import { phaseSamples, quantileOf } from './freshness.ts'
import { CODE, stepsOf, type Observed } from './observed.ts'
import { MEASURED_PHASES, spanOf } from './phases.ts'
import type { Series } from './summary.ts'
import { windowAt } from './windows.ts'

const MOST_WINDOWS = 600
/** Points of all partitions' backlogs together. */
const MOST_PARTITION_POINTS = 6000
const QUANTILES = [
  0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1,
] as const

/** What charts draw: at most 600 side-by-side windows of a whole number of backlog steps. */
export function seriesOf(observed: Observed, backlog: Backlog): Series {
  const perWindow = Math.max(
    Math.ceil(1000 / backlog.stepMs),
    Math.ceil(backlog.total.length / MOST_WINDOWS),
  )
  const windowMs = perWindow * backlog.stepMs
  return {
    windowMs,
    freshness: freshnessSeries(observed, windowMs),
    rates: ratesOf(observed, windowMs),
    ...backlogSeries(backlog),
    percentiles: percentilesOf(observed),
    partitionShare: sharesOf(observed),
    gauges: gaugesOf(observed),
  }
}

function freshnessSeries(observed: Observed, windowMs: number): Series['freshness'] {
  const steps = stepsOf(observed, windowMs)
  return Array.from({ length: steps.count }, (_, from) =>
    windowAt(observed, steps, { from, width: 1 }),
  )
    .filter(({ events }) => events > 0)
    .map(({ atMs, p50Ms, p95Ms, p99Ms, censored }) => ({ atMs, p50Ms, p95Ms, p99Ms, censored }))
}

function ratesOf({ ledger, watchEndMs }: Observed, windowMs: number): Series['rates'] {
  const length = Math.ceil(watchEndMs / windowMs)
  const count = (times: Uint32Array, counts: (i: number) => boolean): Float64Array => {
    const windows = new Float64Array(length)
    for (let i = 0; i < times.length; i++) {
      const window = Math.floor((times[i] ?? NEVER) / TICKS_PER_MS / windowMs)
      if (window < length && counts(i)) windows[window] = (windows[window] ?? 0) + 1
    }
    return windows.map((events) => (events * 1000) / windowMs)
  }
  const offered = count(ledger.intended, () => true)
  const acked = count(ledger.settled, (i) => ledger.outcome[i] === CODE.acked)
  const landed = count(ledger.landed, () => true)
  return Array.from(offered, (offeredEps, k) => ({
    atMs: k * windowMs,
    offeredEps,
    ackedEps: acked[k] ?? 0,
    landedEps: landed[k] ?? 0,
  }))
}

/** The peak of each stretch: thinning must not hide one. */
function thinned(values: Int32Array, stepMs: number, most: number): Series['backlog'] {
  const stride = Math.max(1, Math.ceil(values.length / most))
  return Array.from({ length: Math.ceil(values.length / stride) }, (_, k) => ({
    atMs: k * stride * stepMs,
    events: values
      .subarray(k * stride, (k + 1) * stride)
      .reduce((peak, value) => Math.max(peak, value), -Infinity),
  }))
}

function backlogSeries({
  total,
  byPartition,
  stepMs,
}: Backlog): Pick<Series, 'backlog' | 'backlogByPartition'> {
  const most = Math.min(
    MOST_WINDOWS,
    Math.floor(MOST_PARTITION_POINTS / Math.max(1, byPartition.size)),
  )
  const partitions = [...byPartition].sort(([a], [b]) => a - b)
  return {
    backlog: thinned(total, stepMs, MOST_WINDOWS),
    backlogByPartition: partitions.flatMap(([partition, values]) =>
      thinned(values, stepMs, most).map((point) => ({ ...point, partition })),
    ),
  }
}

/** Quantiles that reach events which never landed have no value to draw, so the curve ends before them. */
function percentilesOf(observed: Observed): Series['percentiles'] {
  return MEASURED_PHASES.flatMap((phase) => {
    const span = spanOf(observed.phases, phase)
    if (span === null) return []
    const samples = phaseSamples(observed, span)
    if (samples.atLeast.length === 0) return []
    return QUANTILES.flatMap((quantile) => {
      const { valueMs, censored } = quantileOf(samples, quantile)
      return censored ? [] : [{ phase, quantile, valueMs }]
    })
  })
}

/** Share of the events that were sent, by partition. */
function sharesOf({ ledger, measured }: Observed): Series['partitionShare'] {
  const counts = new Float64Array(256)
  let all = 0
  for (let i = 0; i < ledger.count; i++) {
    if (measured[i] !== 1) continue
    const partition = ledger.partition[i] ?? 255
    counts[partition] = (counts[partition] ?? 0) + 1
    all++
  }
  return Array.from(counts, (count, partition) => ({ partition, share: count / all })).filter(
    ({ share }) => share > 0,
  )
}

/** Gauges are samples already: of many, every n-th of each name is kept. */
function gaugesOf({ record }: Observed): Series['gauges'] {
  const byName = new Map<string, { atMs: number; name: string; value: number }[]>()
  for (const entry of record.log) {
    if (entry.type !== 'gauge') continue
    const known = byName.get(entry.name) ?? []
    known.push({ atMs: entry.atMs, name: entry.name, value: entry.value })
    byName.set(entry.name, known)
  }
  return [...byName.values()].flatMap((samples) => {
    const stride = Math.ceil(samples.length / MOST_WINDOWS)
    return samples.filter((_, i) => i % stride === 0)
  })
}
