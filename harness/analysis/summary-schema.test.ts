import { describe, expect, test } from 'vitest'
import type * as z from 'zod'
import { analyze } from './analyze.ts'
import { fault, frozen, recordOf, type FixtureOptions } from './record.fixture.ts'
import type { Summary } from './summary.ts'
import { summarySchema } from './summary-schema.ts'

/** What the type says and what the schema says: neither may know a key that the other lacks. */
type Keys<T> = { readonly [K in keyof T]-?: true }
const sameKeys = <A, B>(both: Keys<A> & Keys<B>): number => Object.keys(both).length

const stored = (options: FixtureOptions): unknown =>
  JSON.parse(JSON.stringify(analyze(recordOf(options)).summary))

describe('summary.json follows its schema', () => {
  test.each<[string, FixtureOptions]>([
    ['a clean run', {}],
    [
      'a run with a fault, losses, copies and a log',
      {
        faults: [fault('f')],
        landsAt: (at, i) => (i === 9 ? null : frozen(12_000, 20_000)(at)),
        objectives: [
          { measure: 'catch-up', after: 'f', max: 1 },
          { measure: 'lost', max: 0 },
        ],
        record: { inLog: Uint8Array.of(1) },
      },
    ],
    ['a run that never recovered', { faults: [fault('f')], landsAt: () => null }],
    [
      'a run that left nothing',
      { log: () => [], record: { audit: null }, outcome: () => 'unsent' },
    ],
  ])('%s', (_, options) => {
    expect(summarySchema.safeParse(stored(options)).error?.issues ?? []).toEqual([])
  })
})

test('a key that the schema does not know is refused, at any depth', () => {
  const summary = analyze(recordOf()).summary
  const accounting = { ...summary.accounting, invented: 1 }
  expect(summarySchema.safeParse({ ...summary, accounting }).success).toBe(false)
})

test('the schema and the type have the same keys', () => {
  type Schema = z.output<typeof summarySchema>
  const keys = sameKeys<Summary, Schema>({
    version: true,
    scenario: true,
    question: true,
    seed: true,
    runtime: true,
    guarantee: true,
    verdict: true,
    sentence: true,
    reasons: true,
    doubts: true,
    notes: true,
    accounting: true,
    freshness: true,
    band: true,
    shownCapacityEps: true,
    faults: true,
    objectives: true,
    spread: true,
    gauges: true,
    selfCheck: true,
    environment: true,
    phases: true,
  })
  expect(keys).toBe(Object.keys(summarySchema.shape).length)
})

test('what a stored number stands for is never NaN: JSON would turn it into null where none may be', () => {
  const numbers = (node: unknown): readonly number[] =>
    typeof node === 'number'
      ? [node]
      : typeof node === 'object' && node !== null
        ? Object.values(node).flatMap(numbers)
        : []
  const worst: FixtureOptions = { outcome: () => 'unsent', landsAt: () => null, log: () => [] }
  const { summary, series } = analyze(recordOf({ ...worst, faults: [fault('f')] }))
  expect(numbers({ summary, series }).filter((value) => !Number.isFinite(value))).toEqual([])
})
