import type { RunMs } from '../lib/clock.ts'
import { NEVER, TICKS_PER_MS } from '../run/ledger.ts'
import type { RunRecord } from '../run/record.ts'
import type { FaultStep } from '../scenario/schema.ts'
import { peakBacklog, type Backlog } from './backlog.ts'
import { efficiencyOf } from './capacity.ts'
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

export function edgesOf(
  { record }: { readonly record: Pick<RunRecord, 'log'> },
  id: string,
): Edges {
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
  readonly capacityEps: number | null
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
  const gap = longestGap(landings, edges.inForce ?? injectedMs, endMs)
  const { backlog, capacityEps } = context
  return {
    id: step.id,
    fault: step.fault,
    on: step.on ?? null,
    injectedMs,
    inForceMs: edges.inForce,
    healingMs: edges.healing,
    healedMs: edges.healed,
    evidence: edges.evidence,
    detectMs: detected === undefined ? null : detected - injectedMs,
    windowMs: steadiness?.windows.windowMs ?? 0,
    catchUp,
    struckBy: strikesIn(observed, step.id, { fromMs: edges.healed ?? endMs, toMs: endMs }),
    longestGapMs: gap.lengthMs,
    gapStartMs: gap.startMs,
    peakBacklog: peakBacklog(backlog, injectedMs, endMs),
    violationMs: violations.length * backlog.stepMs,
    drainRateEps: drainRateOf(backlog, edges.healed, endMs),
    ...efficiencyOf(
      { backlog, band: steadiness?.band ?? null, capacityEps },
      edges.healed,
      catchUp,
    ),
  }
}

/** Other faults that were in force, even in part, in [fromMs, toMs); one that never healed lasts. */
function strikesIn(
  observed: Observed,
  id: string,
  { fromMs, toMs }: { readonly fromMs: RunMs; readonly toMs: RunMs },
): readonly string[] {
  if (fromMs >= toMs) return []
  return observed.record.meta.scenario.faults.flatMap((other) => {
    const { injecting, healed } = edgesOf(observed, other.id)
    const overlaps = injecting !== null && injecting < toMs && (healed ?? Infinity) > fromMs
    return other.id !== id && overlaps ? [other.id] : []
  })
}

/** Never healed, or no band to come back to: not recovered, having waited since the heal that should have been. */
function recoveryOf(
  { observed, steadiness }: FaultContext,
  edges: Edges,
  injectedMs: RunMs,
): CatchUp {
  if (edges.healed !== null && steadiness !== null) return catchUpOf(steadiness, edges.healed)
  const since = edges.healed ?? edges.healing ?? edges.inForce ?? injectedMs
  return { state: 'not-recovered', waitedMs: Math.max(0, observed.loadEndMs - since) }
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
export function longestGap(
  landings: Uint32Array,
  fromMs: RunMs,
  toMs: RunMs,
): { readonly startMs: RunMs; readonly lengthMs: number } {
  let last = fromMs
  let longest = { startMs: fromMs, lengthMs: 0 }
  const stretch = (to: RunMs): void => {
    if (to - last > longest.lengthMs) longest = { startMs: last, lengthMs: to - last }
  }
  for (const ticks of landings) {
    const at = ticks / TICKS_PER_MS
    if (at <= fromMs) continue
    if (at > toMs) break
    stretch(at)
    last = at
  }
  stretch(toMs)
  return longest
}

/** The slope of the backlog from its peak after the heal to its lowest point: landed rate minus offered rate. */
function drainRateOf(
  { total, stepMs }: Backlog,
  healedMs: RunMs | null,
  endMs: RunMs,
): number | null {
  if (healedMs === null) return null
  const [from, to] = [
    Math.ceil(healedMs / stepMs),
    Math.min(Math.ceil(endMs / stepMs), total.length - 1),
  ]
  const at = (k: number): number => total[k] ?? 0
  let peak = from
  for (let k = from; k <= to; k++) if (at(k) >= at(peak)) peak = k
  let low = peak
  for (let k = peak; k <= to; k++) if (at(k) < at(low)) low = k
  return low === peak ? null : ((at(peak) - at(low)) * 1000) / ((low - peak) * stepMs)
}
