import type { RunMs } from '../lib/clock.ts'
import type { FaultStep } from '../scenario/schema.ts'
import { edgesOf } from './faults.ts'
import type { Observed } from './observed.ts'
import { spanOf } from './phases.ts'

type Span = readonly [from: RunMs, to: RunMs]

/** What probes may need to find the sink again once it answers. */
const GRACE_MS = 10_000
/** Probes ask the sink itself, not through a link: only what is done to the sink's own service can blind them. */
const blindsProbes = ({ on }: FaultStep): boolean =>
  on !== undefined && /^service:sink(\.|$)/.test(on)

/**
 * Longest time, from the baseline to the end of settle, in which no probe began. What of it lies within a fault that
 * blinds the probes does not count: a frozen sink answers nobody, and that is in freshness already.
 */
export function longestUnwatched(observed: Observed): number {
  const start = spanOf(observed.phases, 'baseline')?.startMs
  if (start === undefined) return 0
  const end = observed.watchEndMs
  const starts = observed.record.log
    .flatMap((entry) => (entry.type === 'probe' ? [entry.startMs] : []))
    .filter((at) => at > start && at < end)
    .sort((a, b) => a - b)
  const excused = blindSpans(observed)
  const points = [start, ...starts, end]
  return points.slice(1).reduce((longest, to, i) => {
    const left = excused.reduce(without, [[points[i] ?? to, to]])
    return Math.max(
      longest,
      left.reduce((sum, [from, until]) => sum + until - from, 0),
    )
  }, 0)
}

/** What is left of some spans beside another. */
const without = (spans: readonly Span[], [begin, stop]: Span): readonly Span[] =>
  spans.flatMap(([from, to]): Span[] =>
    stop <= from || begin >= to
      ? [[from, to]]
      : [
          ...(from < begin ? [[from, begin] as const] : []),
          ...(stop < to ? [[stop, to] as const] : []),
        ],
  )

function blindSpans(observed: Observed): readonly Span[] {
  return observed.record.meta.scenario.faults.filter(blindsProbes).flatMap(({ id }): Span[] => {
    const { injecting, healed } = edgesOf(observed, id)
    return injecting === null
      ? []
      : [[injecting, healed === null ? observed.watchEndMs : healed + GRACE_MS]]
  })
}
