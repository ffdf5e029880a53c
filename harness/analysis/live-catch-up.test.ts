import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstEvents, NEVER, TICKS_PER_MS } from '../run/ledger.ts'
import type { RunRecord } from '../run/record.ts'
import { analyze } from './analyze.ts'
import { liveBand, liveHold, type LiveLoad } from './live-catch-up.ts'
import { AT, fault, recordOf } from './record.fixture.ts'
import type { CatchUp } from './summary.ts'

const EPS = 200
const HEALED_MS = AT.faults + 5000
const BASELINE = { startMs: AT.baseline, endMs: AT.faults }
const NOTICE_MS = 250

/** Nothing shows from 14 s for `frozenMs`; then the backlog drains at `speed` times the offered rate. */
const outage =
  (frozenMs: number, speed: number, delayMs: number) =>
  (intendedMs: number): number =>
    intendedMs < 14_000
      ? intendedMs + delayMs
      : Math.max(intendedMs + delayMs, 14_000 + frozenMs + (intendedMs - 14_000) / speed)

const run = (landsAt: (intendedMs: number, i: number) => number | null): RunRecord =>
  recordOf({ eps: EPS, faults: [fault('outage')], landsAt })

/** What is known of the run at `nowMs`. */
function seenAt({ ledger, meta }: RunRecord, nowMs: number): LiveLoad {
  const now = nowMs * TICKS_PER_MS
  return {
    schedule: { count: ledger.count, intendedMs: (i) => (i * 1000) / EPS },
    startMs: 0,
    landed: ledger.landed.map((ticks) => (ticks <= now ? ticks : NEVER)),
    meta,
  }
}

/** The first moment, looked at once a second, at which the load would be ended. */
function endOf(record: RunRecord): number | null {
  for (let nowMs = AT.recovery + 1000; nowMs < AT.settle - 1000; nowMs += 1000) {
    const load = seenAt(record, nowMs)
    const band = liveBand(load, BASELINE)
    const since = Math.max(AT.recovery, HEALED_MS)
    if (band !== null && liveHold(load, band, { sinceMs: since, nowMs }) !== null)
      return nowMs + NOTICE_MS
  }
  return null
}

/** The same run, had its load ended then. */
function ended(record: RunRecord, endMs: number): RunRecord {
  const ledger = firstEvents(record.ledger, (endMs * EPS) / 1000)
  const settleMs = endMs + AT.audit - AT.settle
  const log = record.log
    .filter((entry) => entry.type !== 'probe' || entry.atMs < settleMs)
    .map((entry) => {
      if (entry.type !== 'phase') return entry
      const atMs = { settle: endMs, audit: settleMs }[String(entry.phase)] ?? entry.atMs
      return { ...entry, atMs }
    })
  return { ...record, ledger, log, audit: null, meta: { ...record.meta, events: ledger.count } }
}

const catchUpOf = (record: RunRecord): CatchUp | undefined =>
  analyze({ ...record, audit: null }).summary.faults[0]?.catchUp

describe('a recovery that ends early', () => {
  it('has the catch-up that its full length has, whatever the outage', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 22_000 }),
        fc.double({ min: 1.1, max: 20, noNaN: true }),
        fc.integer({ min: 1, max: 2000 }),
        (frozenMs, speed, delayMs) => {
          const record = run(outage(frozenMs, speed, delayMs))
          const endMs = endOf(record)
          if (endMs !== null) expect(catchUpOf(ended(record, endMs))).toEqual(catchUpOf(record))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('ends one hold after the recovery began, when all was well by then', () => {
    // The planned recovery is 20 s, so the hold is 4 s.
    expect(endOf(run(outage(1000, 10, 50)))).toBe(AT.recovery + 4000 + NOTICE_MS)
  })

  it('goes on to its end when the outage outlasts it', () => {
    expect(endOf(run(outage(40_000, 10, 50)))).toBeNull()
  })

  it('goes on to its end when an event of the baseline has not landed', () => {
    const at = outage(1000, 10, 50)
    expect(endOf(run((intendedMs, i) => (i === 1000 ? null : at(intendedMs))))).toBeNull()
  })

  it('would say something else had it ended before the hold was over', () => {
    const record = run(outage(9000, 4, 50))
    const endMs = endOf(record) ?? Number.NaN
    expect(catchUpOf(record)?.state).toBe('recovered')
    expect(catchUpOf(ended(record, endMs - 3000))).toMatchObject({ state: 'not-recovered' })
  })

  it('keeps the accounting exact', () => {
    const record = run(outage(1000, 10, 50))
    const endMs = endOf(record) ?? Number.NaN
    const { accounting, selfCheck } = analyze(ended(record, endMs)).summary
    expect(accounting).toMatchObject({ scheduled: (endMs * EPS) / 1000, unsent: 0 })
    expect(selfCheck.identities.every(({ holds }) => holds)).toBe(true)
  })
})
