/** Milliseconds since the run's origin, from the host's one monotonic clock. */
export type RunMs = number

/** The only source of time. Tests pass a fake one. */
export interface Clock {
  /** Nanoseconds of CLOCK_MONOTONIC at the run's origin; other processes of this host share the scale. */
  readonly originNs: bigint
  now(): RunMs
  /** Resolves at `at`, or rejects with the signal's reason. Resolves at once when `at` has passed. */
  sleepUntil(at: RunMs, signal?: AbortSignal): Promise<void>
}

/** A clock on CLOCK_MONOTONIC: every process of one host that gets the same origin reads the same time. */
export function monotonicClock(originNs: bigint = process.hrtime.bigint()): Clock {
  const now = (): RunMs => Number(process.hrtime.bigint() - originNs) / 1e6
  return { originNs, now, sleepUntil: (at, signal) => sleep(at - now(), signal) }
}

/** Longest delay that Node's timers take; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error)
    if (delayMs <= 0) return resolve()
    const timer = setTimeout(done, Math.min(delayMs, LONGEST_TIMER_MS))
    signal?.addEventListener('abort', aborted, { once: true })
    function done(): void {
      signal?.removeEventListener('abort', aborted)
      resolve()
    }
    function aborted(): void {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
  })
}
