import { expect, test } from 'vitest'
import { parseCpuStat, throttledSince } from './throttling.ts'

test('reads both versions of cpu.stat', () => {
  const two = 'usage_usec 9\nnr_periods 8\nnr_throttled 3\nthrottled_usec 4500\n'
  const one = 'nr_periods 8\nnr_throttled 3\nthrottled_time 4500000\n'
  expect(parseCpuStat(two)).toEqual({ times: 3, ms: 4.5 })
  expect(parseCpuStat(one)).toEqual({ times: 3, ms: 4.5 })
})
test('a group without a limit has no counters, which is not nought', () => {
  expect(parseCpuStat('usage_usec 9\nuser_usec 4\n')).toBeNull()
  expect(throttledSince(null, { times: 1, ms: 1 })).toBeNull()
})
test('counts what happened since', () =>
  expect(throttledSince({ times: 2, ms: 5 }, { times: 5, ms: 12 })).toEqual({ times: 3, ms: 7 }))
