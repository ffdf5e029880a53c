/** Rows that wait to be inserted together with others. */
export interface Waiting {
  readonly rows: readonly Buffer[]
  /** Resolves once the rows are in the sink; never rejects. */
  readonly done: Promise<void>
  /** The partitions may belong to another consumer now: the rows need not be inserted. */
  drop(): void
}
interface Entry {
  readonly rows: readonly Buffer[]
  dropped: boolean
  resolve(): void
}
export interface BatcherOptions {
  readonly batchRows: number
  readonly lingerMs: number
  /** Inserts and resolves; `dropped` turns true when nobody waits for any of the rows. */
  readonly insert: (body: Buffer, rows: number, dropped: () => boolean) => Promise<void>
}

/** Joins rows into inserts: one in flight, each after `lingerMs` or at `batchRows`. */
export class Batcher {
  readonly #options: BatcherOptions
  #queue: Entry[] = []
  #queuedRows = 0
  #timer: NodeJS.Timeout | undefined
  #busy = false

  constructor(options: BatcherOptions) {
    this.#options = options
  }

  add(rows: readonly Buffer[]): Waiting {
    let resolve = (): void => undefined
    const done = new Promise<void>((resolved) => (resolve = resolved))
    const entry: Entry = { rows, dropped: false, resolve }
    this.#queue.push(entry)
    this.#queuedRows += rows.length
    this.#schedule()
    return { rows, done, drop: () => void (entry.dropped = true) }
  }

  #schedule(): void {
    if (this.#busy || this.#queue.length === 0) return
    if (this.#queuedRows >= this.#options.batchRows) return this.#flush()
    this.#timer ??= setTimeout(() => this.#flush(), this.#options.lingerMs)
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#busy) return
    this.#busy = true
    void this.#insert(this.#take()).finally(() => {
      this.#busy = false
      this.#schedule()
    })
  }

  #take(): Entry[] {
    const taken: Entry[] = []
    let rows = 0
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (taken.length > 0 && rows + next.rows.length > this.#options.batchRows) break
      this.#queue.shift()
      this.#queuedRows -= next.rows.length
      if (next.dropped) continue
      taken.push(next)
      rows += next.rows.length
    }
    return taken
  }

  async #insert(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return
    const rows = entries.flatMap((entry) => entry.rows)
    if (rows.length > 0) {
      await this.#options.insert(Buffer.concat(rows), rows.length, () =>
        entries.every(({ dropped }) => dropped),
      )
    }
    for (const entry of entries) entry.resolve()
  }
}
