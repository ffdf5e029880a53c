import { describe, expect, it } from 'vitest'
import { Queues, type Taken } from './queues.ts'

const LIMITS = { most: 3, lingerMs: 20 }

function queuesWith(indices: readonly number[], nowMs = 100): Queues {
  const queues = new Queues(LIMITS)
  for (const index of indices) queues.add({ lane: 0, partition: 0, index }, nowMs)
  return queues
}
function taken(queues: Queues, nowMs: number): Taken {
  const found = queues.take(nowMs)
  if (found === undefined) throw new Error(`nothing can leave at ${nowMs}`)
  return found
}

describe('the queues of a generator', () => {
  it('let an event wait for others, but no longer than the linger', () => {
    const queues = queuesWith([1])
    queues.add({ lane: 0, partition: 0, index: 2 }, 115)
    expect(queues.take(119)).toBeUndefined()
    expect(taken(queues, 120)).toMatchObject({ indices: [1, 2], heldMs: 0 })
  })

  it('let a full request leave at once, and what is over with the next', () => {
    const queues = queuesWith([1, 2, 3, 4])
    const first = taken(queues, 100)
    expect(first.indices).toEqual([1, 2, 3])
    expect(queues.take(130)).toBeUndefined()
    queues.answered(first.queue, 140)
    expect(taken(queues, 140)).toMatchObject({ indices: [4], heldMs: 0 })
  })

  it('say how long nothing but the generator kept a request back', () => {
    const late = queuesWith([1])
    expect(taken(late, 170).heldMs).toBe(50)
    const full = queuesWith([1, 2, 3])
    expect(taken(full, 170).heldMs).toBe(70)
    const answered = queuesWith([1, 2, 3, 4])
    answered.answered(taken(answered, 100).queue, 160)
    expect(taken(answered, 170).heldMs).toBe(10)
  })

  it('count as under way only what was sent since then', () => {
    const queues = queuesWith([1])
    queues.add({ lane: 1, partition: 0, index: 2 }, 100)
    taken(queues, 120)
    taken(queues, 200)
    expect([120, 121, 201].map((since) => queues.underWay(since))).toEqual([2, 1, 0])
  })
})
