import type { RunMs } from '../lib/clock.ts'

/** Events of one lane and partition that are due and wait; one request at a time is under way. */
export interface Queue {
  readonly lane: number
  readonly partition: number
  /** Indices into the ledger, oldest first: what an event holds is made when it leaves, so that a backlog is small. */
  readonly waiting: number[]
  /** When the request under way was sent; undefined when there is none. */
  sentMs: RunMs | undefined
}

/** The queues of all lanes and partitions; those that can send take turns. */
export class Queues {
  readonly #all = new Map<string, Queue>()

  /** Requests that were sent since then and have had no answer. */
  underWay(sinceMs: RunMs): number {
    let count = 0
    for (const { sentMs } of this.#all.values())
      if (sentMs !== undefined && sentMs >= sinceMs) count += 1
    return count
  }

  add(lane: number, partition: number, index: number): void {
    const name = `${lane}/${partition}`
    const queue = this.#all.get(name)
    if (queue !== undefined) queue.waiting.push(index)
    else this.#all.set(name, { lane, partition, waiting: [index], sentMs: undefined })
  }

  /** Takes up to `most` events of the queue whose turn it is and marks it sent; undefined when none can send. */
  take(most: number, nowMs: RunMs): { queue: Queue; indices: readonly number[] } | undefined {
    for (const [name, queue] of this.#all) {
      if (queue.sentMs !== undefined || queue.waiting.length === 0) continue
      // To the end of the line.
      this.#all.delete(name)
      this.#all.set(name, queue)
      queue.sentMs = nowMs
      return { queue, indices: queue.waiting.splice(0, most) }
    }
    return undefined
  }
}
