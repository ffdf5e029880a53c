import type { Batcher } from './batcher.ts'
import type { ConsumerConfig } from './consumer-config.ts'
import { splicePosition } from './splice.ts'
import type { StatusReport } from './status.ts'

/** What a client library works with until it fails. */
export interface Session {
  readonly config: ConsumerConfig
  readonly batcher: Batcher
  readonly status: StatusReport
  /** Aborted when the client has to go, whatever it thinks of itself. */
  readonly signal: AbortSignal
}
/**
 * Consumes: inserts, then commits. Resolves with the reason when the client library has given up or the signal says so,
 * after the client is gone; never rejects.
 */
export type Consume = (session: Session) => Promise<string>

export interface Position {
  readonly value: Buffer | null | undefined
  readonly partition: number
  readonly offset: string | bigint
}

/** The messages as rows of the table. One that is none is counted and left out: it would be no row the next time. */
export function rowsOf(messages: readonly Position[], status: StatusReport): Buffer[] {
  return messages.flatMap(({ value, partition, offset }) => {
    const row = splicePosition(value, partition, offset)
    if (row === undefined) status.skipped(1, { partition, offset: String(offset) })
    return row ?? []
  })
}

/** Resolves with the reason when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const say = (): void => resolve(String(signal.reason))
    if (signal.aborted) say()
    signal.addEventListener('abort', say, { once: true })
  })
}
