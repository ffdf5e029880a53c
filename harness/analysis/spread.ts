import { formatCount } from '../lib/quantity.ts'
import { keysOf, type HotWindow, type KeyOptions } from '../load/keys.ts'
import { NEVER, toMs } from '../run/ledger.ts'
import type { Scenario } from '../scenario/schema.ts'
import type { Observed } from './observed.ts'
import type { Spread } from './summary.ts'

/** Events by key and by partition, of those that were sent. */
interface Counts {
  readonly byKey: Uint32Array
  readonly byPartition: ReadonlyMap<number, number>
  readonly sent: number
  /** Sum over the sent events of the share that a hot-key fault claimed for key 0 at that time. */
  readonly claimed: number
}

/** How evenly the sent events were spread. The key of an event is a pure function of the seed, so it is asked again. */
export function spreadOf(observed: Observed): Spread {
  const { keys } = observed.record.meta.scenario.load
  const counts = countsOf(observed)
  const { byPartition, sent } = counts
  return {
    partitions: byPartition.size,
    largestPartitionShare: byPartition.size === 0 ? null : Math.max(...byPartition.values()) / sent,
    keys: { asked: askedOf(keys), ranks: sent === 0 ? [] : ranksOf(keys, counts) },
  }
}

function countsOf(observed: Observed): Counts {
  const { record, ledger } = observed
  const { scenario, seed, plannedMs } = record.meta
  const hotWindows = hotWindowsOf(observed)
  const keyOf = keysOf({ ...scenario.load.keys, seed, hotWindows })
  const byKey = new Uint32Array(scenario.load.keys.count)
  const byPartition = new Map<number, number>()
  let [sent, claimed] = [0, 0]
  for (let i = 0; i < ledger.count; i++) {
    if (ledger.sent[i] === NEVER) continue
    const dueMs = toMs(ledger.intended[i] ?? 0) - plannedMs.warmup
    const key = keyOf(i, dueMs)
    byKey[key] = (byKey[key] ?? 0) + 1
    const partition = ledger.partition[i] ?? 255
    if (partition !== 255) byPartition.set(partition, (byPartition.get(partition) ?? 0) + 1)
    sent++
    claimed += windowAt(hotWindows, dueMs)?.share ?? 0
  }
  return { byKey, byPartition, sent, claimed }
}

const windowAt = (windows: readonly HotWindow[], dueMs: number): HotWindow | undefined =>
  windows.find(({ fromMs, toMs: end }) => dueMs >= fromMs && dueMs < end)

/** As the plan has them, in time from the start of the load. */
function hotWindowsOf({ record }: Observed): KeyOptions['hotWindows'] {
  const { scenario, plannedMs } = record.meta
  return scenario.faults
    .filter((one) => one.fault === 'hot-key')
    .map((one) => {
      const fromMs = plannedMs.faults - plannedMs.warmup + one.at
      return { fromMs, toMs: fromMs + one.for, share: Number(one['share']) }
    })
}

const ENOUGH = 100
type Keys = Scenario['load']['keys']

/** Ranks are those of the distribution, not of what came out: the busiest of many equals is busy by chance alone. */
function ranksOf(keys: Keys, { byKey, sent, claimed }: Counts): Spread['keys']['ranks'] {
  const steps = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].filter((n) => n < keys.count)
  const hot = claimed / sent
  const asked = baseShares(keys)
  const wanted = [...steps, keys.count].map((n) => ({ n, share: hot + (1 - hot) * asked(n) }))
  // Of fewer events than this a share is mostly chance.
  const telling = wanted.filter(({ n, share }) => n === keys.count || share * sent >= ENOUGH)
  return telling.map(({ n, share }) => ({
    keys: n,
    asked: share,
    achieved: byKey.subarray(0, n).reduce((sum, events) => sum + events, 0) / sent,
  }))
}

/** The share that the first n keys are to have of the events. */
function baseShares({ distribution, count, skew, hotShare }: Keys): (n: number) => number {
  switch (distribution) {
    case 'uniform':
      return (n) => n / count
    case 'hot':
      return (n) => hotShare + ((1 - hotShare) * n) / count
    case 'zipf': {
      const sum = (n: number): number => {
        let total = 0
        for (let rank = 1; rank <= n; rank++) total += 1 / rank ** skew
        return total
      }
      return (n) => sum(n) / sum(count)
    }
  }
}

function askedOf({ distribution, count, skew, hotShare }: Keys): string {
  const over = `over ${formatCount(count)} keys`
  switch (distribution) {
    case 'uniform':
      return `uniform ${over}`
    case 'hot':
      return `one key with ${formatCount(hotShare * 100)} %, the rest uniform ${over}`
    case 'zipf':
      return `zipf with exponent ${skew} ${over}`
  }
}
