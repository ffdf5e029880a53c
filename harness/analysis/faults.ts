import type { RunMs } from '../lib/clock.ts'
import { NEVER, TICKS_PER_MS } from '../run/ledger.ts'
import type { FaultStep } from '../scenario/schema.ts'
import { peakBacklog, type Backlog } from './backlog.ts'
import { catchUpOf, steadyAt, type Steadiness } from './catch-up.ts'
import type { Observed } from './observed.ts'
import type { CatchUp, FaultSummary } from './summary.ts'

/** When a fault's edges were logged; null where one was not. */
export interface Edges {
  readonly injecting: RunMs | null
  readonly inForce: RunMs | null
  readonly healing: RunMs | null
  readonly healed: RunMs | null
  readonly failed: { readonly atMs: RunMs; readonly detail: string } | null
  readonly evidence: string | null
}

export function edgesOf({ record }: Observed, id: string): Edges {
  const mine = record.log.flatMap((entry) =>
    entry.type === 'fault' && entry.id === id ? [entry] : [],
  )
  const at = (edge: string): RunMs | null => mine.find((entry) => entry.edge === edge)?.atMs ?? null
  const failed = mine.find((entry) => entry.edge === 'failed')
  const evidence = mine.findLast((entry) => entry.edge !== 'failed' && entry.detail !== undefined)
  return {
    injecting: at('injecting'),
    inForce: at('in-force'),
    healing: at('healing'),
    healed: at('healed'),
    failed:
      failed === undefined
        ? null
        : { atMs: failed.atMs, detail: failed.detail ?? 'no reason given' },
    evidence: evidence?.detail ?? null,
  }
}

/** What the fault analysis needs besides the record; `steadiness` is null without a baseline band. */
export interface FaultContext {
  readonly observed: Observed
  readonly backlog: Backlog
  readonly steadiness: Steadiness | null
}

/** One summary per fault of the scenario. */
export function faultsOf(context: FaultContext): readonly FaultSummary[] {
  const { scenario } = context.observed.record.meta
  if (scenario.faults.length === 0) return []
  const landings = context.observed.ledger.landed.filter((at) => at !== NEVER).sort()
  return scenario.faults.map((step) => faultOf(context, step, landings))
}

function faultOf(context: FaultContext, step: FaultStep, landings: Uint32Array): FaultSummary {
  const { observed, steadiness } = context
  const edges = edgesOf(observed, step.id)
  const injectedMs = edges.injecting ?? observed.record.meta.plannedMs.faults + step.at
  const catchUp = recoveryOf(context, edges, injectedMs)
  const endMs =
    catchUp.state === 'recovered' && edges.healed !== null
      ? edges.healed + catchUp.ms
      : observed.loadEndMs
  const violations = steadiness === null ? [] : violationsIn(steadiness, injectedMs, endMs)
  const detected = violations[0]
  return {
    id: step.id,
    fault: step.fault,
    on: step.on ?? null,
    injectedMs,
    inForceMs: edges.inForce,
    healedMs: edges.healed,
    evidence: edges.evidence,
    detectMs: detected === undefined ? null : detected - injectedMs,
    catchUp,
    longestGapMs: longestGap(landings, edges.inForce ?? injectedMs, endMs),
    peakBacklog: peakBacklog(context.backlog, injectedMs, endMs) ?? 0,
    violationMs: violations.length * context.backlog.stepMs,
    ...drainOf(context.backlog, edges.healed, endMs),
    efficiency: null,
  }
}

/** Never healed, or no band to come back to: not recovered, having waited since the heal that should have been. */
function recoveryOf(
  { observed, steadiness }: FaultContext,
  edges: Edges,
  injectedMs: RunMs,
): CatchUp {
  if (edges.healed !== null && steadiness !== null) return catchUpOf(steadiness, edges.healed)
  const since = edges.healed ?? edges.healing ?? edges.inForce ?? injectedMs
  return { state: 'not-recovered', waitedMs: observed.loadEndMs - since }
}

/** Starts of the unsteady windows in [fromMs, toMs). */
function violationsIn(steadiness: Steadiness, fromMs: RunMs, toMs: RunMs): readonly RunMs[] {
  const { stepMs, list } = steadiness.windows
  const found: RunMs[] = []
  for (let k = Math.ceil(fromMs / stepMs); k < list.length && k * stepMs < toMs; k++) {
    if (!steadyAt(steadiness, k)) found.push(k * stepMs)
  }
  return found
}

/** Longest stretch of [fromMs, toMs] in which nothing landed, its edges included. */
export function longestGap(landings: Uint32Array, fromMs: RunMs, toMs: RunMs): number {
  let last = fromMs
  let longest = 0
  for (const ticks of landings) {
    const at = ticks / TICKS_PER_MS
    if (at <= fromMs) continue
    if (at > toMs) break
    longest = Math.max(longest, at - last)
    last = at
  }
  return Math.max(longest, toMs - last)
}

/** The slope of the backlog from its peak after the heal to its lowest point: landed rate minus offered rate. */
function drainOf(
  { total, stepMs }: Backlog,
  healedMs: RunMs | null,
  endMs: RunMs,
): Pick<FaultSummary, 'drainRateEps' | 'headroomEps'> {
  const none = { drainRateEps: null, headroomEps: null }
  if (healedMs === null) return none
  const [from, to] = [
    Math.ceil(healedMs / stepMs),
    Math.min(Math.ceil(endMs / stepMs), total.length - 1),
  ]
  const at = (k: number): number => total[k] ?? 0
  let peak = from
  for (let k = from; k <= to; k++) if (at(k) >= at(peak)) peak = k
  let low = peak
  for (let k = peak; k <= to; k++) if (at(k) < at(low)) low = k
  if (low === peak) return none
  const rate = ((at(peak) - at(low)) * 1000) / ((low - peak) * stepMs)
  // What was drained above the offered load is spare capacity that showed itself: a lower bound of the headroom.
  return { drainRateEps: rate, headroomEps: rate }
}
