import { unit } from '../../../harness/load/keys.ts'

const KINDS = ['lose', 'duplicate', 'reorder', 'corrupt'] as const
export type Planted = (typeof KINDS)[number]

/** Of so many successive events of the lane that is planted in, one is hit by each kind. */
export const STRIDE = 50
/** Known to have events, whatever the number of lanes. */
export const PLANTED_LANE = 0

export interface Planting extends Readonly<Record<Planted, number>> {
  readonly seed: number
}

/**
 * What is planted in an event. It follows from the seed and the event alone, never from when it came: the same events
 * are hit in every run. No event is hit twice.
 */
export function plantedIn(lane: number, seq: number, planting: Planting): Planted | null {
  if (lane !== PLANTED_LANE) return null
  const slot = Math.floor(seq / STRIDE)
  const start = Math.floor(unit(planting.seed, slot, 6) * STRIDE)
  const place = (seq - slot * STRIDE + start) % STRIDE
  const kind = KINDS[place]
  return kind !== undefined && slot < planting[kind] ? kind : null
}

/** How many events a lane needs for all that is planted in it. */
export function eventsNeeded(times: number): number {
  return times * STRIDE
}
