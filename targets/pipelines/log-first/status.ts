import { readFile, rename, writeFile } from 'node:fs/promises'
import { consumerStatus } from './consumer-config.ts'
import type { ConsumerStatus } from './consumer-config.ts'

const KEPT_INSERTS = 64

/** The consumer's account of itself: one log line per event, a status file every 500 ms. */
export class StatusReport {
  readonly #file: string
  readonly #insertMs: number[] = []
  #aliveAt = performance.now()
  #status: ConsumerStatus = {
    pid: process.pid,
    joined: false,
    restarts: 0,
    inserted: 0,
    insertRetries: 0,
    skipped: 0,
    insertMsP50: null,
    lastError: null,
  }

  constructor(file: string) {
    this.#file = file
  }

  set(change: Partial<ConsumerStatus>): void {
    this.#status = { ...this.#status, ...change }
  }

  /** The client has shown that it works. */
  alive(): void {
    this.#aliveAt = performance.now()
  }

  /** How long the client has shown nothing. */
  get silentMs(): number {
    return performance.now() - this.#aliveAt
  }

  skipped(count: number, detail: Readonly<Record<string, unknown>>): void {
    this.set({ skipped: this.#status.skipped + count })
    this.log('skipped', { count, ...detail })
  }

  inserted(rows: number, ms: number): void {
    this.#insertMs.push(ms)
    if (this.#insertMs.length > KEPT_INSERTS) this.#insertMs.shift()
    const sorted = [...this.#insertMs].sort((a, b) => a - b)
    this.set({
      inserted: this.#status.inserted + rows,
      insertMsP50: sorted[sorted.length >> 1] ?? null,
    })
  }

  insertFailed(message: string): void {
    this.set({ insertRetries: this.#status.insertRetries + 1, lastError: message })
    this.log('insert-failed', { message })
  }

  restarted(message: string): void {
    this.set({ restarts: this.#status.restarts + 1, joined: false, lastError: message })
    this.log('client-restart', { message })
  }

  log(event: string, detail: Readonly<Record<string, unknown>> = {}): void {
    process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...detail })}\n`)
  }

  /** Renamed into place: a reader never sees half a file. */
  async write(): Promise<void> {
    await writeFile(`${this.#file}.new`, JSON.stringify(this.#status))
    await rename(`${this.#file}.new`, this.#file)
  }
}

export async function readStatus(file: string): Promise<ConsumerStatus> {
  return consumerStatus.parse(JSON.parse(await readFile(file, 'utf8')))
}

/** Joined, and written by a process that still runs: a killed one leaves its file behind. */
export async function hasJoined(file: string): Promise<boolean> {
  const status = await readStatus(file)
  process.kill(status.pid, 0)
  return status.joined
}
