import type { Outcome } from '../run/ledger.ts'

/** One event, ready to send. `index` is its place in the ledger. */
export interface OutgoingEvent {
  readonly index: number
  readonly lane: number
  readonly seq: number
  readonly key: string
  readonly value: Buffer
}
export interface Producer extends AsyncDisposable {
  /** Which partition a key goes to; -1 where there are none. */
  partitionOf(key: string): number
  /**
   * Sends events of one partition and lane. Resolves with one outcome for all of them: expected failures are outcomes,
   * never exceptions.
   */
  send(
    lane: number,
    partition: number,
    events: readonly OutgoingEvent[],
  ): Promise<Exclude<Outcome, 'unsent'>>
  readonly counts: { retries: number; mismatchedAcks: number; errors: Record<string, number> }
}
