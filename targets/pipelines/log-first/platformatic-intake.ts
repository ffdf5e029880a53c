import type { Consumer, Message, MessagesStream } from '@platformatic/kafka'
import type { Waiting } from './batcher.ts'
import { rowsOf } from './session.ts'
import type { Session } from './session.ts'

type Stream = MessagesStream<Buffer, Buffer, Buffer, Buffer>
export interface IntakeEnv {
  readonly consumer: Consumer
  readonly stream: Stream
  readonly session: Session
  readonly fail: (failure: unknown) => void
}

/** One stream, from a join of the group to the next: what it brings is inserted, in order, then committed. */
export class Intake {
  readonly #env: IntakeEnv
  readonly #waiting = new Set<Waiting>()
  /** The next offset to commit, by partition. */
  readonly #done = new Map<number, bigint>()
  #fresh: Message[] = []
  #rowsWaiting = 0
  #committing = false
  #closed = false

  constructor(env: IntakeEnv) {
    this.#env = env
    env.stream.on('error', env.fail)
    env.stream.on('data', (message: Message) => {
      // What one fetch brought comes in one turn of the event loop.
      if (this.#fresh.push(message) === 1) setImmediate(() => this.#take())
    })
  }

  /** Nothing more is inserted or committed; an insert under way may still land. */
  close(): void {
    this.#closed = true
    for (const waiting of this.#waiting) waiting.drop()
    this.#env.stream.destroy()
  }

  #take(): void {
    const { batcher, status, config } = this.#env.session
    const messages = this.#fresh
    this.#fresh = []
    if (this.#closed) return
    status.alive()
    const waiting = batcher.add(rowsOf(messages, status))
    this.#waiting.add(waiting)
    this.#rowsWaiting += messages.length
    if (this.#rowsWaiting >= config.batchRows) this.#env.stream.pause()
    void waiting.done.then(() => this.#landed(waiting, messages))
  }

  #landed(waiting: Waiting, messages: readonly Message[]): void {
    this.#waiting.delete(waiting)
    if (this.#closed) return
    for (const { partition, offset } of messages) this.#done.set(partition, offset + 1n)
    this.#rowsWaiting -= messages.length
    if (this.#rowsWaiting < this.#env.session.config.batchRows) this.#env.stream.resume()
    this.#commit().catch(this.#env.fail)
  }

  async #commit(): Promise<void> {
    if (this.#committing) return
    this.#committing = true
    while (this.#done.size > 0 && !this.#closed) {
      const { topic } = this.#env.session.config
      const offsets = Array.from(this.#done, ([partition, offset]) => {
        return { topic, partition, offset, leaderEpoch: -1 }
      })
      this.#done.clear()
      await this.#env.consumer.commit({ offsets })
    }
    this.#committing = false
  }
}
