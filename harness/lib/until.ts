import { FreshetError, messageOf } from './errors.ts'

export interface UntilOptions {
  readonly timeoutMs: number
  /** What is awaited, for the error: "broker kafka.1 to answer". */
  readonly what: string
  readonly everyMs?: number
  readonly signal?: AbortSignal
}

/** Polls `condition` until it is true; a throw counts as "not yet" and becomes the error's cause. */
export async function until(
  condition: () => Promise<boolean> | boolean,
  options: UntilOptions,
): Promise<void> {
  const startedAt = performance.now()
  let cause: unknown
  for (;;) {
    options.signal?.throwIfAborted()
    try {
      if (await condition()) return
    } catch (failure) {
      cause = failure
    }
    if (performance.now() - startedAt > options.timeoutMs) {
      const last = cause === undefined ? '' : ` (last: ${messageOf(cause)})`
      throw new FreshetError(
        'timeout',
        `waited ${options.timeoutMs} ms for ${options.what}${last}`,
        { cause },
      )
    }
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 50))
  }
}

/** Rejects when `work` takes longer than the limit. The work itself is not stopped: pass it a signal for that. */
export async function within<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new FreshetError('timeout', `${what} took longer than ${timeoutMs} ms`)),
      timeoutMs,
    )
  })
  return Promise.race([work, limit]).finally(() => clearTimeout(timer))
}
