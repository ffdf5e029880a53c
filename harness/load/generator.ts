import type { Clock } from '../lib/clock.ts'
import type { LoadPlan } from '../scenario/plan.ts'
import { OUTCOMES, toTicks, type Ledger } from '../run/ledger.ts'
import { keysOf } from './keys.ts'
import { bodies, payloadOf } from './payload.ts'
import type { OutgoingEvent, Producer } from './producer.ts'
import { scheduleOf } from './schedule.ts'

export interface Progress {
  readonly offered: number
  readonly acked: number
  readonly rejected: number
  readonly indeterminate: number
  readonly unsent: number
  readonly pending: number
}
export interface GeneratorEnv {
  readonly runId: string
  readonly plan: LoadPlan
  readonly producer: Producer
  readonly ledger: Ledger
  readonly clock: Clock
  /** Run ms at which the load's own time is zero. */
  readonly startMs: number
}

/** A request is small enough that encoding it does not hold up the schedule, and far below the broker's 1 MiB. */
const MAX_BATCH_BYTES = 100_000
/** Requests under way at once: more would be encoded in one go after an outage, and delay what comes due. */
const MAX_REQUESTS = 12
/** Requests encoded before the schedule is looked at again. */
const MAX_SENDS_A_TURN = 3
/** How often due events are collected: the finest step of the send delay. */
const TICK_MS = 2

/**
 * Open loop: events leave when they are due, whatever the answers. Per lane and partition one request is under way and
 * what comes due meanwhile waits for the next; `maxPending` bounds all that waits, and beyond it events stay unsent.
 */
export class Generator {
  readonly #env: GeneratorEnv
  readonly #queues = new Map<string, OutgoingEvent[]>()
  readonly #busy = new Set<string>()
  readonly #tally = { acked: 0, rejected: 0, indeterminate: 0, unsent: 0 }
  #next = 0
  #pending = 0
  #stopped = false

  constructor(env: GeneratorEnv) {
    this.#env = env
  }

  progress(): Progress {
    return { offered: this.#next, ...this.#tally, pending: this.#pending }
  }

  /** Ends the schedule now: what has not come due is unsent. */
  stop(): void {
    this.#stopped = true
  }

  /** Resolves when every event has come due. Answers may still be under way: see `settled`. */
  async run(): Promise<void> {
    const { plan, ledger, clock, startMs, runId } = this.#env
    const schedule = scheduleOf(plan.segments)
    const keyOf = keysOf(plan.keys)
    const bodyOf = bodies(plan.keys.seed, plan.payloadBytes)
    for (let i = 0; i < ledger.count; i += 1)
      ledger.intended[i] = toTicks(startMs + schedule.intendedMs(i))
    while (this.#next < ledger.count && !this.#stopped) {
      const now = clock.now()
      while (this.#next < ledger.count && startMs + schedule.intendedMs(this.#next) <= now) {
        const index = this.#next
        this.#next += 1
        const dueMs = schedule.intendedMs(index)
        this.#offer(index, `k${keyOf(index, dueMs)}`, (fields) =>
          payloadOf(
            { run: runId, intended: (startMs + dueMs).toFixed(3), ...fields },
            bodyOf(index),
          ),
        )
      }
      this.#flush()
      await clock.sleepUntil(clock.now() + TICK_MS)
    }
  }

  get settled(): boolean {
    return this.#pending === 0
  }

  #offer(
    index: number,
    key: string,
    payload: (fields: { lane: number; seq: number; key: string }) => string,
  ): void {
    const { ledger, producer, plan, clock } = this.#env
    const lane = index % ledger.lanes
    const seq = Math.floor(index / ledger.lanes)
    const partition = producer.partitionOf(key)
    ledger.partition[index] = partition
    if (this.#pending >= plan.producer.maxPending) {
      this.#tally.unsent += 1
      return
    }
    ledger.sent[index] = toTicks(clock.now())
    this.#pending += 1
    const name = `${lane}/${partition}`
    const queue = this.#queues.get(name) ?? []
    queue.push({ index, lane, seq, key, value: payload({ lane, seq, key }) })
    this.#queues.set(name, queue)
  }

  #flush(): void {
    let room = MAX_SENDS_A_TURN
    for (const name of [...this.#queues.keys()]) {
      if (room > 0 && this.#sendNext(name)) room -= 1
    }
  }

  /** Whether a request was sent. */
  #sendNext(name: string): boolean {
    const queue = this.#queues.get(name)
    if (queue === undefined || queue.length === 0 || this.#busy.has(name)) return false
    if (this.#busy.size >= MAX_REQUESTS) return false
    const batch = takeBatch(queue)
    // To the end of the line: every lane and partition gets its turn.
    this.#queues.delete(name)
    this.#queues.set(name, queue)
    const [lane, partition] = name.split('/').map(Number)
    this.#busy.add(name)
    void this.#env.producer.send(lane ?? 0, partition ?? 0, batch).then((outcome) => {
      this.#settle(batch, outcome)
      this.#busy.delete(name)
      this.#flush()
    })
    return true
  }

  #settle(batch: readonly OutgoingEvent[], outcome: 'acked' | 'rejected' | 'indeterminate'): void {
    const { ledger, clock } = this.#env
    const at = toTicks(clock.now())
    const code = OUTCOMES.indexOf(outcome)
    for (const { index } of batch) {
      ledger.settled[index] = at
      ledger.outcome[index] = code
    }
    this.#tally[outcome] += batch.length
    this.#pending -= batch.length
  }

  /** What has had no answer may have been taken. */
  abandon(): void {
    const { ledger } = this.#env
    for (let i = 0; i < this.#next; i += 1) {
      if (ledger.sent[i] !== 0xffff_ffff && ledger.outcome[i] === 0)
        ledger.outcome[i] = OUTCOMES.indexOf('indeterminate')
    }
  }
}

function takeBatch(queue: OutgoingEvent[]): OutgoingEvent[] {
  let bytes = 0
  let taken = 0
  while (
    taken < queue.length &&
    (taken === 0 || bytes + (queue[taken]?.value.length ?? 0) <= MAX_BATCH_BYTES)
  ) {
    bytes += queue[taken]?.value.length ?? 0
    taken += 1
  }
  return queue.splice(0, taken)
}
