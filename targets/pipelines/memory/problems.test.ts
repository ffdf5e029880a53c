import { expect, it } from 'vitest'
import { memoryOptions } from './options.ts'
import { optionProblems } from './problems.ts'

const LOAD = { events: 1000, lanes: 2, durationMs: 10_000, probeIntervalMs: 100 }

it.each([
  [{ lose: 11 }, 'lose', '11 needs 550 events in one lane; the load has 500 (1000 in 2 lanes)'],
  [{ duplicate: 2000 }, 'duplicate', 'needs 100000 events'],
  [{ corrupt: 11 }, 'corrupt', 'needs 550 events'],
  [{ reorder: 11, delay: '1s' }, 'reorder', 'needs 550 events'],
  [{ reorder: 1, delay: '499ms' }, 'reorder', 'needs a delay of at least 500 ms'],
  [{ pauses: [{ at: '10s', for: '1s' }] }, 'pauses.0.at', 'after the load'],
  [{ pauses: [{ at: '0s', for: '0s' }] }, 'pauses.0.for', 'longer than 0 s'],
])('%j is refused at %s: %s', (input, path, message) => {
  const problems = optionProblems(memoryOptions.parse(input), LOAD)
  expect(problems.map((one) => one.path.join('.'))).toEqual([path])
  expect(problems[0]?.message).toContain(message)
})

it('takes what the load has just enough events for', () => {
  const input = { lose: 10, duplicate: 10, corrupt: 10, reorder: 10, delay: '500ms' }
  expect(optionProblems(memoryOptions.parse(input), LOAD)).toEqual([])
})

it.each([{ lose: 1.5 }, { lose: -1 }, { seed: -1 }, { delay: '3 parsecs' }, { drop: 1 }])(
  '%j is refused by the schema',
  (input) => expect(memoryOptions.safeParse(input).success).toBe(false),
)
