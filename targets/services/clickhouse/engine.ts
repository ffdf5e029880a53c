import { frontError } from './errors.ts'
import { loadNative } from './native.ts'
import { Session, type Answer, type Query } from './session.ts'

export interface EngineOptions {
  readonly dataDirectory: string
  /** Queries that run at the same time; each blocks one thread of libuv's pool. */
  readonly sessions: number
  /** Queries that may wait for a session, per lane. */
  readonly maxWaiting: number
}

interface Waiter {
  readonly start: () => void
  readonly signal: AbortSignal
}

/** A bounded pool of sessions. Inserts leave two sessions to the reads, so that bulk loads do not hold up probes. */
export class Engine {
  readonly #idle: Session[]
  readonly #maxInserts: number
  readonly #maxWaiting: number
  readonly #reads: Waiter[] = []
  readonly #inserts: Waiter[] = []
  #running = 0
  #insertsRunning = 0

  constructor(options: EngineOptions) {
    const native = loadNative()
    this.#idle = Array.from(
      { length: options.sessions },
      () => new Session(native, options.dataDirectory),
    )
    this.#maxInserts = Math.max(1, options.sessions - 2)
    this.#maxWaiting = options.maxWaiting
  }

  /** Runs the query; once started it runs to its end, as the engine cannot stop it: the signal only leaves the queue. */
  async run(query: Query, signal: AbortSignal): Promise<Answer> {
    const insert = query.statement.kind === 'insert'
    const session = await this.#acquire(insert, signal)
    try {
      return await session.run(query)
    } finally {
      this.#release(session, insert)
    }
  }

  /** Resolves when nothing runs or waits any more, or at the limit; true when it is idle. */
  async drain(timeoutMs: number): Promise<boolean> {
    const endAt = performance.now() + timeoutMs
    while (this.#running > 0 && performance.now() < endAt)
      await new Promise((resolve) => setTimeout(resolve, 5))
    return this.#running === 0
  }

  /** Closes the sessions. Only when idle: closing under a running query aborts the process. */
  close(): void {
    for (const session of this.#idle.splice(0)) session.close()
  }

  #acquire(insert: boolean, signal: AbortSignal): Promise<Session> {
    const lane = insert ? this.#inserts : this.#reads
    if (lane.length >= this.#maxWaiting) {
      const text = `Too many simultaneous queries: ${lane.length} wait, the front's limit is ${this.#maxWaiting}.`
      return Promise.reject(frontError(202, text))
    }
    return new Promise((resolve, reject) => {
      const start = (): void => {
        const session = this.#idle.pop()
        if (session === undefined)
          return reject(new Error('no idle session: the pool counts wrongly'))
        this.#running += 1
        if (insert) this.#insertsRunning += 1
        resolve(session)
      }
      signal.addEventListener('abort', () => reject(new Error('the client went away')), {
        once: true,
      })
      lane.push({ start, signal })
      this.#next()
    })
  }

  #release(session: Session, insert: boolean): void {
    this.#idle.push(session)
    this.#running -= 1
    if (insert) this.#insertsRunning -= 1
    this.#next()
  }

  #next(): void {
    while (this.#idle.length > 0) {
      const waiter =
        this.#reads.shift() ??
        (this.#insertsRunning < this.#maxInserts ? this.#inserts.shift() : undefined)
      if (waiter === undefined) return
      if (!waiter.signal.aborted) waiter.start()
    }
  }
}
