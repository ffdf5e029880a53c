import { NEVER, type Ledger } from '../run/ledger.ts'
import type { Accounting } from './summary.ts'

/** Running maxima of landing within one lane and partition: ascending in both columns. */
interface Records {
  readonly landed: number[]
  readonly seq: number[]
}

/**
 * Inversions: events that landed in an earlier probe than a lower seq of the same lane and partition. The displacement
 * of one is its distance in seq to the lowest such event.
 */
export function orderOf(ledger: Ledger): Pick<Accounting, 'reordered' | 'largestDisplacement'> {
  const streams = new Map<number, Records>()
  let reordered = 0
  let largestDisplacement = 0
  for (let i = 0; i < ledger.count; i++) {
    const landed = ledger.landed[i] ?? NEVER
    if (landed === NEVER) continue
    const records = recordsOf(streams, (i % ledger.lanes) * 256 + (ledger.partition[i] ?? 255))
    const seq = Math.floor(i / ledger.lanes)
    if (landed >= (records.landed.at(-1) ?? 0)) {
      push(records, landed, seq)
      continue
    }
    reordered++
    largestDisplacement = Math.max(
      largestDisplacement,
      seq - (records.seq[firstAbove(records.landed, landed)] ?? seq),
    )
  }
  return { reordered, largestDisplacement }
}

function recordsOf(streams: Map<number, Records>, key: number): Records {
  const records = streams.get(key) ?? { landed: [], seq: [] }
  if (records.landed.length === 0) streams.set(key, records)
  return records
}

/** Of events that landed together only the first can be the lowest. */
function push({ landed, seq }: Records, at: number, number: number): void {
  if (landed.at(-1) === at) return
  landed.push(at)
  seq.push(number)
}

function firstAbove(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) > value) high = middle
    else low = middle + 1
  }
  return low
}
