import { expect, test } from 'vitest'
import { analyze } from './analyze.ts'
import { fault, frozen, recordOf } from './record.fixture.ts'

test('a million events take seconds, and the series stay small', () => {
  const record = recordOf({ eps: 25_000, faults: [fault('f')], landsAt: frozen(12_000, 20_000) })
  // Processor time: on a busy machine the clock on the wall says more about the others.
  const before = process.cpuUsage()
  const { summary, series } = analyze(record)
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(15_000)
  expect(summary.accounting.scheduled).toBe(1_050_000)
  expect(summary.verdict).toBe('pass')
  for (const list of [series.freshness, series.rates, series.backlog])
    expect(list.length).toBeLessThanOrEqual(600)
  expect(series.partitionShare).toEqual([
    { partition: 0, share: 0.5 },
    { partition: 1, share: 0.5 },
  ])
})

test('a run that left nothing but its meta is inconclusive', () => {
  const { summary } = analyze(
    recordOf({
      log: () => [],
      landsAt: () => null,
      outcome: () => 'unsent',
      record: { audit: null },
    }),
  )
  expect(summary.verdict).toBe('inconclusive')
  expect(summary.band).toBeNull()
})
