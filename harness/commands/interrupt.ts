/** Ctrl-C reaches a program twice when npm or npx passes it on as well: within this time it is the same one. */
const SAME_MS = 1000

/**
 * The first SIGINT or SIGTERM aborts the signal: the run heals and tears down. A later one ends the program at once, and
 * the guardian ends what still runs. `restore` gives the signals back.
 */
export function watchInterrupts(exitCode: number): { signal: AbortSignal; restore(): void } {
  const abort = new AbortController()
  let firstAt = 0
  const interrupted = (): void => {
    if (!abort.signal.aborted) {
      firstAt = performance.now()
      process.stderr.write('\ninterrupted: healing and tearing down\n')
      return abort.abort(new Error('interrupted'))
    }
    if (performance.now() - firstAt < SAME_MS) return
    process.stderr.write('\ninterrupted again: the guardian ends what still runs\n')
    process.exit(exitCode)
  }
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted)
  return {
    signal: abort.signal,
    restore: () => void process.off('SIGINT', interrupted).off('SIGTERM', interrupted),
  }
}
