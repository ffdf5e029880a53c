import { formatCount, formatMs } from '../lib/quantity.ts'
import type { RunMs } from '../lib/clock.ts'
import { NEVER, TICKS_PER_MS } from '../run/ledger.ts'
import type { Backlog } from './backlog.ts'
import type { Band } from './catch-up.ts'
import type { CatchUp, FaultSummary } from './summary.ts'

/** Long enough that one burst of landings is no rate, short enough to fit into a catch-up. */
const SHOWN_OVER_MS = 5000

/**
 * The largest number of events that landed within any five seconds, as a rate. It is what the run has shown: more than
 * would last where a buffer emptied at once, less than could be where the pipeline never had to hurry.
 */
export function shownCapacityOf({ landed }: Pick<Backlog, 'landed'>): number | null {
  const span = SHOWN_OVER_MS * TICKS_PER_MS
  const [first, last] = [landed[0] ?? NEVER, landed[landed.length - 1] ?? 0]
  if (last - first < span) return null
  let most = 0
  let from = 0
  for (let to = 0; to < landed.length; to++) {
    while ((landed[to] ?? 0) - (landed[from] ?? 0) >= span) from++
    most = Math.max(most, to - from + 1)
  }
  return (most * 1000) / SHOWN_OVER_MS
}

/** Events between two instants of an ascending column, the first included. */
function between(ticks: Uint32Array, fromMs: RunMs, toMs: RunMs): number {
  const below = (ms: RunMs): number => {
    let [low, high] = [0, ticks.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ticks[middle] ?? NEVER) < ms * TICKS_PER_MS) low = middle + 1
      else high = middle
    }
    return low
  }
  return below(toMs) - below(fromMs)
}

export interface DrainContext {
  readonly backlog: Backlog
  readonly band: Band | null
  readonly capacityEps: number | null
}
type Efficiency = Pick<FaultSummary, 'efficiency' | 'efficiencyNote'>
const unknown = (why: string): Efficiency => ({ efficiency: null, efficiencyNote: why })

/** Ideal drain time / actual, ideal = backlog at heal / (capacity - offered). An upper bound: see `shownCapacityOf`. */
export function efficiencyOf(
  { backlog, band, capacityEps }: DrainContext,
  healedMs: RunMs | null,
  catchUp: CatchUp,
): Efficiency {
  if (healedMs === null || catchUp.state === 'not-recovered') return unknown('not recovered')
  const waiting = between(backlog.due, 0, healedMs) - between(backlog.landed, 0, healedMs)
  if (band === null || waiting <= band.backlogEvents)
    return unknown('at the heal the backlog was within its band: nothing to drain')
  if (catchUp.ms < 2 * catchUp.errorMs) return unknown('caught up faster than can be resolved')
  const offeredEps = (between(backlog.due, healedMs, healedMs + catchUp.ms) * 1000) / catchUp.ms
  if (capacityEps === null || capacityEps <= offeredEps)
    return unknown('the run never showed a landed rate above the offered one')
  const idealMs = (waiting * 1000) / (capacityEps - offeredEps)
  return {
    efficiency: idealMs / catchUp.ms,
    efficiencyNote: `${formatCount(waiting)} waiting at the heal; ideal ${formatMs(idealMs)} at the ${formatCount(Math.round(capacityEps))}/s that the run has shown, with ${formatCount(Math.round(offeredEps))}/s offered; actual ${formatMs(catchUp.ms)}`,
  }
}
