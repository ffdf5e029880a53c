import type { Clock, RunMs } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import { indexOf, NEVER, toTicks, type Ledger } from '../run/ledger.ts'
import type { LogEntry } from '../run/log.ts'
import type { Sink } from '../../targets/target.ts'

export interface LandingOptions {
  readonly sink: Sink
  readonly ledger: Ledger
  readonly clock: Clock
  readonly intervalMs: number
  readonly log: (entry: LogEntry) => void
}

const LIMIT_MS = 10_000
/** Of the one probe that the end of a run waits for. */
const LAST_LIMIT_MS = 2000

/**
 * Asks the sink at a fixed rate which rows became visible. An event landed between the start of the last probe that
 * succeeded without it and the moment at which the first that shows it knew that it was visible (its end, where the
 * sink does not say): both are kept.
 */
export class LandingProbe {
  readonly #options: LandingOptions
  readonly #stop = new AbortController()
  #lastStart: RunMs
  #landed = 0
  #loop: Promise<void> | null = null

  constructor(options: LandingOptions) {
    this.#options = options
    this.#lastStart = options.clock.now()
  }

  /** Distinct events seen so far. */
  get landed(): number {
    return this.#landed
  }

  start(): void {
    this.#loop = this.#run()
  }

  /** Looks once more: an event may have landed since the last probe. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#loop
    await this.#probe(this.#options.clock.now(), LAST_LIMIT_MS)
  }

  async #run(): Promise<void> {
    const { clock, intervalMs } = this.#options
    let due = clock.now()
    while (!this.#stop.signal.aborted) {
      await this.#probe(due)
      due = Math.max(due + intervalMs, clock.now())
      await clock.sleepUntil(due, this.#stop.signal).catch(() => undefined)
    }
  }

  async #probe(due: RunMs, limitMs = LIMIT_MS): Promise<void> {
    const { sink, clock, log } = this.#options
    const startMs = clock.now()
    try {
      let visibleMs: RunMs | null = null
      const { lane, seq } = await sink.landed(AbortSignal.timeout(limitMs), () => {
        visibleMs = clock.now()
      })
      const atMs = clock.now()
      for (let i = 0; i < lane.length; i += 1)
        this.#see(lane[i] ?? 0, seq[i] ?? 0, visibleMs ?? atMs)
      this.#lastStart = startMs
      log({ type: 'probe', atMs, startMs, rows: lane.length, lateMs: startMs - due })
    } catch (failure) {
      log({ type: 'note', atMs: clock.now(), text: `probe failed: ${messageOf(failure)}` })
    }
  }

  #see(lane: number, seq: number, atMs: RunMs): void {
    const { ledger } = this.#options
    const index = indexOf(ledger, lane, seq)
    if (index < 0 || ledger.landed[index] !== NEVER) return
    ledger.landed[index] = toTicks(atMs)
    ledger.absent[index] = toTicks(Math.max(0, this.#lastStart))
    this.#landed += 1
  }
}
