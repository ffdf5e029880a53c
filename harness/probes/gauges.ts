import type { Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import type { LogEntry } from '../run/log.ts'
import type { Target } from '../../targets/target.ts'

const INTERVAL_MS = 1000
const LIMIT_MS = 5000

/** Reads the target's inner view once a second; it explains, it never decides. */
export class GaugeProbe {
  readonly #options: { target: Target; clock: Clock; log: (entry: LogEntry) => void }
  readonly #stop = new AbortController()
  #loop: Promise<void> | null = null

  constructor(options: { target: Target; clock: Clock; log: (entry: LogEntry) => void }) {
    this.#options = options
  }

  start(): void {
    this.#loop = this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#loop
  }

  async #run(): Promise<void> {
    const { target, clock, log } = this.#options
    if (target.gauges === undefined) return
    while (!this.#stop.signal.aborted) {
      const dueMs = clock.now() + INTERVAL_MS
      try {
        const gauges = await target.gauges(
          AbortSignal.any([this.#stop.signal, AbortSignal.timeout(LIMIT_MS)]),
        )
        const atMs = clock.now()
        for (const [name, value] of Object.entries(gauges))
          log({ type: 'gauge', atMs, name, value })
      } catch (failure) {
        log({ type: 'note', atMs: clock.now(), text: `gauges failed: ${messageOf(failure)}` })
      }
      await clock.sleepUntil(dueMs, this.#stop.signal).catch(() => undefined)
    }
  }
}
