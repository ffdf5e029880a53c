import type { Clock, RunMs } from '../../../harness/lib/clock.ts'
import { unit } from '../../../harness/load/keys.ts'
import type { AuditRows, LandedRows } from '../../target.ts'
import type { MemoryOptions } from './options.ts'
import { PLANTED_LANE, plantedIn } from './planting.ts'

interface Stored {
  readonly lane: number
  readonly seq: number
  readonly visibleAt: RunMs
  readonly copies: number
  readonly corrupt: boolean
}

/** An event overtakes only when what it overtakes stays unseen for this share of the delay. */
const OVERTAKEN_FOR = 0.5

export class MemoryStore {
  readonly #options: MemoryOptions
  readonly #clock: Clock
  readonly #pauses: MemoryOptions['pauses']
  /** By lane: when its last event in order becomes visible. */
  readonly #tails = new Map<number, RunMs>()
  #originMs: RunMs | null = null
  #owedOvertakings = 0
  #waiting: Stored[] = []
  readonly #visible: Stored[] = []
  #storedRows = 0

  constructor(options: MemoryOptions, clock: Clock) {
    this.#options = options
    this.#clock = clock
    this.#pauses = [...options.pauses].sort((a, b) => a.at - b.at)
  }

  /** Events accepted and not yet visible. */
  get pending(): number {
    return this.#waiting.length
  }

  /** The first event's due time is taken as the start of the load. */
  accept(lane: number, seq: number, intendedMs: RunMs): void {
    this.#originMs ??= intendedMs
    const planted = plantedIn(lane, seq, this.#options)
    if (planted === 'lose') return
    if (planted === 'reorder') this.#owedOvertakings += 1
    this.#waiting.push({
      lane,
      seq,
      visibleAt: this.#overtakes(lane) ? this.#clock.now() : this.#inOrder(lane, seq),
      copies: planted === 'duplicate' ? 2 : 1,
      corrupt: planted === 'corrupt',
    })
  }

  landed(): LandedRows {
    const now = this.#clock.now()
    const due = this.#waiting.filter((one) => one.visibleAt <= now)
    if (due.length > 0) this.#waiting = this.#waiting.filter((one) => one.visibleAt > now)
    this.#visible.push(...due)
    for (const { copies } of due) this.#storedRows += copies
    return {
      lane: Uint16Array.from(due, (one) => one.lane),
      seq: Uint32Array.from(due, (one) => one.seq),
    }
  }

  audit(): AuditRows {
    const copies = Uint32Array.from(this.#visible, (one) => one.copies)
    return {
      lane: Uint16Array.from(this.#visible, (one) => one.lane),
      seq: Uint32Array.from(this.#visible, (one) => one.seq),
      copies,
      positions: new Uint32Array(copies.length).fill(1),
      visible: copies,
      corrupt: Uint8Array.from(this.#visible, (one) => Number(one.corrupt)),
      storedRows: this.#storedRows,
    }
  }

  /** Owed, and in force here: not in a pause, and behind an event that stays unseen for long enough. */
  #overtakes(lane: number): boolean {
    const now = this.#clock.now()
    const seenAfter = (this.#tails.get(lane) ?? now) - now
    if (this.#owedOvertakings === 0 || lane !== PLANTED_LANE) return false
    if (seenAfter < this.#options.delay * OVERTAKEN_FOR || this.#pastPauses(now) > now) return false
    this.#owedOvertakings -= 1
    return true
  }

  /** Not before its predecessor in the lane: what overtakes is planted, and nothing else does. */
  #inOrder(lane: number, seq: number): RunMs {
    const { delay, jitter, seed } = this.#options
    const own = this.#clock.now() + delay + jitter * unit(seed, seq, 5 + 64 * lane)
    const at = Math.max(this.#pastPauses(own), this.#tails.get(lane) ?? 0)
    this.#tails.set(lane, at)
    return at
  }

  #pastPauses(at: RunMs): RunMs {
    let past = at
    for (const pause of this.#pauses) {
      const start = (this.#originMs ?? 0) + pause.at
      if (past >= start && past < start + pause.for) past = start + pause.for
    }
    return past
  }
}
