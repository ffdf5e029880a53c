import type { Outcome } from '../run/ledger.ts'

/** One event, ready to send. `index` is its place in the ledger. */
export interface OutgoingEvent {
  readonly index: number
  readonly lane: number
  readonly seq: number
  readonly key: string
  readonly value: Buffer
}
export interface KafkaProducerOptions {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly partitions: number
  readonly lanes: number
  readonly acks: 'all' | 'leader' | 'none'
  readonly idempotent: boolean
}
export const ACKS = { all: -1, leader: 1, none: 0 } as const

/** Errors after which the broker has surely not taken the records. Everything else may have been taken. */
const DEFINITE_ERRORS: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'TOPIC_AUTHORIZATION_FAILED',
  'INVALID_REQUIRED_ACKS',
])

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
  readonly counts: Counts
}

export interface Counts {
  retries: number
  /** Answers that were not for what was sent. */
  mismatchedAcks: number
  readonly errors: Record<string, number>
}

interface Counter {
  readonly counts: Counts
  readonly countError: (name: string) => void
}

/** What became of a send: `ask` tells whether the answer was for what was sent, `nameOf` what a failure is called. */
export async function outcomeOf(
  ask: () => Promise<boolean>,
  nameOf: (failure: unknown) => string,
  { counts, countError }: Counter,
): Promise<Exclude<Outcome, 'unsent'>> {
  try {
    if (await ask()) return 'acked'
    counts.mismatchedAcks += 1
    return 'indeterminate'
  } catch (failure) {
    const name = nameOf(failure)
    countError(name)
    return DEFINITE_ERRORS.has(name) ? 'rejected' : 'indeterminate'
  }
}

export function newCounts(): Counter {
  const counts: Counts = { retries: 0, mismatchedAcks: 0, errors: {} }
  return {
    counts,
    countError: (name) => (counts.errors[name] = (counts.errors[name] ?? 0) + 1),
  }
}
