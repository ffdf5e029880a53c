import { expect, it } from 'vitest'
import { analyze } from '../analysis/analyze.ts'
import { AT, fault, frozen, recordOf, type FixtureOptions } from '../analysis/record.fixture.ts'
import type { Summary } from '../analysis/summary.ts'
import type { LogEntry } from '../run/log.ts'
import { repeatTable } from './repeat-table.ts'

const summaryOf = (frozenUntilMs: number, change: FixtureOptions = {}): Summary =>
  analyze(recordOf({ faults: [fault('stop')], landsAt: frozen(12_000, frozenUntilMs), ...change }))
    .summary

it('shows every repeat, the medians and the ranges', () => {
  const table = repeatTable([summaryOf(20_000), summaryOf(18_000), summaryOf(19_000)])
  const lines = table.trimEnd().split('\n')
  expect(lines.map((line) => line.split(/\s{2,}/))).toEqual([
    ['repeat', 'verdict', 'p95 baseline', 'catch-up', 'lost', 'duplicates'],
    ['1', 'pass', '50 ms', '3.00 s', '0', '0'],
    ['2', 'pass', '50 ms', '1.00 s', '0', '0'],
    ['3', 'pass', '50 ms', '2.00 s', '0', '0'],
    ['median', '50 ms', '2.00 s', '0', '0'],
    ['range', '50 ms', '1.00 s to 3.00 s', '0', '0'],
  ])
})

it('ranks a repeat that did not recover behind all that did', () => {
  const [, , , median = '', range = ''] = repeatTable([
    summaryOf(20_000),
    summaryOf(AT.settle),
  ]).split('\n')
  expect(median).toContain('not recovered')
  expect(range).toContain('3.00 s to not recovered')
})

const undrained = (log: readonly LogEntry[]): readonly LogEntry[] => [
  ...log,
  { type: 'doubt', atMs: AT.audit, code: 'drain-incomplete', detail: 'for the test' },
]

it.each([
  ['late', summaryOf(19_000, { landsAt: (at) => (at > 41_000 ? null : at + 50), log: undrained })],
  ['unaudited', summaryOf(19_000, { record: { audit: null } })],
])('does not say that nothing was lost while events are %s', (_, unsure) => {
  const lines = repeatTable([summaryOf(19_000), unsure])
    .trimEnd()
    .split('\n')
  const lost = lines.map((line) => line.split(/\s{2,}/).at(-2))
  expect(lost).toEqual(['lost', '0', 'not known', 'not known', 'not known'])
})

it('has a line for what was not measured', () => {
  expect(repeatTable([])).toContain('median')
})
