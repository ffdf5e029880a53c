import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analyze } from './analyze.ts'
import { NEVER, toTicks } from '../run/ledger.ts'
import { freshnessOf, intendedIn, samplesOf } from './freshness.ts'
import { observe } from './observed.ts'
import { AT, frozen, recordOf, type FixtureOptions } from './record.fixture.ts'
import { percentile, rankOf } from './statistics.ts'

const between = (options: FixtureOptions, fromMs: number, toMs: number) => {
  const observed = observe(recordOf(options))
  return freshnessOf(samplesOf(observed, intendedIn(observed, fromMs, toMs)))
}

describe('freshness', () => {
  test('percentiles are by nearest rank', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => i + 1)
    expect([0.5, 0.95, 0.99, 1, 0].map((q) => percentile(values, q))).toEqual([50, 95, 99, 100, 1])
    expect(rankOf(0.95, 20)).toBe(19)
    expect(percentile(values.subarray(0, 0), 0.5)).toBeNaN()
  })
  test.each([1000, 4000, 8000])(
    'a sink frozen for T of D seconds has p95 = T - 0.05 D (T = %d ms)',
    (frozenMs) => {
      const stats = between({ eps: 1000, landsAt: frozen(12_000, 12_000 + frozenMs) }, 2000, 22_000)
      // The pipeline's own 50 ms come on top.
      expect(Math.abs((stats?.p95Ms ?? NaN) - (frozenMs - 0.05 * 20_000 + 50))).toBeLessThanOrEqual(
        2,
      )
      expect(stats?.maxMs).toBe(frozenMs + 50)
    },
  )
  test('counts by intended time: the recovery of a backlog does not hide in the phase where it lands', () => {
    const { freshness } = analyze(recordOf({ landsAt: frozen(14_000, 30_000) })).summary
    expect(freshness.faults?.p95Ms).toBeGreaterThan(15_000)
    expect(freshness.faults?.events).toBe(1000)
  })
  test('what never landed counts as its age and reaches the percentiles from the top', () => {
    const stats = between({ landsAt: (at, i) => (i % 10 === 0 ? null : at + 50) }, 2000, 12_000)
    expect(stats).toMatchObject({ events: 1000, censored: 100, censoredFrom: 'p95', p50Ms: 50 })
    // Of the ages, 33.1 s to 43 s in steps of 0.1 s, the 50th is the 950th of all.
    expect(stats?.p95Ms).toBe(38_000)
  })
  test('an event that only the audit saw is censored, not dropped', () => {
    const record = recordOf({})
    record.ledger.landed[500] = NEVER
    const { freshness, doubts, accounting } = analyze(record).summary
    expect(freshness.baseline).toMatchObject({ events: 1000, censored: 1 })
    expect(accounting.lost).toBe(0)
    expect(doubts).toContainEqual({
      code: 'probe-gap',
      detail: '1 events are in the sink but no probe saw them land',
    })
  })
  test('negative freshness is kept and counted', () => {
    const stats = between({ landsAt: (at, i) => (i === 300 ? at - 20 : at + 50) }, 2000, 12_000)
    expect(stats?.negative).toBe(1)
  })
  test('the error is the probe bracket', () => expect(between({}, 2000, 12_000)?.errorMs).toBe(10))
  test('the error covers the maximum, however few its brackets are', () => {
    // 0.5 % were not looked at from when they were due until 2 s later; the others land within [40, 50] ms.
    const stats = between(
      {
        landsAt: (at, i) => at + (i % 200 === 0 ? 2000 : 50),
        ledger: (l) => {
          for (let i = 0; i < l.count; i += 200) l.absent[i] = l.intended[i] ?? NEVER
        },
      },
      2000,
      12_000,
    )
    // Those may have been there at once: then the slowest took 40 ms.
    expect(stats).toMatchObject({ maxMs: 2000, errorMs: 1960 })
  })
  test('every true quantile lies within the error below the reported one', () => {
    const narrow = fc.integer({ min: 0, max: 20 })
    const event = fc.record({
      width: fc.oneof(
        { weight: 300, arbitrary: narrow },
        { weight: 1, arbitrary: fc.constant(3000) },
      ),
      after: narrow,
      lands: fc.integer({ min: 0, max: 999 }).map((n) => n > 0),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(event, { minLength: 200, maxLength: 300 }), (events) => {
        const of = (i: number) => events[i % events.length] ?? events[0]
        const delay = (i: number, share: number): number =>
          (of(i)?.after ?? 0) + share * (of(i)?.width ?? 0)
        const stats = between(
          {
            landsAt: (at, i) => (of(i)?.lands === true ? at + delay(i, 1) : null),
            ledger: (l) => {
              for (let i = 0; i < l.count; i++) l.absent[i] = toTicks(10 * i + delay(i, 0))
            },
          },
          2000,
          12_000,
        )
        // Unlanded events: the smallest freshness that they may yet have.
        const truth = Float64Array.from({ length: 1000 }, (_, k) => {
          const i = 200 + k
          return of(i)?.lands === true ? delay(i, of(i)?.share ?? 0) : AT.audit - 10 * i
        }).sort()
        const errorMs = (stats?.errorMs ?? NaN) + 0.02
        const reported = [stats?.p50Ms, stats?.p95Ms, stats?.p99Ms, stats?.maxMs]
        for (const [k, quantile] of [0.5, 0.95, 0.99, 1].entries()) {
          const value = reported[k] ?? NaN
          expect(percentile(truth, quantile)).toBeGreaterThanOrEqual(value - errorMs)
          expect(percentile(truth, quantile)).toBeLessThanOrEqual(value + 0.02)
        }
      }),
      { numRuns: 50 },
    )
  })
  test('rejected and unsent events have none', () => {
    expect(
      between({ outcome: (_, i) => (i % 2 === 0 ? 'rejected' : 'acked') }, 2000, 12_000)?.events,
    ).toBe(500)
    expect(between({ outcome: () => 'unsent' }, 2000, 12_000)).toBeNull()
  })
})
