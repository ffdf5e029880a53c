import type { RunMs } from '../lib/clock.ts'

/** Pure: the whole offered load is known before the run starts. Non-decreasing in seq. */
export interface Schedule {
  readonly count: number
  /** When event `index` should leave, ms from the start of the load. */
  intendedMs(index: number): RunMs
}
/** A stretch of time in which the rate goes from one value to another in a straight line. */
export interface Segment {
  readonly startMs: RunMs
  readonly endMs: RunMs
  readonly fromEps: number
  readonly toEps: number
}

interface Placed extends Segment {
  /** Events before the segment, a real number. */
  readonly before: number
}

/**
 * Event i leaves when the integral of the rate reaches i: t such that N(t) = i.
 * Within a segment N is a quadratic in t, which is solved exactly.
 */
export function scheduleOf(segments: readonly Segment[]): Schedule {
  const placed: Placed[] = []
  let before = 0
  for (const segment of segments) {
    placed.push({ ...segment, before })
    before += eventsIn(segment)
  }
  const count = Math.floor(before + 1e-6)
  return { count, intendedMs: (index) => timeOf(find(placed, index), index) }
}

/** Events that should leave before `atMs`. */
export function countBefore(schedule: Schedule, atMs: RunMs): number {
  let low = 0
  let high = schedule.count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (schedule.intendedMs(middle) < atMs) low = middle + 1
    else high = middle
  }
  return low
}

function eventsIn({ startMs, endMs, fromEps, toEps }: Segment): number {
  return ((fromEps + toEps) / 2) * ((endMs - startMs) / 1000)
}

function find(placed: readonly Placed[], index: number): Placed {
  let low = 0
  let high = placed.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((placed[middle]?.before ?? Infinity) <= index) low = middle
    else high = middle - 1
  }
  const found = placed[low]
  if (found === undefined) throw new RangeError('a schedule without segments has no events')
  return found
}

function timeOf(segment: Placed, index: number): RunMs {
  const { startMs, endMs, fromEps, toEps, before } = segment
  const wanted = index - before
  const seconds = (endMs - startMs) / 1000
  const slope = (toEps - fromEps) / seconds
  // (slope/2) t^2 + fromEps t = wanted, in the form that is stable for a slope near zero.
  const root = Math.sqrt(Math.max(0, fromEps * fromEps + 2 * slope * wanted))
  const t = wanted === 0 ? 0 : (2 * wanted) / (fromEps + root)
  return startMs + t * 1000
}

/** The same load with its rate multiplied between two instants. */
export function scaled(
  segments: readonly Segment[],
  fromMs: RunMs,
  toMs: RunMs,
  factor: number,
): Segment[] {
  return segments
    .flatMap((segment) => split(segment, [fromMs, toMs]))
    .map((piece) =>
      piece.startMs >= fromMs && piece.endMs <= toMs
        ? { ...piece, fromEps: piece.fromEps * factor, toEps: piece.toEps * factor }
        : piece,
    )
}

function split(segment: Segment, cuts: readonly RunMs[]): Segment[] {
  const inside = cuts
    .filter((cut) => cut > segment.startMs && cut < segment.endMs)
    .sort((a, b) => a - b)
  const edges = [segment.startMs, ...inside, segment.endMs]
  const rateAt = (t: RunMs): number =>
    segment.fromEps +
    ((segment.toEps - segment.fromEps) * (t - segment.startMs)) / (segment.endMs - segment.startMs)
  return edges.slice(1).map((endMs, i) => {
    const startMs = edges[i] ?? segment.startMs
    return { startMs, endMs, fromEps: rateAt(startMs), toEps: rateAt(endMs) }
  })
}
