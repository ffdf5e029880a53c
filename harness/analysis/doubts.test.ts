import { describe, expect, test } from 'vitest'
import type { LogEntry } from '../run/log.ts'
import { analyze } from './analyze.ts'
import { fault, frozen, recordOf, type FixtureOptions } from './record.fixture.ts'

const codes = (options: FixtureOptions): readonly string[] =>
  analyze(recordOf(options)).summary.doubts.map(({ code }) => code)
const without = (drop: (entry: LogEntry) => boolean): FixtureOptions => ({
  log: (log) => log.filter((entry) => !drop(entry)),
})
const busy = {
  cpuSeconds: 1,
  wallSeconds: 1,
  eventLoopDelayMs: { p50: 1, p99: 300, max: 400 },
  gcPauseMs: { total: 0, max: 0 },
}

describe('doubts', () => {
  test('a clean run has none', () =>
    expect(codes({ faults: [fault('f')], landsAt: frozen(12_000, 18_000) })).toEqual([]))
  test.each<[string, string, FixtureOptions]>([
    [
      'load-shortfall',
      'one event is unsent',
      { outcome: (_, i) => (i === 900 ? 'unsent' : 'acked') },
    ],
    ['harness-saturated', 'events leave late', { sentAfterMs: 150 }],
    ['harness-saturated', 'the harness is busy', { record: { harness: busy } }],
    ['unsteady-baseline', 'freshness drifts', { landsAt: (at) => at + 50 + at / 10 }],
    [
      'unsteady-baseline',
      'the backlog grows',
      {
        eps: 1000,
        probeMs: 50,
        landsAt: (at, i) => (at > 7000 && at < 12_000 && i % 25 === 0 ? 15_000 : at + 5),
      },
    ],
    [
      'fault-not-in-force',
      'no edge shows it',
      { faults: [fault('f')], ...without((e) => e.type === 'fault' && e.edge === 'in-force') },
    ],
    [
      'heal-unconfirmed',
      'no edge shows it',
      { faults: [fault('f')], ...without((e) => e.type === 'fault' && e.edge === 'healed') },
    ],
    [
      'probe-gap',
      'probes paused',
      without((e) => e.type === 'probe' && e.startMs > 5000 && e.startMs < 7000),
    ],
    ['probe-gap', 'probes died', without((e) => e.type === 'probe' && e.startMs > 25_000)],
    ['drain-incomplete', 'no audit', { record: { audit: null } }],
    ['nothing-measured', 'no ack', { outcome: () => 'indeterminate' }],
    ['nothing-measured', 'no landing', { landsAt: () => null }],
    ['interrupted', 'no audit phase', without((e) => e.type === 'phase' && e.phase === 'audit')],
    [
      'clocks-apart',
      'the log says so',
      { log: (log) => [...log, { atMs: 1, type: 'doubt', code: 'clocks-apart', detail: 'x' }] },
    ],
  ])('%s when %s, and no pass', (code, _, options) => {
    const { doubts, verdict } = analyze(recordOf(options)).summary
    expect(doubts.map((doubt) => doubt.code)).toContain(code)
    expect(verdict).not.toBe('pass')
  })
  test('a baseline that drifts says by how much', () => {
    const { doubts } = analyze(
      recordOf({ landsAt: (at) => at + 50 + Math.max(0, at - 2000) / 5 }),
    ).summary
    expect(doubts.map(({ detail }) => detail)).toContain(
      'p95 freshness rose from 998 ms to 2.00 s within the baseline',
    )
  })
  test('probes that pause during a fault are its effect', () => {
    const pause = without((e) => e.type === 'probe' && e.startMs > 12_500 && e.startMs < 16_000)
    expect(codes({ faults: [fault('f')], ...pause })).toEqual([])
  })
  test('each is said once', () => {
    const twice: LogEntry = { atMs: 1, type: 'doubt', code: 'clocks-apart', detail: 'x' }
    expect(codes({ log: (log) => [...log, twice, twice] })).toEqual(['clocks-apart'])
  })
})
