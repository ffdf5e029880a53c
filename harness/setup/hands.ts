/** What a step of the set-up works with. */
export interface Hands {
  /** Tells people, one line. */
  readonly say: (line: string) => void
  /** Aborted on Ctrl-C: stop, and leave nothing that looks whole. */
  readonly signal: AbortSignal
}
