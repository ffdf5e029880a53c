import type { Clock, RunMs } from '../../../harness/lib/clock.ts'
import { unit } from '../../../harness/load/keys.ts'
import type { AuditRows, LandedRows } from '../../target.ts'
import type { MemoryOptions } from './target.ts'

interface Stored {
  readonly lane: number
  readonly seq: number
  readonly visibleAt: RunMs
  readonly copies: number
  readonly corrupt: boolean
}

/** How much later than its due time a reordered event shows: beyond any probe interval in use. */
const REORDER_MS = 1500
/** Every planted fault takes arrivals of its own residue, so that counts stay exact and never overlap. */
const STRIDE = 50
const RESIDUE = { lose: 7, duplicate: 17, corrupt: 27, reorder: 37 } as const

export class MemoryStore {
  readonly #options: MemoryOptions
  readonly #clock: Clock
  #originMs: RunMs | null = null
  #arrivals = 0
  #waiting: Stored[] = []
  readonly #visible: Stored[] = []

  constructor(options: MemoryOptions, clock: Clock) {
    this.#options = options
    this.#clock = clock
  }

  /** Events accepted and not yet visible. */
  get pending(): number {
    return this.#waiting.length
  }

  accept(lane: number, seq: number, intendedMs: RunMs): void {
    this.#originMs ??= intendedMs
    const arrival = this.#arrivals
    this.#arrivals += 1
    if (planted(arrival, RESIDUE.lose, this.#options.lose)) return
    this.#waiting.push({
      lane,
      seq,
      visibleAt: this.#visibleAt(arrival),
      copies: planted(arrival, RESIDUE.duplicate, this.#options.duplicate) ? 2 : 1,
      corrupt: planted(arrival, RESIDUE.corrupt, this.#options.corrupt),
    })
  }

  landed(): LandedRows {
    const now = this.#clock.now()
    const due = this.#waiting.filter((one) => one.visibleAt <= now)
    if (due.length > 0) this.#waiting = this.#waiting.filter((one) => one.visibleAt > now)
    this.#visible.push(...due)
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
    }
  }

  #visibleAt(arrival: number): RunMs {
    const { delay, jitter, reorder, pauses } = this.#options
    const extra = planted(arrival, RESIDUE.reorder, reorder) ? REORDER_MS : 0
    let at = this.#clock.now() + delay + jitter * unit(1, arrival, 5) + extra
    const origin = this.#originMs ?? 0
    for (const pause of [...pauses].sort((a, b) => a.at - b.at)) {
      const start = origin + pause.at
      if (at >= start && at < start + pause.for) at = start + pause.for
    }
    return at
  }
}

function planted(arrival: number, residue: number, times: number): boolean {
  return arrival % STRIDE === residue && Math.floor(arrival / STRIDE) < times
}
