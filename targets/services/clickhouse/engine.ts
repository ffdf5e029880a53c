import { frontError } from './errors.ts'
import { loadNative } from './native.ts'
import { withClientIds } from './running.ts'
import { Session, type Answer, type Query } from './session.ts'
import { quoteString, readStatement } from './statement.ts'

export interface EngineOptions {
  readonly dataDirectory: string
  /** Queries that run at the same time; each blocks one thread of libuv's pool. */
  readonly sessions: number
  /** Queries that may wait for a session, per lane. */
  readonly maxWaiting: number
}

export interface RunOptions {
  /** The client's; its own while it runs. */
  readonly queryId: string
  readonly signal: AbortSignal
}
interface Waiter {
  readonly start: () => void
  readonly signal: AbortSignal
}

/** A bounded pool of sessions. Inserts leave two sessions to the reads, so that bulk loads do not hold up probes. */
export class Engine {
  readonly #idle: Session[]
  /** KILL QUERY has a session of its own: it has to work when every other one is busy. */
  readonly #killer: Session
  #killing: Promise<unknown> = Promise.resolve()
  /** Client's query id by session name. */
  readonly #ids = new Map<string, string>()
  readonly #maxInserts: number
  readonly #maxWaiting: number
  readonly #reads: Waiter[] = []
  readonly #inserts: Waiter[] = []
  #running = 0
  #insertsRunning = 0

  constructor(options: EngineOptions) {
    const native = loadNative()
    const { dataDirectory } = options
    const open = (name: string): Session => new Session({ native, dataDirectory, name })
    this.#idle = Array.from({ length: options.sessions }, (_, n) => open(`freshet-session-${n}`))
    this.#killer = open('freshet-killer')
    this.#maxInserts = Math.max(1, options.sessions - 2)
    this.#maxWaiting = options.maxWaiting
  }

  /** Runs the query; once started only KILL QUERY ends it early: the signal merely leaves the queue. */
  async run(query: Query, { queryId, signal }: RunOptions): Promise<Answer> {
    if (query.statement.kind === 'kill') return this.#kill(query)
    const insert = query.statement.kind === 'insert'
    const session = await this.#acquire(insert, signal)
    this.#ids.set(session.name, queryId)
    try {
      return await session.run(withClientIds(query, this.#ids))
    } finally {
      this.#ids.delete(session.name)
      this.#release(session, insert)
    }
  }

  /** Ends the query with this id, if it runs. */
  async cancel(queryId: string): Promise<void> {
    const text = `KILL QUERY WHERE query_id = ${quoteString(queryId)} ASYNC`
    await this.#kill({
      statement: readStatement(text),
      text,
      body: Buffer.alloc(0),
      defaultFormat: 'TabSeparated',
      database: 'default',
      settings: new Map(),
      parameters: new Map(),
    })
  }

  #kill(query: Query): Promise<Answer> {
    const killed = this.#killing.then(() => this.#killer.run(withClientIds(query, this.#ids)))
    this.#killing = killed.catch(() => undefined)
    return killed
  }

  /** Nothing runs. What waits runs as soon as a session is free. */
  get idle(): boolean {
    return this.#running === 0
  }

  /** Closes the sessions. Only when idle: closing under a running query aborts the process. */
  close(): void {
    for (const session of [this.#killer, ...this.#idle.splice(0)]) session.close()
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
