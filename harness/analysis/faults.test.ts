import { describe, expect, test } from 'vitest'
import { analyze } from './analyze.ts'
import { backlogOf } from './backlog.ts'
import { observe } from './observed.ts'
import { shownCapacityOf } from './capacity.ts'
import type { LogEntry } from '../run/log.ts'
import { AT, fault, frozen, recordOf, type FixtureOptions } from './record.fixture.ts'

const only = (options: FixtureOptions) => {
  const { faults } = analyze(recordOf({ faults: [fault('f')], ...options })).summary
  const [one] = faults
  if (one === undefined) throw new Error('no fault was summarised')
  return one
}

describe('catch-up', () => {
  test('starts at the first window that is held, not at its end', () => {
    // Healed at 17 s, still frozen until 20 s.
    const { catchUp, violationMs, longestGapMs, peakBacklog } = only({
      landsAt: frozen(12_000, 20_000),
    })
    expect(catchUp).toMatchObject({ state: 'recovered', ms: 3000, errorMs: 1010 })
    expect(violationMs).toBe(8000)
    expect(longestGapMs).toBeCloseTo(8000, -2)
    // 100 events/s that take 50 ms: all that came due from 11.95 s to 20 s.
    expect(peakBacklog).toBe(805)
  })
  test('is 0 when the fault never showed', () => {
    const summary = only({})
    expect(summary.catchUp).toMatchObject({ state: 'recovered', ms: 0 })
    expect(summary).toMatchObject({ detectMs: null, violationMs: 0 })
  })
  test('does not count calm that was not held', () => {
    const landsAt = (at: number): number => frozen(12_000, 17_000)(frozen(19_000, 21_000)(at) - 50)
    expect(only({ landsAt }).catchUp).toMatchObject({ state: 'recovered', ms: 4000 })
  })
  test('is not recovered, never 0, when freshness stays high', () => {
    expect(only({ landsAt: (at) => (at < 12_000 ? at + 50 : at + 2000) }).catchUp).toEqual({
      state: 'not-recovered',
      waitedMs: 25_000,
    })
  })
  test('is not recovered when the hold would outlast the load', () => {
    expect(only({ landsAt: frozen(12_000, 40_000) }).catchUp.state).toBe('not-recovered')
  })
  test('is not recovered when nothing ever landed again', () => {
    expect(only({ landsAt: (at) => (at < 12_000 ? at + 50 : null) }).catchUp.state).toBe(
      'not-recovered',
    )
  })
  test('is not recovered when every event is rejected: an empty window is not calm', () => {
    expect(only({ outcome: (at) => (at < 12_000 ? 'acked' : 'rejected') }).catchUp.state).toBe(
      'not-recovered',
    )
  })
  test('is not recovered, having waited 0 and not less, when the load had ended before the heal', () => {
    const heal = (all: readonly LogEntry[], drop: boolean): readonly LogEntry[] =>
      all.flatMap((e) =>
        e.type === 'fault' && e.edge !== 'injecting' && e.edge !== 'in-force'
          ? drop && e.edge === 'healed'
            ? []
            : [{ ...e, atMs: AT.settle + 1000 }]
          : [e],
      )
    for (const drop of [false, true])
      expect(only({ log: (all) => heal(all, drop) }).catchUp).toEqual({
        state: 'not-recovered',
        waitedMs: 0,
      })
  })
  test('is not recovered when the heal was never seen', () => {
    const log: FixtureOptions['log'] = (all) =>
      all.filter((e) => e.type !== 'fault' || e.edge !== 'healed')
    expect(only({ log }).catchUp).toEqual({ state: 'not-recovered', waitedMs: 25_000 })
  })
  test('needs the backlog back in its band, however fresh new events are', () => {
    const landsAt = (at: number): number => (at >= 12_000 && at < 17_000 ? 30_000 : at + 50)
    expect(only({ landsAt }).catchUp).toMatchObject({ state: 'recovered', ms: 13_000 })
  })
})

describe('a fault', () => {
  test('is detected at the first violated window', () => {
    expect(only({ landsAt: frozen(13_000, 20_000) }).detectMs).toBe(250)
  })
  // Frozen from 12 s on, from 20 s landings at twice the offered rate: by 28 s all is drained.
  const draining = (at: number): number =>
    at < 12_000 || at >= 28_000 ? at + 50 : 20_050 + (at - 12_000) / 2
  test('has the slope of the shrinking backlog as its drain rate', () => {
    // 800 events wait at 20 s; the backlog shrinks by 100/s.
    expect(Math.abs((only({ landsAt: draining }).drainRateEps ?? 0) - 100)).toBeLessThan(5)
  })
  test('has an efficiency: the ideal drain of what waited at the heal, at the capacity shown, to the actual', () => {
    // Healed at 17 s: 500 waited, 200/s shown, 100/s offered, so 5 s would have done; it took until about 27 s.
    const { efficiency, efficiencyNote, catchUp } = only({ landsAt: draining })
    if (catchUp.state !== 'recovered') throw new Error('it did recover')
    expect(efficiency).toBeCloseTo(5050 / catchUp.ms, 2)
    expect(efficiencyNote).toContain('200/s that the run has shown')
  })
  test.each<[string, string, FixtureOptions]>([
    ['nothing waited at the heal', 'nothing to drain', {}],
    ['it did not recover', 'not recovered', { landsAt: (at) => (at < 12_000 ? at + 50 : null) }],
  ])('has none, with the reason, where %s', (_, why, options) => {
    const { efficiency, efficiencyNote } = only(options)
    expect(efficiency).toBeNull()
    expect(efficiencyNote).toContain(why)
  })
  test('names the faults that were in force before it had caught up, and no others', () => {
    const { faults } = analyze(
      recordOf({
        faults: [fault('first', 0), fault('second', 9000), fault('third', 25_000)],
        landsAt: frozen(12_000, 24_000),
      }),
    ).summary
    expect(faults.map(({ struckBy }) => struckBy)).toEqual([['second'], [], []])
  })
  test('names a fault that was in force already when it healed', () => {
    const { faults } = analyze(
      recordOf({
        faults: [fault('kill', 0, 5000), fault('latency', 3000, 20_000)],
        landsAt: frozen(12_000, 36_000),
      }),
    ).summary
    expect(faults.map(({ struckBy }) => struckBy)).toEqual([['latency'], []])
  })
  test('is struck until the end by one that never healed', () => {
    const { faults } = analyze(
      recordOf({
        faults: [fault('second', 9000), fault('first', 0)],
        landsAt: frozen(12_000, 34_000),
        log: (log) =>
          log.filter((e) => e.type !== 'fault' || e.id !== 'first' || e.edge !== 'healed'),
      }),
    ).summary
    expect(faults.map(({ struckBy }) => struckBy)).toEqual([['first'], []])
  })
  test('says when the longest silence began', () => {
    expect(only({ landsAt: frozen(13_000, 20_000) }).gapStartMs).toBeCloseTo(13_000, -2)
  })
})

test('a peak that the plan has elsewhere widens no band and hides no unsteady baseline', () => {
  const planned = (peakEps: number, options: FixtureOptions) => {
    const record = recordOf(options)
    return analyze({ ...record, meta: { ...record.meta, peakEps } }).summary
  }
  // 100/s that take 50 ms have a peak of 5; 200 ms of their rate are 20 more.
  for (const peakEps of [100, 10_000])
    expect(planned(peakEps, {}).band).toMatchObject({ backlogEvents: 25 })
  const growing: FixtureOptions = {
    eps: 1000,
    probeMs: 50,
    landsAt: (at, i) => (at > 7000 && at < 12_000 && i % 25 === 0 ? 15_000 : at + 5),
  }
  expect(planned(10_000, growing).doubts.map(({ code }) => code)).toEqual(['unsteady-baseline'])
})

describe('backlog', () => {
  const of = (options: FixtureOptions) => backlogOf(observe(recordOf(options)), 250)
  test('duplicates do not drain it', () => {
    const landsAt = (at: number): number | null => (at < 12_000 ? at + 50 : null)
    const copied = of({ landsAt, rows: (rows) => rows.map((row) => ({ ...row, copies: 9 })) })
    expect([...copied.total]).toEqual([...of({ landsAt }).total])
    expect(copied.total[42_000 / 250]).toBe(3000)
  })
  test('that stands when a phase begins counts there, though nothing comes due in it', () => {
    const { objectives, faults } = analyze(
      recordOf({
        faults: [fault('f')],
        objectives: [{ measure: 'backlog', stat: 'peak', over: 'faults', max: 99 }],
        outcome: (at) => (at >= 12_000 && at < 22_000 ? 'rejected' : 'acked'),
        landsAt: (at) => (at >= 11_000 && at < 12_000 ? 20_000 : at + 50),
      }),
    ).summary
    expect(objectives).toMatchObject([{ value: 100 }])
    expect(faults).toMatchObject([{ peakBacklog: 100 }])
  })
  test('is not known, and not 0, where nothing was owed', () => {
    expect(only({ outcome: () => 'rejected' }).peakBacklog).toBeNull()
  })
  test('is not clamped: an event seen before it was intended makes it negative', () => {
    expect(Math.min(...of({ landsAt: (at) => Math.max(0, at - 500) }).total)).toBeLessThan(0)
  })
  test('is also known by partition', () => {
    const { byPartition } = of({
      landsAt: (at, i) => (i % 2 === 0 || at < 12_000 ? at + 50 : null),
    })
    expect(byPartition.get(1)?.[42_000 / 250]).toBe(1500)
    expect(byPartition.get(0)?.[42_000 / 250]).toBeLessThan(10)
  })
})

describe('shown capacity', () => {
  const of = (seconds: readonly number[]) =>
    shownCapacityOf({ landed: Uint32Array.from(seconds, (at) => at * 100_000) })
  test('is the fullest five seconds, as a rate', () => {
    expect(of([0, 1, 2, 3, 10, 10.1, 10.2, 11, 12, 13, 14, 30])).toBe(7 / 5)
  })
  test('is not known from less than five seconds', () => {
    expect(of([0, 1, 2])).toBeNull()
    expect(of([])).toBeNull()
  })
})
