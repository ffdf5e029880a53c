import { TICKS_PER_MS } from '../run/ledger.ts'
import { quantileOf, samplesOf } from './freshness.ts'
import { eventsBetween, stepsOf, type Observed, type Steps } from './observed.ts'

/** One sliding window over intended times. */
export interface Window {
  readonly atMs: number
  /** Events scheduled in it, and those of them whose freshness counts. */
  readonly scheduled: number
  readonly events: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** The 95th percentile reaches events that had not landed: `p95Ms` is a lower bound. */
  readonly censored: boolean
}
/** Window k starts at `k * stepMs` and is `windowMs` wide. */
export interface Windows {
  readonly stepMs: number
  readonly windowMs: number
  readonly steps: Steps
  readonly list: readonly Window[]
}

const SHORTEST_STEP_MS = 250
const WINDOW_MS = 1000

export const stepMsOf = (probeIntervalMs: number): number =>
  Math.max(SHORTEST_STEP_MS, Math.ceil(probeIntervalMs))
/** Steps in a window. */
export const widthOf = (stepMs: number): number => Math.ceil(WINDOW_MS / stepMs)

/** Sliding windows of 1 s (or a step, where probes are rarer) over the whole time of the load. */
export function windowsOf(observed: Observed): Windows {
  const stepMs = stepMsOf(observed.record.meta.probeIntervalMs)
  const width = widthOf(stepMs)
  const steps = stepsOf(observed, stepMs)
  const last = Math.floor((observed.loadEndMs * TICKS_PER_MS) / steps.stepTicks) - width
  const list = Array.from({ length: Math.max(0, last + 1) }, (_, k) =>
    windowAt(observed, steps, { from: k, width }),
  )
  return { stepMs, windowMs: width * stepMs, steps, list }
}

/** The window of `width` steps that starts at step `from`. */
export function windowAt(
  observed: Observed,
  steps: Steps,
  { from, width }: { from: number; width: number },
): Window {
  const events = eventsBetween(steps, from, from + width)
  const samples = samplesOf(observed, events)
  const p95 = quantileOf(samples, 0.95)
  return {
    atMs: (from * steps.stepTicks) / TICKS_PER_MS,
    scheduled: events.length,
    events: samples.atLeast.length,
    p50Ms: quantileOf(samples, 0.5).valueMs,
    p95Ms: p95.valueMs,
    p99Ms: quantileOf(samples, 0.99).valueMs,
    censored: p95.censored,
  }
}
