import { describe, expect, test } from 'vitest'
import type { Objective } from '../scenario/schema.ts'
import type { Guarantee } from '../../targets/target.ts'
import { analyze } from './analyze.ts'
import { fault, frozen, recordOf, type FixtureOptions, type Row } from './record.fixture.ts'

const summary = (options: FixtureOptions) => analyze(recordOf(options)).summary
const lose: FixtureOptions = { landsAt: (at, i) => (i === 900 ? null : at + 50) }
const copy = (change: Partial<Row>): FixtureOptions => ({
  rows: (rows) => rows.map((row, i) => (i === 9 ? { ...row, ...change } : row)),
})
const physical = copy({ copies: 2 })
const visible = copy({ copies: 2, visible: 2 })
const doubt: FixtureOptions = {
  log: (log) => [...log, { atMs: 1, type: 'doubt', code: 'clocks-apart', detail: 'x' }],
}
const p95: Objective = { measure: 'freshness', stat: 'p95', over: 'faults', max: 1000 }
const slow: FixtureOptions = {
  faults: [fault('f')],
  landsAt: frozen(12_000, 20_000),
  objectives: [p95],
}

describe('verdict', () => {
  test.each<[Guarantee, FixtureOptions, string]>([
    ['at-most-once', {}, 'pass'],
    ['at-most-once', lose, 'pass'],
    ['at-most-once', physical, 'fail'],
    ['at-least-once', lose, 'fail'],
    ['at-least-once', visible, 'pass'],
    ['deduplicated', physical, 'pass'],
    ['deduplicated', visible, 'fail'],
    ['deduplicated', lose, 'fail'],
    ['exactly-once', physical, 'fail'],
    ['exactly-once', {}, 'pass'],
    ['at-least-once', copy({ corrupt: 1 }), 'fail'],
    ['at-least-once', copy({ lane: 77 }), 'fail'],
  ])('%s, case %#', (guarantee, options, verdict) => {
    expect(summary({ ...options, guarantee }).verdict).toBe(verdict)
  })
  test('a correctness failure stands in spite of a doubt', () =>
    expect(summary({ ...lose, ...doubt }).verdict).toBe('fail'))
  test('a correctness objective that failed stands in spite of a doubt', () => {
    expect(
      summary({
        ...visible,
        ...doubt,
        objectives: [{ measure: 'duplicated', view: 'visible', max: 0 }],
      }).verdict,
    ).toBe('fail')
  })
  test('a missed timing objective fails', () => {
    const { verdict, sentence } = summary(slow)
    expect(verdict).toBe('fail')
    expect(sentence).toMatch(
      /^p95 freshness in faults 7\.\d+ s, over 1\.00 s; caught up in 3\.00 s; 0 lost; 0 physical duplicates, 0 visible$/,
    )
  })
  test('a doubt makes it inconclusive', () => {
    const { verdict, objectives } = summary({ ...slow, ...doubt })
    expect([verdict, objectives[0]?.verdict]).toEqual(['inconclusive', 'inconclusive'])
  })
  test('late events are inconclusive, not lost', () => {
    const audit: FixtureOptions = {
      log: (log) => [...log, { atMs: 1, type: 'doubt', code: 'drain-incomplete', detail: 'x' }],
    }
    const { verdict, objectives } = summary({
      ...lose,
      ...audit,
      objectives: [{ measure: 'lost', max: 0 }],
    })
    expect([verdict, objectives[0]?.verdict]).toEqual(['inconclusive', 'inconclusive'])
  })
})

describe('objectives', () => {
  const verdictOf = (objective: Objective, options: FixtureOptions = {}) =>
    summary({ ...options, objectives: [objective] }).objectives[0]
  test.each<[Objective, FixtureOptions, string, number | null]>([
    [{ ...p95, max: 100 }, {}, 'pass', 50],
    [{ ...p95, max: 49 }, {}, 'fail', 50],
    [{ measure: 'catch-up', after: 'f', max: 5000 }, slow, 'pass', 3000],
    [{ measure: 'catch-up', after: 'f', max: 2000 }, slow, 'fail', 3000],
    [
      { measure: 'catch-up', after: 'f', max: 60_000 },
      { ...slow, landsAt: frozen(12_000, 41_000) },
      'fail',
      25_000,
    ],
    [{ measure: 'catch-up', after: 'other', max: 1 }, slow, 'inconclusive', null],
    [{ measure: 'backlog', stat: 'peak', over: 'faults', max: 805 }, slow, 'pass', 805],
    [{ measure: 'backlog', stat: 'peak', over: 'faults', max: 804 }, slow, 'fail', 805],
    [{ measure: 'lost', max: 0 }, lose, 'fail', 1],
    [{ measure: 'duplicated', view: 'physical', max: 1 }, physical, 'pass', 1],
    [
      { measure: 'duplicated', view: 'physical', max: 0 },
      { record: { audit: null } },
      'inconclusive',
      null,
    ],
    [{ measure: 'reordered', max: 0 }, {}, 'pass', 0],
    [p95, { outcome: () => 'rejected' }, 'inconclusive', null],
  ])('%j, case %#', (objective, options, verdict, value) => {
    const result = verdictOf(objective, options)
    expect(result?.verdict).toBe(verdict)
    if (value === null) expect(result?.value).toBeNull()
    else expect(result?.value).toBe(value)
  })
  const merging = (copies: number, guarantee: Guarantee, max: number) => {
    const record = recordOf({
      ...copy({ copies }),
      guarantee,
      objectives: [{ measure: 'duplicated', view: 'physical', max }],
    })
    if (record.audit === null) throw new Error('the fixture has an audit')
    return analyze({ ...record, audit: { ...record.audit, copiesMerged: true } }).summary
  }
  test.each([
    [2, 1, 'inconclusive', '≥ 1, against 1'],
    [1, 0, 'inconclusive', '≥ 0, against 0'],
    [3, 1, 'fail', '≥ 2, over 1'],
  ] as const)(
    'of %d copies left by a sink that merges them, a bound of %d is %s',
    (copies, max, verdict, text) => {
      const { objectives, accounting } = merging(copies, 'deduplicated', max)
      expect(objectives).toMatchObject([{ verdict, sentence: `physical duplicates ${text}` }])
      expect(accounting.duplicatedPhysicalAtLeast).toBe(true)
    },
  )
  test('no guarantee about stored copies is known to be kept by a sink that merges them', () => {
    expect(merging(1, 'exactly-once', 9).guarantee.kept).toBeNull()
    expect(merging(2, 'exactly-once', 9).guarantee.kept).toBe(false)
    expect(merging(2, 'deduplicated', 9).guarantee.kept).toBe(true)
  })
  test('a censored percentile above the bound fails and prints as "> x"', () => {
    const result = verdictOf(
      { measure: 'freshness', stat: 'max', over: 'faults', max: 1000 },
      { guarantee: 'at-most-once', landsAt: (at, i) => (i === 1300 ? null : at + 50) },
    )
    expect(result).toMatchObject({ verdict: 'fail', censored: true, value: 32_000 })
    expect(result?.sentence).toBe('max freshness in faults > 32.0 s, over 1.00 s')
  })
})

describe('the declared guarantee', () => {
  const late: FixtureOptions = {
    ...lose,
    log: (log) => [
      ...log,
      { atMs: 1, type: 'doubt', code: 'drain-incomplete', detail: 'it was not idle' },
    ],
  }
  const copyOfUnacked: FixtureOptions = { ...physical, outcome: () => 'indeterminate' }
  test.each<[string, Guarantee, FixtureOptions, boolean | null]>([
    ['kept', 'at-least-once', {}, true],
    ['broken', 'at-least-once', lose, false],
    ['open while events are late', 'at-least-once', late, null],
    ['kept in spite of late events where it allows losses', 'at-most-once', late, true],
    ['open when nothing was acked', 'at-least-once', { outcome: () => 'rejected' }, null],
    ['broken by a copy though nothing was acked', 'exactly-once', copyOfUnacked, false],
    ['open without an audit', 'at-most-once', { record: { audit: null } }, null],
  ])('is %s', (_, guarantee, options, kept) => {
    expect(summary({ ...options, guarantee }).guarantee.kept).toBe(kept)
  })
  test('no sentence claims 0 lost without an audit', () => {
    expect(summary({ record: { audit: null } }).sentence).not.toContain('0 lost')
  })
})

describe('a doubt and a count', () => {
  const lost: Objective = { measure: 'lost', max: 0 }
  test.each([
    ['clocks-apart', 'pass'],
    ['harness-saturated', 'pass'],
    ['fault-not-in-force', 'inconclusive'],
    ['drain-incomplete', 'inconclusive'],
  ] as const)('%s leaves a count that was met %s, and the run inconclusive', (code, verdict) => {
    const result = summary({
      objectives: [lost],
      log: (log) => [...log, { atMs: 1, type: 'doubt', code, detail: 'x' }],
    })
    expect(result.objectives[0]?.verdict).toBe(verdict)
    expect(result.verdict).toBe('inconclusive')
  })
})

test('a pipeline that did not recover is not said to be over a bound that nobody waited for', () => {
  const { objectives } = summary({
    faults: [fault('f')],
    landsAt: (at) => (at < 12_000 ? at + 50 : null),
    objectives: [{ measure: 'catch-up', after: 'f', max: 60_000 }],
  })
  expect(objectives[0]?.sentence).toMatch(
    /^catch-up after f: not recovered after 25\.0 s \(at most 60\.0 s\)/,
  )
})
