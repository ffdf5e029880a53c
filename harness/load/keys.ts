import type { RunMs } from '../lib/clock.ts'

/** While it lasts, this share of the events goes to key 0. */
export interface HotWindow {
  readonly fromMs: RunMs
  readonly toMs: RunMs
  readonly share: number
}
export interface KeyOptions {
  readonly seed: number
  readonly count: number
  readonly distribution: 'uniform' | 'zipf' | 'hot'
  readonly skew: number
  readonly hotShare: number
  readonly hotWindows: readonly HotWindow[]
}
/** Pure: the key of event `index`, whoever asks and in whatever order. */
export type KeyOf = (index: number, intendedMs: RunMs) => number

export function keysOf(options: KeyOptions): KeyOf {
  const { seed, hotWindows } = options
  const base = baseOf(options)
  return (index, intendedMs) => {
    const window = hotWindows.find((one) => intendedMs >= one.fromMs && intendedMs < one.toMs)
    if (window !== undefined && unit(seed, index, 2) < window.share) return 0
    return base(index)
  }
}

function baseOf({
  seed,
  count,
  distribution,
  skew,
  hotShare,
}: KeyOptions): (index: number) => number {
  const uniform = (index: number): number => Math.floor(unit(seed, index, 1) * count)
  switch (distribution) {
    case 'uniform':
      return uniform
    case 'hot':
      return (index) => (unit(seed, index, 3) < hotShare ? 0 : uniform(index))
    case 'zipf': {
      const table = zipfTable(count, skew)
      return (index) => table(unit(seed, index, 1))
    }
  }
}

/** Inverse of the cumulative zipf distribution: P(rank r) proportional to 1 / r^skew. */
function zipfTable(count: number, skew: number): (u: number) => number {
  const cumulative = new Float64Array(count)
  let sum = 0
  for (let i = 0; i < count; i += 1) cumulative[i] = sum += 1 / (i + 1) ** skew
  return (u) => {
    const wanted = u * sum
    let low = 0
    let high = count - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((cumulative[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** A hash of (seed, index, salt) as a number in [0, 1): the finalizer of MurmurHash3 over mixed input. */
export function unit(seed: number, index: number, salt: number): number {
  let h =
    Math.imul(seed ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 16), 0x27d4eb2f)
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32
}
