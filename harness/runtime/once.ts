import type { Heal } from './runtime.ts'

/** Makes an undo idempotent: after a success it does nothing; callers at the same time share one try; a failed one may be tried again. */
export function once(undo: () => Promise<void>): Heal {
  let running: Promise<void> | undefined
  return () => {
    running ??= undo().catch((failure: unknown) => {
      running = undefined
      throw failure
    })
    return running
  }
}
