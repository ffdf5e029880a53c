import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NEVER, OUTCOMES, type Outcome } from '../run/ledger.ts'
import { accountingOf } from './accounting.ts'
import { analyze } from './analyze.ts'
import { observe } from './observed.ts'
import { AT, recordOf, type FixtureOptions, type Row } from './record.fixture.ts'

const account = (options: FixtureOptions) => accountingOf(observe(recordOf(options)))
const first =
  (n: number) =>
  (at: number, i: number): number | null =>
    i < n ? null : at + 50
const edit =
  (k: number, change: Partial<Row>) =>
  (rows: Row[]): Row[] =>
    rows.map((row, i) => (i === k ? { ...row, ...change } : row))

describe('accounting', () => {
  test('of a clean run is clean', () => {
    expect(account({})).toMatchObject({
      scheduled: 4200,
      acked: 4200,
      landed: 4200,
      sinkRows: 4200,
      lost: 0,
      late: 0,
      unexpected: 0,
      reordered: 0,
    })
  })
  test('an acked event absent after a complete drain is lost, and where is not known without a log', () => {
    expect(account({ landsAt: first(3) })).toMatchObject({
      lost: 3,
      late: 0,
      lostAt: null,
    })
  })
  test('the log tells where it was lost', () => {
    expect(
      account({ landsAt: first(3), record: { inLog: Uint8Array.of(1, 0, 0) } }).lostAt,
    ).toEqual({ upToLog: 2, afterLog: 1 })
  })
  test('an answer of the log about other events attributes nothing, and breaks an identity', () => {
    const { accounting, selfCheck } = analyze(
      recordOf({ landsAt: first(3), record: { inLog: Uint8Array.of(1) } }),
    ).summary
    expect(accounting).toMatchObject({ lost: 3, lostAt: null })
    expect(selfCheck.identities.some(({ holds }) => !holds)).toBe(true)
  })
  test.each([
    [
      'settle hit its deadline',
      {
        log: (log) =>
          log.map((e) => (e.type === 'phase' && e.phase === 'audit' ? { ...e, atMs: AT.end } : e)),
      },
    ],
    [
      'the run said that it had not drained',
      { log: (log) => [...log, { atMs: 1, type: 'doubt', code: 'drain-incomplete', detail: 'x' }] },
    ],
    ['there was no audit', { record: { audit: null } }],
    [
      'a fault was still in force',
      { log: (log) => [...log, { atMs: 1, type: 'fault', id: 'f', edge: 'in-force' }] },
    ],
  ] satisfies [string, FixtureOptions][])('it is late, never lost, when %s', (_, options) => {
    expect(account({ landsAt: first(3), ...options })).toMatchObject({ lost: 0, late: 3 })
  })
  test('an absent event that was not acked is not lost', () => {
    expect(
      account({ landsAt: first(3), outcome: (_, i) => (i < 3 ? 'indeterminate' : 'acked') }),
    ).toMatchObject({ lost: 0, recovered: 0 })
  })
  test('an indeterminate event that landed is recovered', () => {
    expect(account({ outcome: (_, i) => (i < 3 ? 'indeterminate' : 'acked') })).toMatchObject({
      recovered: 3,
      unexpected: 0,
    })
  })
  test('copies are attributed to the sink and to the producer', () => {
    expect(account({ rows: edit(7, { copies: 5, positions: 2, visible: 2 }) })).toMatchObject({
      duplicatedPhysical: 4,
      duplicatedVisible: 1,
      duplicatedBy: { sinkReplay: 3, producerRetry: 1 },
      sinkRows: 4204,
    })
  })
  test.each([
    [
      'never scheduled',
      {
        rows: (rows) => [
          ...rows,
          { lane: 9, seq: 1, copies: 1, positions: 1, visible: 1, corrupt: 0 },
        ],
      },
    ],
    ['rejected', { ledger: (ledger) => void (ledger.outcome[5] = OUTCOMES.indexOf('rejected')) }],
    ['unsent', { ledger: (ledger) => void (ledger.outcome[5] = OUTCOMES.indexOf('unsent')) }],
  ] satisfies [string, FixtureOptions][])('a row that was %s is unexpected', (_, options) => {
    expect(account(options).unexpected).toBe(1)
  })
  test('a corrupt row is counted', () =>
    expect(account({ rows: edit(7, { corrupt: 1 }) }).corrupt).toBe(1))

  test('an overtaken event is an inversion, displaced by its distance to the lowest it overtook', () => {
    // Lane 0 holds events 0, 2, 4 ... : seq 10 to 12 land with seq 20; seq 13 to 20 overtake.
    const landsAt = (at: number, i: number): number =>
      i % 2 === 0 && i >= 20 && i <= 24 ? 9000 : at + 50
    const inversions = account({ landsAt })
    expect(inversions.reordered).toBe(Math.floor((9000 - 50 - 240 - 1) / 20))
    expect(inversions.largestDisplacement).toBe(12 + inversions.reordered - 10)
  })
  test('events that land in one probe are in no order', () => {
    expect(account({ landsAt: (at) => Math.ceil(at / 1000) * 1000 }).reordered).toBe(0)
  })

  test('the identities hold whatever happened', () => {
    const event = fc.record({
      outcome: fc.constantFrom(...OUTCOMES),
      lands: fc.boolean(),
      copies: fc.integer({ min: 1, max: 4 }),
    })
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 420, maxLength: 420 }),
        fc.array(fc.integer({ min: 100, max: 120 })),
        (events, strangers) => {
          const outcome = (_: number, i: number): Outcome => events[i]?.outcome ?? 'acked'
          const ledger: FixtureOptions['ledger'] = (l) =>
            events.forEach(({ lands }, i) => void (l.landed[i] = lands ? 1 : NEVER))
          const unknown = [...new Set(strangers)].map((lane): Row => ({
            lane,
            seq: 0,
            copies: 2,
            positions: 1,
            visible: 1,
            corrupt: 0,
          }))
          const rows = (all: Row[]): Row[] => [
            ...all.map((row, i) => ({ ...row, copies: events[i]?.copies ?? 1 })),
            ...unknown,
          ]
          const { summary } = analyze(recordOf({ eps: 10, outcome, ledger, rows }))
          const a = summary.accounting
          expect(summary.selfCheck.identities.every(({ holds }) => holds)).toBe(true)
          expect(a.lost + a.late).toBe(
            events.filter((e) => e.outcome === 'acked' && !e.lands).length,
          )
          expect(a.landed).toBe(events.filter((e) => e.lands).length + unknown.length)
        },
      ),
      { numRuns: 50 },
    )
  })
  const TALLY = { offered: 4200, acked: 4199, rejected: 1, indeterminate: 0, unsent: 0 }
  const counted = (tally: Partial<typeof TALLY>, storedRows: number) => {
    const record = recordOf({
      outcome: (_, i) => (i === 900 ? 'rejected' : 'acked'),
      rows: edit(7, { copies: 3 }),
    })
    if (record.audit === null || record.load === null) throw new Error('the fixture has both')
    return analyze({
      ...record,
      audit: { ...record.audit, storedRows },
      load: { ...record.load, tally: { ...TALLY, ...tally } },
    }).summary
  }
  const broken = (summary: ReturnType<typeof counted>): readonly string[] =>
    summary.selfCheck.identities.flatMap(({ text, holds }) => (holds ? [] : [text]))
  test('counts of the generator and of the sink that agree hold', () => {
    const summary = counted({}, 4201)
    expect(broken(summary)).toEqual([])
    expect(summary.selfCheck.identities).toHaveLength(5)
    expect(summary.verdict).toBe('pass')
  })
  test.each<[string, Partial<typeof TALLY>, number, string]>([
    ['acks', { acked: 4198, indeterminate: 1 }, 4201, "the generator's own tally"],
    ['events', { offered: 4201 }, 4201, "the generator's own tally"],
    ['rows', {}, 4202, "rows by the sink's own count"],
  ])('a count of %s that disagrees makes the run inconclusive', (_, tally, stored, text) => {
    const summary = counted(tally, stored)
    expect(broken(summary)).toEqual([expect.stringContaining(text)])
    expect(summary.verdict).toBe('inconclusive')
  })
  test('a row that the audit reports twice breaks an identity', () => {
    const { selfCheck, verdict } = analyze(
      recordOf({ rows: (rows) => [...rows, ...rows.slice(0, 1)] }),
    ).summary
    expect(selfCheck.identities.some(({ holds }) => !holds)).toBe(true)
    expect(verdict).not.toBe('pass')
  })
})
