import { describe, expect, it } from 'vitest'
import { analysisFixture } from './analysis.fixture.ts'
import {
  accountingNotes,
  accountingRows,
  caughtUp,
  count,
  duration,
  freshnessStat,
  noticed,
  objectiveValue,
  percent,
  perSecond,
  rowCount,
} from './words.ts'

const { accounting, freshness, faults, guarantee } = analysisFixture().summary

describe('a number in a report', () => {
  it.each([
    [1, '100 %'],
    [0, '0 %'],
    [20_993 / 21_000, '99.96 %'],
    [749_999 / 750_000, '99.99 %'],
    [1 / 750_000, '< 0.01 %'],
    [750_001 / 750_000, '100.01 %'],
    [0.5, '50.0 %'],
    [0.0829, '8.29 %'],
    [null, '–'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('as a share %s is %s: never rounded to all or to nothing', (share, text) => {
    expect(percent(share)).toBe(text)
  })
  it.each([
    [999.7, '1.00 s'],
    [9.96, '10 ms'],
    [9996, '10.0 s'],
    [119_999, '2 m 0 s'],
    [179_600, '3 m 0 s'],
    [-5, '-5.0 ms'],
    [null, '–'],
    [Number.NaN, '–'],
  ])('as a duration %s ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })
  it.each([
    [{ state: 'not-recovered', waitedMs: 25_000 }, 40_000, 'not recovered after 25.0 s'],
    [
      { state: 'not-recovered', waitedMs: 0 },
      40_000,
      'not recovered: healed after the load had ended',
    ],
    [{ state: 'not-recovered', waitedMs: 0 }, null, 'not recovered: never healed'],
  ] as const)('as a catch-up %j, healed at %s, is "%s"', (catchUp, healedMs, text) => {
    const [fault] = faults
    expect(caughtUp({ ...(fault ?? fail()), catchUp, healedMs })).toBe(text)
  })
  it('is the least there was where the sink merges copies away', () => {
    const merged = { ...accounting, duplicatedPhysicalAtLeast: true }
    const texts = accountingRows({ accounting: merged, guarantee }).map(rowCount)
    expect(texts.filter((text) => text.startsWith('≥'))).toEqual(['≥ 130'])
    expect(accountingNotes(merged).join()).toContain('there may have been more')
  })
  it('is exact, with thousands, or not known', () => {
    expect(count(1_234_567)).toBe('1,234,567')
    expect(count(null)).toBe('not known')
    expect(perSecond(Number.NaN)).toBe('–')
  })
  it('is marked where events that never landed reach it', () => {
    const stats = { ...(freshness.baseline ?? fail()), censored: 9, censoredFrom: 'p99' } as const
    expect(freshnessStat(stats, 'p95')).toBe('334 ms')
    expect(freshnessStat(stats, 'p99')).toBe('> 561 ms')
    expect(freshnessStat(stats, 'max')).toBe('> 720 ms')
  })
  it('is not rounded to the bound that it broke', () => {
    const objective = { measure: 'catch-up', after: 'f', max: 2000 } as const
    const missed = {
      objective,
      value: 2004,
      censored: false,
      verdict: 'fail',
      sentence: '',
    } as const
    expect(objectiveValue(missed)).toBe('2,004 ms')
  })
  it('is as vague as the window that noticed the fault', () => {
    expect(noticed({ ...(faults[0] ?? fail()), detectMs: 74, windowMs: 1000 })).toBe(
      '74 ms to 1.07 s',
    )
  })
})

describe('without an audit', () => {
  const unaudited = { ...accounting, audited: false, lostAt: null }
  it('no count claims that nothing was lost, copied or corrupted', () => {
    const rows = accountingRows({ accounting: unaudited, guarantee })
    const known = rows.filter((row) => row.count !== null).map(({ name }) => name)
    for (const name of ['lost', 'extra, stored', 'extra, visible', 'unexpected', 'corrupt'])
      expect(known).not.toContain(name)
    expect(accountingNotes(unaudited)).toEqual([
      'There was no audit: what was lost, copied or corrupted is not known.',
    ])
  })
})

describe('where the lost were lost', () => {
  it.each([
    [{ upToLog: 2, afterLog: 1 }, 'the log does not hold 2'],
    [null, 'not attributed'],
  ])('%j reads "%s"', (lostAt, text) => {
    expect(accountingNotes({ ...accounting, lost: 3, lostAt })[0]).toContain(text)
  })
})

function fail(): never {
  throw new Error('the fixture lacks it')
}
