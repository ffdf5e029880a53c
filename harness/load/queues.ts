import type { RunMs } from '../lib/clock.ts'

/** Events of one lane and partition that are due and wait; one request at a time is under way. */
export interface Queue {
  readonly lane: number
  readonly partition: number
  /** Indices into the ledger, oldest first: what an event holds is made when it leaves, so that a backlog is small. */
  readonly waiting: number[]
  /** When the request under way was sent; undefined when there is none. */
  sentMs: RunMs | undefined
  /** When the last request had its answer. */
  freeMs: RunMs
  /** When the wait for more events is over: a linger after the oldest came, or when there were enough. */
  fullMs: RunMs
}
export interface QueueLimits {
  /** Most events of a request. */
  readonly most: number
  /** What the oldest event waits for others, ms. */
  readonly lingerMs: number
}
export interface Taken {
  readonly queue: Queue
  readonly indices: readonly number[]
  /** What the request waited though it could have left: for the generator's own limits. */
  readonly heldMs: number
}

/** The queues of all lanes and partitions; those that can send take turns. */
export class Queues {
  readonly #limits: QueueLimits
  readonly #all = new Map<string, Queue>()

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  /** Requests that were sent since then and have had no answer. */
  underWay(sinceMs: RunMs): number {
    let count = 0
    for (const { sentMs } of this.#all.values())
      if (sentMs !== undefined && sentMs >= sinceMs) count += 1
    return count
  }

  add(event: { lane: number; partition: number; index: number }, nowMs: RunMs): void {
    const { lane, partition, index } = event
    const { most, lingerMs } = this.#limits
    const name = `${lane}/${partition}`
    let queue = this.#all.get(name)
    if (queue === undefined) {
      queue = { lane, partition, waiting: [], sentMs: undefined, freeMs: nowMs, fullMs: nowMs }
      this.#all.set(name, queue)
    }
    if (queue.waiting.length === 0) queue.fullMs = nowMs + lingerMs
    queue.waiting.push(index)
    if (queue.waiting.length === most) queue.fullMs = Math.min(queue.fullMs, nowMs)
  }

  /** The request under way has had its answer. */
  answered(queue: Queue, nowMs: RunMs): void {
    queue.sentMs = undefined
    queue.freeMs = nowMs
  }

  /** Takes a request's events from the queue whose turn it is and marks it sent; undefined when none can send. */
  take(nowMs: RunMs): Taken | undefined {
    for (const [name, queue] of this.#all) {
      if (queue.sentMs !== undefined || queue.waiting.length === 0 || queue.fullMs > nowMs) continue
      // To the end of the line.
      this.#all.delete(name)
      this.#all.set(name, queue)
      queue.sentMs = nowMs
      const indices = queue.waiting.splice(0, this.#limits.most)
      return { queue, indices, heldMs: nowMs - Math.max(queue.freeMs, queue.fullMs) }
    }
    return undefined
  }
}
