import { createHistogram } from 'node:perf_hooks'
import type { Clock, RunMs } from '../lib/clock.ts'
import type { LoadPlan } from '../scenario/plan.ts'
import { NEVER, OUTCOMES, toTicks, type Ledger, type Outcome } from '../run/ledger.ts'
import { keysOf } from './keys.ts'
import { payloadLimit, payloads } from './payload.ts'
import type { OutgoingEvent, Producer } from './producer.ts'
import { Queues } from './queues.ts'
import { countBefore, scheduleOf, type Schedule } from './schedule.ts'

/** The generator's own count, kept apart from the ledger so that each can be checked by the other. */
export interface Tally {
  readonly offered: number
  readonly acked: number
  readonly rejected: number
  readonly indeterminate: number
  readonly unsent: number
}
export interface Progress extends Tally {
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

/** Far below the broker's limit of 1 MiB for a request. */
const MAX_REQUEST_BYTES = 100_000
/** Handed to the client in one turn of the event loop: encoding more would hold up what comes due. */
const MAX_TURN_BYTES = 100_000
/** Requests under way at once. One that waits for longer waits for a broker that is down, and keeps the place of no other. */
const MAX_REQUESTS = 64
const STUCK_MS = 500
/** How often due events are collected: the finest step of the send delay. */
const TICK_MS = 2

/**
 * Open loop: events leave when they are due, whatever the answers. Per lane and partition one request is under way and
 * what comes due meanwhile waits for the next; `maxPending` bounds all that waits, and beyond it events stay unsent.
 */
export class Generator {
  readonly #env: GeneratorEnv
  readonly #queues: Queues
  readonly #intendedMs: (index: number) => number
  readonly #keyOf: (index: number) => string
  readonly #payload: ReturnType<typeof payloads>
  readonly #eventBytes: number
  readonly #tally = { acked: 0, rejected: 0, indeterminate: 0, unsent: 0 }
  /** Microseconds. */
  readonly #held = createHistogram()
  readonly #schedule: Schedule
  #count: number
  #next = 0
  #pending = 0
  #giveUpAtMs = Infinity
  #isFinished = false

  constructor(env: GeneratorEnv) {
    const { plan, startMs } = env
    const schedule = scheduleOf(plan.segments)
    const keyOf = keysOf(plan.keys)
    this.#env = env
    this.#schedule = schedule
    this.#count = schedule.count
    this.#intendedMs = (index) => startMs + schedule.intendedMs(index)
    this.#keyOf = (index) => `k${keyOf(index, schedule.intendedMs(index))}`
    this.#payload = payloads(plan.keys.seed, plan.payloadBytes)
    this.#eventBytes = payloadLimit(plan.payloadBytes)
    const most = Math.max(1, Math.floor(MAX_REQUEST_BYTES / this.#eventBytes))
    this.#queues = new Queues({ most, lingerMs: plan.producer.linger })
  }

  get tally(): Tally {
    return { offered: this.#next, ...this.#tally }
  }

  progress(): Progress {
    return { ...this.tally, pending: this.#pending }
  }

  /** What requests that could have left waited for the generator itself: the bytes of a turn, the requests under way. */
  get heldMs(): { readonly p50: number; readonly p99: number; readonly max: number } {
    const ms = (percentile: number): number =>
      this.#held.count === 0 ? 0 : this.#held.percentile(percentile) / 1000
    return { p50: ms(50), p99: ms(99), max: ms(100) }
  }

  /** Scheduled events: all of the plan's, or those before the end that `endAt` set. */
  get count(): number {
    return this.#count
  }

  /** Ends the schedule at `atMs`: later events were never scheduled. What has come due already stays. */
  endAt(atMs: RunMs, answerLimitMs = Infinity): void {
    const before = countBefore(this.#schedule, atMs - this.#env.startMs)
    this.#count = Math.min(this.#count, Math.max(this.#next, before))
    this.#giveUpAtMs = atMs + answerLimitMs
  }

  /** Resolves when every event has come due. Answers may still be under way: see `finish`. */
  async run(): Promise<void> {
    const { ledger } = this.#env
    for (let i = 0; i < ledger.count; i += 1) ledger.intended[i] = toTicks(this.#intendedMs(i))
    while (this.#next < this.#count) {
      this.#offerDue()
      await this.#turn()
    }
  }

  /** Waits for the last answers; what has none within the limit may have been taken. Later answers change nothing. */
  async finish(limitMs: number): Promise<void> {
    const { ledger, clock } = this.#env
    this.#giveUpAtMs = Math.min(this.#giveUpAtMs, clock.now() + limitMs)
    while (this.#pending > 0 && clock.now() < this.#giveUpAtMs) await this.#turn()
    for (let i = 0; i < this.#next; i += 1) {
      if (ledger.sent[i] !== NEVER && ledger.outcome[i] === 0)
        ledger.outcome[i] = OUTCOMES.indexOf('indeterminate')
    }
    this.#isFinished = true
    this.#tally.indeterminate += this.#pending
    this.#pending = 0
  }

  #offerDue(): void {
    const now = this.#env.clock.now()
    while (this.#next < this.#count && this.#intendedMs(this.#next) <= now) {
      this.#offer(this.#next)
      this.#next += 1
    }
  }

  #offer(index: number): void {
    const { ledger, producer, plan, clock } = this.#env
    const partition = producer.partitionOf(this.#keyOf(index))
    ledger.partition[index] = partition
    if (this.#pending >= plan.producer.maxPending) {
      this.#tally.unsent += 1
      return
    }
    ledger.sent[index] = toTicks(clock.now())
    this.#pending += 1
    this.#queues.add({ lane: index % ledger.lanes, partition, index }, clock.now())
  }

  /** Sends what one turn of the event loop may cost, then lets the loop go round. */
  async #turn(): Promise<void> {
    const { clock } = this.#env
    for (let bytes = 0; bytes < MAX_TURN_BYTES;) {
      const sent = this.#sendNext()
      if (sent === 0) return clock.sleepUntil(clock.now() + TICK_MS)
      bytes += sent * this.#eventBytes
    }
    return new Promise((resolve) => setImmediate(resolve))
  }

  /** The number of events of the request that was sent. */
  #sendNext(): number {
    const now = this.#env.clock.now()
    if (this.#queues.underWay(now - STUCK_MS) >= MAX_REQUESTS) return 0
    const taken = this.#queues.take(now)
    if (taken === undefined) return 0
    const { queue, indices, heldMs } = taken
    this.#held.record(Math.max(1, Math.round(heldMs * 1000)))
    const events = indices.map((index) => this.#eventOf(index))
    void this.#env.producer.send(queue.lane, queue.partition, events).then((outcome) => {
      this.#settle(indices, outcome)
      this.#queues.answered(queue, this.#env.clock.now())
    })
    return indices.length
  }

  #eventOf(index: number): OutgoingEvent {
    const { ledger, runId } = this.#env
    const lane = index % ledger.lanes
    const seq = Math.floor(index / ledger.lanes)
    const key = this.#keyOf(index)
    const intended = this.#intendedMs(index).toFixed(3)
    return {
      index,
      lane,
      seq,
      key,
      value: this.#payload(index, { run: runId, lane, seq, key, intended }),
    }
  }

  #settle(indices: readonly number[], outcome: Exclude<Outcome, 'unsent'>): void {
    if (this.#isFinished) return
    const { ledger, clock } = this.#env
    const at = toTicks(clock.now())
    const code = OUTCOMES.indexOf(outcome)
    for (const index of indices) {
      ledger.settled[index] = at
      ledger.outcome[index] = code
    }
    this.#tally[outcome] += indices.length
    this.#pending -= indices.length
  }
}
