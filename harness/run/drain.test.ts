import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AuditRows, Gauges, LandedRows, Sink } from '../../targets/target.ts'
import type { Clock } from '../lib/clock.ts'
import { audit, settle } from './drain.ts'
import { emptyLedger, OUTCOMES, type Ledger } from './ledger.ts'
import type { LogEntry } from './log.ts'

const { signal } = new AbortController()

/** Jumps to the end of every sleep. */
function jumpingClock(): Clock {
  let now = 0
  return {
    originNs: 0n,
    now: () => now,
    sleepUntil: (at) => {
      now = Math.max(now, at)
      return Promise.resolve()
    },
  }
}

/** Acked events of one lane, of which the first `landed` have landed. */
function ackedLedger(count: number, landed: number): Ledger {
  const ledger = emptyLedger(count, 1)
  ledger.outcome.fill(OUTCOMES.indexOf('acked'))
  ledger.landed.fill(1, 0, landed)
  return ledger
}

describe('settle', () => {
  /** When it ended, and what it said; the lag is that of each read in turn, and the last one's from then on. */
  async function settled(
    ledger: Ledger,
    lags: readonly (number | null)[],
    deadlineMs = 10_000,
  ): Promise<{ readonly endMs: number; readonly said: readonly string[] }> {
    const entries: LogEntry[] = []
    const clock = jumpingClock()
    let read = 0
    const gauges = (): Promise<Gauges> => {
      const lag = lags[Math.min(read, lags.length - 1)] ?? null
      read += 1
      return Promise.resolve(lag === null ? { parts: 1 } : { 'lag.0': lag, 'lag.1': 0 })
    }
    const target = lags.length === 0 ? {} : { gauges }
    const log = (entry: LogEntry): void => void entries.push(entry)
    await settle({ clock, ledger, log, signal, target }, deadlineMs)
    return { endMs: clock.now(), said: entries.map(({ type }) => type) }
  }

  it('ends at once when all has landed and nothing is left to deliver', async () => {
    expect(await settled(ackedLedger(3, 3), [0])).toEqual({ endMs: 0, said: [] })
  })

  it('waits for a replay that is still to come although all has landed', async () => {
    expect(await settled(ackedLedger(3, 3), [5, 2, 0])).toEqual({ endMs: 2000, said: [] })
  })

  it('does not take a lag that cannot be read for none', async () => {
    expect(await settled(ackedLedger(3, 3), [null, 0])).toEqual({ endMs: 1000, said: [] })
  })

  it('notes, and does not doubt, that a pipeline in which nothing is absent was busy to the end', async () => {
    expect(await settled(ackedLedger(3, 3), [5])).toEqual({ endMs: 11_000, said: ['note'] })
  })

  it('asks nothing of a pipeline without gauges', async () => {
    expect(await settled(ackedLedger(3, 3), [])).toEqual({ endMs: 0, said: [] })
  })

  it('takes what is absent for lost after three idle reads in a row', async () => {
    const lags = [0, 0, 4, 0, 0, 0]
    expect(await settled(ackedLedger(3, 2), lags)).toEqual({ endMs: 6000, said: [] })
  })

  it('doubts the drain when events are absent at the deadline', async () => {
    expect(await settled(ackedLedger(3, 2), [1])).toEqual({ endMs: 11_000, said: ['doubt'] })
  })
})

describe('the audit', () => {
  /** What the log was asked for when the sink held the first `held` of three events. */
  async function askedFor(held: number): Promise<number[][]> {
    const asked: number[][] = []
    const ones = new Uint32Array(held).fill(1)
    const rows: AuditRows = {
      lane: new Uint16Array(held),
      seq: Uint32Array.from(ones, (_, i) => i),
      copies: ones,
      positions: ones,
      visible: ones,
      corrupt: new Uint8Array(held),
    }
    const sink: Sink = {
      landed: () => Promise.reject(new Error('not asked for')),
      audit: () => Promise.resolve(rows),
      inLog: (events: LandedRows) => {
        asked.push([...events.seq])
        return Promise.resolve(new Uint8Array(events.seq.length))
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }
    const directory = await mkdtemp(join(tmpdir(), 'freshet-audit-'))
    const ledger = ackedLedger(3, 3)
    const log = (): void => undefined
    await audit({ clock: jumpingClock(), ledger, log, signal, target: { sink }, directory })
    await rm(directory, { recursive: true })
    return asked
  }

  it('looks in the log for what the sink lacks', async () => {
    expect(await askedFor(1)).toEqual([[1, 2]])
  })

  it('does not read the log when nothing is missing', async () => {
    expect(await askedFor(3)).toEqual([])
  })
})
