import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Clock } from '../../../harness/lib/clock.ts'
import { memoryOptions, type MemoryOptions } from './options.ts'
import { STRIDE } from './planting.ts'
import { MemoryStore } from './store.ts'

const PROBE_MS = 100
const LANES = 2
/** Between two events of one lane. */
const STEP_MS = 5
/** When the load starts, on the run's clock. */
const START_MS = 730

interface Seen {
  readonly lost: readonly number[]
  readonly duplicated: readonly number[]
  readonly corrupt: readonly number[]
  readonly reordered: readonly number[]
  /** First seen at, by lane and then seq. */
  readonly landedMs: readonly ReadonlyMap<number, number>[]
  readonly storedRows: number | undefined
}

/** A run by hand: events come when due, or a bit later and in batches; a probe looks at every interval. */
function observe(options: MemoryOptions, events: number, lateMs = 0): Seen {
  let nowMs = START_MS
  const clock: Clock = { originNs: 0n, now: () => nowMs, sleepUntil: () => Promise.resolve() }
  const store = new MemoryStore(options, clock)
  const landedMs = Array.from({ length: LANES }, () => new Map<number, number>())
  const end = START_MS + events * STEP_MS + 60_000
  let next = 0
  for (; nowMs < end; nowMs += PROBE_MS) {
    for (; next < events && START_MS + next * STEP_MS + lateMs <= nowMs; next++)
      for (let lane = 0; lane < LANES; lane++) store.accept(lane, next, START_MS + next * STEP_MS)
    const { lane, seq } = store.landed()
    seq.forEach((one, i) => landedMs[lane[i] ?? 0]?.set(one, nowMs))
  }
  const audit = store.audit()
  const where = (hit: (row: number) => boolean): number[] =>
    [...audit.seq].filter((_, row) => hit(row)).sort((a, b) => a - b)
  const all = Array.from({ length: events }, (_, seq) => seq)
  return {
    lost: landedMs.flatMap((lane) => all.filter((seq) => !lane.has(seq))),
    duplicated: where((row) => audit.copies[row] === 2),
    corrupt: where((row) => audit.corrupt[row] === 1),
    reordered: landedMs.flatMap(overtakers),
    landedMs,
    storedRows: audit.storedRows,
  }
}

/** Events that were seen before one that comes earlier in their lane: the definition, written out. */
function overtakers(lane: ReadonlyMap<number, number>): number[] {
  const found: number[] = []
  let latestMs = 0
  for (const [seq, ms] of [...lane].sort(([a], [b]) => a - b)) {
    if (ms < latestMs) found.push(seq)
    latestMs = Math.max(latestMs, ms)
  }
  return found
}

const ms = (min: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min, max }).map((n) => `${n}ms`)
const few = fc.integer({ min: 0, max: 8 })
const pauses = fc.array(fc.record({ at: ms(0, 2500), for: ms(1, 2500) }), { maxLength: 3 })
const anyOptions = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e9 }),
    delay: ms(5 * PROBE_MS, 3000),
    jitter: ms(0, 2000),
    lose: few,
    duplicate: few,
    reorder: few,
    corrupt: few,
    pauses,
  })
  .map((input) => memoryOptions.parse(input))
/** More than the counts need: the last pause ends 8 s after the start at the latest, and what it held up is still owed. */
const EVENTS = 8 * STRIDE + 8000 / STEP_MS

it('plants exactly what was asked, whatever else is asked', () => {
  fc.assert(
    fc.property(anyOptions, (options) => {
      const seen = observe(options, EVENTS)
      expect({
        lose: seen.lost.length,
        duplicate: seen.duplicated.length,
        corrupt: seen.corrupt.length,
        reorder: seen.reordered.length,
      }).toEqual({
        lose: options.lose,
        duplicate: options.duplicate,
        corrupt: options.corrupt,
        reorder: options.reorder,
      })
      expect(seen.storedRows).toBe(LANES * EVENTS - options.lose + options.duplicate)
    }),
    { numRuns: 60 },
  )
})

it('plants in the same events for the same seed, however late they come', () => {
  fc.assert(
    fc.property(anyOptions, fc.integer({ min: 0, max: 900 }), (options, lateMs) => {
      const [punctual, late] = [observe(options, EVENTS), observe(options, EVENTS, lateMs)]
      for (const what of ['lost', 'duplicated', 'corrupt'] as const)
        expect(late[what]).toEqual(punctual[what])
    }),
    { numRuns: 20 },
  )
})

it('plants in other events for another seed', () => {
  const lost = (seed: number): unknown => observe(memoryOptions.parse({ seed, lose: 5 }), 500).lost
  expect(lost(1)).not.toEqual(lost(2))
})

it('needs no more events than the check asks for', () => {
  const options = memoryOptions.parse({ lose: 8, duplicate: 8, corrupt: 8 })
  const { lost, duplicated, corrupt } = observe(options, 8 * STRIDE)
  expect([lost.length, duplicated.length, corrupt.length]).toEqual([8, 8, 8])
})

it('shows nothing in a pause, which counts from the start of the load, and everything after it', () => {
  const options = memoryOptions.parse({ delay: '100ms', pauses: [{ at: '1s', for: '2s' }] })
  const times = [...(observe(options, 1000).landedMs[0]?.values() ?? [])].map((ms) => ms - START_MS)
  expect(times.filter((ms) => ms >= 1000 && ms < 3000)).toEqual([])
  // They come in batches of one interval; those of 900 ms to 2900 ms would be visible from 1000 ms to 3000 ms.
  expect(times.filter((ms) => ms === 3000)).toHaveLength((21 * PROBE_MS) / STEP_MS)
})
