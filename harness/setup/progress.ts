import { formatMs } from '../lib/quantity.ts'

const EVERY_MS = 10_000
/** Lines by which Maven and Go tell of one more file. */
const FETCHED = /^(\[INFO\] )?Downloaded from|^go: downloading/

/** Tells people every few seconds how far a long download is. The caller ends it. */
export function countDownloads(
  what: string,
  say: (line: string) => void,
): { readonly onLine: (line: string) => void; readonly end: () => void } {
  const startedAt = performance.now()
  let fetched = 0
  const timer = setInterval(() => {
    say(`${what}: ${formatMs(performance.now() - startedAt)}, ${fetched} files fetched`)
  }, EVERY_MS)
  return {
    onLine: (line) => {
      if (FETCHED.test(line)) fetched += 1
    },
    end: () => clearInterval(timer),
  }
}
