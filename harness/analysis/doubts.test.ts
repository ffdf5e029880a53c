import { describe, expect, test } from 'vitest'
import { NEVER } from '../run/ledger.ts'
import type { LogEntry } from '../run/log.ts'
import type { FaultStep } from '../scenario/schema.ts'
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
const holding = (p99: number): FixtureOptions => ({
  record: {
    load: {
      ...busy,
      eventLoopDelayMs: { p50: 1, p99: 1, max: 1 },
      errors: {},
      retries: 0,
      mismatchedAcks: 0,
      heldMs: { p50: 1, p99, max: 900 },
    },
  },
})

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
    ['harness-saturated', 'the generator holds requests back', holding(150)],
    ['unsteady-baseline', 'freshness drifts', { landsAt: (at) => at + 50 + at / 10 }],
    [
      'unsteady-baseline',
      'it is still getting better',
      { landsAt: (at) => at + (at < 7000 ? 5000 : 50) },
    ],
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
      'an event was seen before it was due',
      { landsAt: (at, i) => (i === 900 ? at - 20 : at + 50) },
    ],
    ['harness-saturated', 'the load worker left no report', { record: { load: null } }],
    ['harness-saturated', 'the harness left no report', { record: { harness: null } }],
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
  test.each<[string, string, FixtureOptions]>([
    [
      'load-shortfall',
      'events were refused',
      { outcome: (_, i) => (i < 50 ? 'rejected' : 'acked') },
    ],
    ['harness-saturated', 'events leave 99 ms late', { sentAfterMs: 99 }],
    ['harness-saturated', 'the generator holds requests for 99 ms', holding(99)],
    [
      'harness-saturated',
      'the harness is busy, but not too busy',
      { record: { harness: { ...busy, eventLoopDelayMs: { p50: 1, p99: 99, max: 400 } } } },
    ],
    [
      'harness-saturated',
      'a run ended before anybody could report',
      { ...without((e) => e.type === 'phase' && e.phase === 'audit'), record: { load: null } },
    ],
    ['harness-saturated', 'an older run does not say what was held', {}],
    ['clocks-apart', 'an event was seen when it was due', { landsAt: (at) => at }],
    ['unsteady-baseline', 'freshness drifts a little', { landsAt: (at) => at + 50 + at / 100 }],
    ['fault-not-in-force', 'it was seen in force', { faults: [fault('f')] }],
    ['heal-unconfirmed', 'it was seen healed', { faults: [fault('f')] }],
    [
      'probe-gap',
      'probes paused for nine intervals',
      without((e) => e.type === 'probe' && e.startMs > 5000 && e.startMs < 5900),
    ],
    [
      'drain-incomplete',
      'what is absent was never acked',
      {
        outcome: (_, i) => (i === 9 ? 'indeterminate' : 'acked'),
        landsAt: (at, i) => (i === 9 ? null : at + 50),
      },
    ],
    [
      'nothing-measured',
      'one event was acked and landed',
      {
        outcome: (_, i) => (i === 2000 ? 'acked' : 'indeterminate'),
        landsAt: (at, i) => (i === 2000 ? at + 50 : null),
      },
    ],
    ['interrupted', 'it went to the end', {}],
  ])('no %s when %s', (code, _, options) => {
    expect(codes(options)).not.toContain(code)
  })
  test.each<[string, (at: LogEntry) => LogEntry, string]>([
    [
      'while it was injected',
      (e) => (e.type === 'fault' && e.edge === 'in-force' ? { ...e, edge: 'failed' } : e),
      'fault-not-in-force',
    ],
    [
      'while it was healed',
      (e) => (e.type === 'fault' && e.edge === 'healed' ? { ...e, edge: 'failed' } : e),
      'heal-unconfirmed',
    ],
  ])('a fault that failed %s is in doubt, with the reason', (_, change, code) => {
    const log: FixtureOptions['log'] = (all) =>
      all
        .map(change)
        .map((e) => (e.type === 'fault' && e.edge === 'failed' ? { ...e, detail: 'no route' } : e))
    const { doubts } = analyze(recordOf({ faults: [fault('f')], log })).summary
    expect(doubts).toContainEqual({ code, detail: expect.stringContaining('no route') as string })
  })
  test('a row that only the audit saw is a gap of the probes', () => {
    const { doubts } = analyze(
      recordOf({
        ledger: (l) => void (l.landed[5] = NEVER),
        rows: (rows) => [
          ...rows,
          { lane: 1, seq: 2, copies: 1, positions: 1, visible: 1, corrupt: 0 },
        ],
      }),
    ).summary
    expect(doubts.map(({ detail }) => detail)).toContain(
      '1 events are in the sink but no probe saw them land',
    )
  })
  test('a baseline that drifts says by how much', () => {
    const { doubts } = analyze(
      recordOf({ landsAt: (at) => at + 50 + Math.max(0, at - 2000) / 5 }),
    ).summary
    expect(doubts.map(({ detail }) => detail)).toContain(
      'p95 freshness rose from 998 ms to 2.00 s within the baseline',
    )
  })
  test('a baseline that improves says in which measures', () => {
    // 4 % late: no 95th percentile shows it, the backlog does.
    const { doubts } = analyze(
      recordOf({
        eps: 1000,
        probeMs: 50,
        landsAt: (at, i) => (at < 6000 && i % 25 === 0 ? 6000 : at + 5),
      }),
    ).summary
    expect(doubts.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^peak backlog fell from \d+ to 5 within the baseline$/),
    ])
  })
  const onSink = { ...fault('f'), fault: 'pause', on: 'service:sink' } as const
  const pause = (fromMs: number, toMs: number): FixtureOptions =>
    without((e) => e.type === 'probe' && e.startMs > fromMs && e.startMs < toMs)
  test('probes that pause while their sink is down are its effect', () => {
    expect(codes({ faults: [onSink], ...pause(12_500, 16_000) })).toEqual([])
  })
  test.each<[string, FaultStep]>([
    ['does nothing', fault('f')],
    ['slows the link of the pipeline to its sink', { ...onSink, fault: 'cut', on: 'link:sink' }],
    ['stops another service', { ...onSink, on: 'service:consumer' }],
  ])('probes that pause during a fault that %s are a gap', (_, step) => {
    expect(codes({ faults: [step], ...pause(12_500, 16_000) })).toEqual(['probe-gap'])
  })
  test('of a gap that begins within a fault, all that outlasts it by 10 s counts', () => {
    // In force from 12 s to 17 s; the probes that died at 13 s were missed from 27 s on, to the end at 45 s.
    const { doubts } = analyze(recordOf({ faults: [onSink], ...pause(13_000, 60_000) })).summary
    expect(doubts).toMatchObject([
      { code: 'probe-gap', detail: expect.stringContaining('no probe began for 18.0 s') as string },
    ])
  })
  test('of a gap that ends within a fault, all before the fault counts', () => {
    expect(codes({ faults: [onSink], ...pause(9000, 14_000) })).toEqual(['probe-gap'])
  })
  test('each is said once', () => {
    const twice: LogEntry = { atMs: 1, type: 'doubt', code: 'clocks-apart', detail: 'x' }
    expect(codes({ log: (log) => [...log, twice, twice] })).toEqual(['clocks-apart'])
  })
})
