import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loads } from './index.ts'
import { keysOf, unit } from './keys.ts'
import { scaled, scheduleOf } from './schedule.ts'

describe('scheduleOf', () => {
  it('spaces a constant rate evenly', () => {
    const schedule = scheduleOf([{ startMs: 0, endMs: 2000, fromEps: 100, toEps: 100 }])
    expect(schedule.count).toBe(200)
    expect([0, 1, 199].map((i) => schedule.intendedMs(i))).toEqual([0, 10, 1990])
  })

  it('puts a ramp where the integral of its rate says', () => {
    // N(t) = 50 t^2: event 50 at 1 s, event 200 at 2 s.
    const schedule = scheduleOf([{ startMs: 0, endMs: 10_000, fromEps: 0, toEps: 1000 }])
    expect(schedule.count).toBe(5000)
    expect(schedule.intendedMs(50)).toBeCloseTo(1000, 6)
    expect(schedule.intendedMs(200)).toBeCloseTo(2000, 6)
  })

  it('never goes back in time, and stays inside its segments', () => {
    const segment = fc.record({
      length: fc.integer({ min: 1, max: 2000 }),
      fromEps: fc.integer({ min: 0, max: 200 }),
      toEps: fc.integer({ min: 0, max: 200 }),
    })
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), (parts) => {
        let at = 0
        const segments = parts.map(({ length, ...rates }) => ({
          startMs: at,
          endMs: (at += length),
          ...rates,
        }))
        const schedule = scheduleOf(segments)
        let last = 0
        for (let i = 0; i < schedule.count; i += 1) {
          const now = schedule.intendedMs(i)
          expect(now).toBeGreaterThanOrEqual(last - 1e-6)
          expect(now).toBeLessThanOrEqual(at + 1e-6)
          last = now
        }
      }),
    )
  })

  it('multiplies the rate between two instants and nowhere else', () => {
    const base = [{ startMs: 0, endMs: 10_000, fromEps: 100, toEps: 100 }]
    expect(scheduleOf(scaled(base, 2000, 4000, 3)).count).toBe(1000 + 400)
    expect(scheduleOf(scaled(base, 2000, 4000, 0)).count).toBe(800)
  })
})

describe('every load shape', () => {
  it.each(loads.map((one) => [one.kind, one] as const))(
    '%s covers the whole load without a gap',
    (_, load) => {
      const options: Record<string, object> = {
        constant: { rate: 100 },
        ramp: { from: 10, to: 100 },
        step: {
          steps: [
            { at: 0, rate: 10 },
            { at: 3000, rate: 50 },
          ],
        },
        burst: { base: 10, factor: 4, every: 3000, for: 1000 },
      }
      const segments = load.segments({ shape: load.kind, ...options[load.kind] } as never, 10_000)
      expect(segments[0]?.startMs).toBe(0)
      expect(segments.at(-1)?.endMs).toBe(10_000)
      segments.slice(1).forEach((one, i) => expect(one.startMs).toBe(segments[i]?.endMs))
    },
  )
})

describe('keysOf', () => {
  const options = { seed: 7, count: 1000, skew: 1, hotShare: 0.8, hotWindows: [] } as const
  const share = (keyOf: (index: number, at: number) => number, key: number): number => {
    let found = 0
    for (let i = 0; i < 50_000; i += 1) if (keyOf(i, i) === key) found += 1
    return found / 50_000
  }

  it('gives the hot key its share', () => {
    expect(share(keysOf({ ...options, distribution: 'hot' }), 0)).toBeCloseTo(0.8, 2)
  })

  it('gives rank r of a zipf distribution 1/r of the first', () => {
    const keyOf = keysOf({ ...options, distribution: 'zipf' })
    const harmonic = Array.from({ length: 1000 }, (_, i) => 1 / (i + 1)).reduce(
      (sum, one) => sum + one,
      0,
    )
    expect(share(keyOf, 0)).toBeCloseTo(1 / harmonic, 2)
    expect(share(keyOf, 3)).toBeCloseTo(1 / 4 / harmonic, 2)
  })

  it('is hot in its window only', () => {
    const hotWindows = [{ fromMs: 10_000, toMs: 20_000, share: 0.5 }]
    const keyOf = keysOf({ ...options, distribution: 'uniform', hotWindows })
    const hot = (from: number): number => {
      let found = 0
      for (let i = from; i < from + 10_000; i += 1) if (keyOf(i, i) === 0) found += 1
      return found / 10_000
    }
    expect(hot(0)).toBeLessThan(0.01)
    expect(hot(10_000)).toBeCloseTo(0.5, 1)
    expect(hot(20_000)).toBeLessThan(0.01)
  })

  it('hashes evenly', () => {
    let sum = 0
    for (let i = 0; i < 100_000; i += 1) sum += unit(1, i, 1)
    expect(sum / 100_000).toBeCloseTo(0.5, 2)
  })
})
