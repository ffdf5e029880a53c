import type { RunMs } from '../lib/clock.ts'
import { edgesOf } from './faults.ts'
import type { Observed } from './observed.ts'
import { spanOf } from './phases.ts'

type Span = readonly [from: RunMs, to: RunMs]

/**
 * Longest time, from the baseline to the end of settle, in which no probe began. A gap that touches a fault is the
 * fault's own effect (a frozen sink answers nobody) and already counts as freshness.
 */
export function longestUnwatched(observed: Observed): number {
  const start = spanOf(observed.phases, 'baseline')?.startMs
  if (start === undefined) return 0
  const end = observed.watchEndMs
  const starts = observed.record.log
    .flatMap((entry) => (entry.type === 'probe' ? [entry.startMs] : []))
    .filter((at) => at > start && at < end)
    .sort((a, b) => a - b)
  const excused = faultSpans(observed)
  const points = [start, ...starts, end]
  return points.slice(1).reduce((longest, to, i) => {
    const from = points[i] ?? to
    return excused.some(([begin, stop]) => from < stop && to > begin)
      ? longest
      : Math.max(longest, to - from)
  }, 0)
}

function faultSpans(observed: Observed): readonly Span[] {
  return observed.record.meta.scenario.faults.flatMap(({ id }): Span[] => {
    const { injecting, healed } = edgesOf(observed, id)
    return injecting === null ? [] : [[injecting, healed ?? observed.watchEndMs]]
  })
}
