import { describe, expect, test } from 'vitest'
import { observe } from './observed.ts'
import { recordOf, type FixtureOptions } from './record.fixture.ts'
import { spreadOf } from './spread.ts'
import type { Scenario } from '../scenario/schema.ts'

function of(keys: Partial<Scenario['load']['keys']>, options: FixtureOptions = {}) {
  const record = recordOf({ eps: 1000, ...options })
  const { meta } = record
  const load = { ...meta.scenario.load, keys: { ...meta.scenario.load.keys, ...keys } }
  return spreadOf(observe({ ...record, meta: { ...meta, scenario: { ...meta.scenario, load } } }))
}

describe('spread', () => {
  test('the fullest partition is known', () => {
    const ledger: FixtureOptions['ledger'] = (l) => l.partition.fill(1).fill(0, 0, 10_500)
    expect(of({}, { ledger })).toMatchObject({ partitions: 2, largestPartitionShare: 0.75 })
  })
  test('without partitions there is no share, not 0', () => {
    const ledger: FixtureOptions['ledger'] = (l) => l.partition.fill(255)
    expect(of({}, { ledger })).toMatchObject({ partitions: 0, largestPartitionShare: null })
  })
  test.each([
    ['uniform', { distribution: 'uniform', count: 200 }, 1 / 200],
    ['hot', { distribution: 'hot', count: 200, hotShare: 0.8 }, 0.801],
    ['zipf', { distribution: 'zipf', count: 3, skew: 1 }, 6 / 11],
  ] as const)('what %s keys ask for is about what came out', (_, keys, first) => {
    const { ranks } = of(keys).keys
    expect(ranks[0]?.asked).toBeCloseTo(first, 9)
    for (const { asked, achieved } of ranks) expect(Math.abs(asked - achieved)).toBeLessThan(0.01)
    expect(ranks.at(-1)).toMatchObject({ asked: 1, achieved: 1 })
  })
  test('a hot-key fault is asked for while it lasts', () => {
    const faults = [{ id: 'h', fault: 'hot-key', at: 0, for: 10_000, share: 0.5 }]
    const [first] = of({ count: 1000 }, { faults }).keys.ranks
    // Half of the keys for 10 of 42 s.
    expect(first?.asked).toBeCloseTo(0.5 * (10 / 42), 2)
    expect(Math.abs((first?.asked ?? 0) - (first?.achieved ?? 1))).toBeLessThan(0.01)
  })
  test('when nothing was sent there is nothing to tell', () => {
    expect(of({}, { outcome: () => 'unsent' }).keys.ranks).toEqual([])
  })
})
