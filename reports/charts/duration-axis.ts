import type { Fragment } from './figure.ts'
import { leftAxis } from './frame.ts'

/** Below this, in ms, the scale is about linear: what matters here is 100 ms against 10 s. */
const LINEAR_BELOW_MS = 50
/** Fixed text: the only value in it is the number of the tick. */
const LABEL =
  "datum.value >= 60000 ? format(datum.value / 60000, '.3~g') + ' min' : datum.value >= 1000 ? format(datum.value / 1000, '.3~g') + ' s' : format(datum.value, '.3~g') + ' ms'"
const TICKS_MS = [
  0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 60_000, 180_000, 600_000, 1_800_000,
  3_600_000,
]

/** A y encoding for durations in ms from nought to minutes. */
export function durationY(field: string, largestMs: number, title: string): Fragment {
  // Room above the lines for the names of the faults.
  const top = Math.max(largestMs, 10) * 2
  const least = top > 1000 ? 100 : top / 30
  const values = TICKS_MS.filter((tick) => tick === 0 || (tick >= least && tick <= top))
  return {
    field,
    type: 'quantitative',
    scale: { type: 'symlog', constant: LINEAR_BELOW_MS, domain: [0, top], nice: false },
    axis: leftAxis(title, { values, labelExpr: LABEL }),
  }
}
