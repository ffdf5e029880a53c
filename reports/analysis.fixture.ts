import type { Analysis, FreshnessStats, Series, Summary } from '../harness/analysis/summary.ts'
import type { Scenario } from '../harness/scenario/schema.ts'

/** A realistic run: a broker killed at 40 s, a slow sink at 60 s, both caught up with. */
const WINDOW_MS = 2000
const times = Array.from({ length: 65 }, (_, index) => 4000 + index * WINDOW_MS)
const PHASES = [
  ['warmup', 4000, 14_000],
  ['baseline', 14_000, 34_000],
  ['faults', 34_000, 74_000],
  ['recovery', 74_000, 114_000],
  ['settle', 114_000, 134_000],
] as const

/** Backlog of the story, events: up while a fault holds, down after. */
function backlogAt(ms: number): number {
  const ramp = (from: number, to: number, end: number, peak: number): number =>
    ms < from || ms > end
      ? 0
      : ms <= to
        ? (peak * (ms - from)) / (to - from)
        : (peak * (end - ms)) / (end - to)
  return Math.round(
    420 + ramp(38_000, 50_000, 57_000, 62_000) + ramp(60_000, 70_000, 86_000, 31_000),
  )
}
const rateAt = (ms: number): number => (ms < 114_000 ? 10_000 : 0)
const wobble = (ms: number): number => 1 + 0.08 * Math.sin(ms / 1700)
const round = (value: number): number => Math.round(value * 10) / 10

function series(): Series {
  const loaded = times.filter((ms) => ms < 114_000)
  return {
    windowMs: WINDOW_MS,
    freshness: loaded.map((atMs) => {
      const lag = backlogAt(atMs) / 10
      return {
        atMs,
        p50Ms: round(180 * wobble(atMs) + lag),
        p95Ms: round(310 * wobble(atMs) + lag * 1.2),
        p99Ms: round(520 * wobble(atMs) + lag * 1.4),
        censored: atMs === 112_000,
      }
    }),
    rates: times.map((atMs) => {
      const landed = Math.max(0, rateAt(atMs) - (backlogAt(atMs + WINDOW_MS) - backlogAt(atMs)) / 2)
      return {
        atMs,
        offeredEps: rateAt(atMs),
        ackedEps: round(rateAt(atMs) * (atMs === 40_000 ? 0.62 : 1)),
        landedEps: round(landed),
      }
    }),
    backlog: times.map((atMs) => ({ atMs, events: atMs > 118_000 ? 0 : backlogAt(atMs) })),
    backlogByPartition: times.flatMap((atMs) =>
      Array.from({ length: 8 }, (_, partition) => ({
        atMs,
        partition,
        events: Math.round(backlogAt(atMs) * (partition === 3 ? 0.3 : 0.1)),
      })),
    ),
    percentiles: (['baseline', 'faults', 'recovery'] as const).flatMap((phase, index) =>
      [0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1].map((quantile, at) => ({
        phase,
        quantile,
        valueMs: round((90 + at * 85) * ([1, 14, 4][index] ?? 1)),
      })),
    ),
    partitionShare: [0.11, 0.12, 0.118, 0.21, 0.108, 0.114, 0.109, 0.111].map(
      (share, partition) => ({ partition, share }),
    ),
    gauges: times.flatMap((atMs) => [
      ...Array.from({ length: 8 }, (_, partition) => ({
        atMs: atMs + 100,
        name: `lag.${partition}`,
        value: Math.round(backlogAt(atMs) * (partition === 3 ? 0.25 : 0.08)),
      })),
      { atMs: atMs + 100, name: 'consumer.restarts', value: atMs > 42_000 ? 1 : 0 },
      { atMs: atMs + 100, name: 'consumer.insertMs.p50', value: round(32 * wobble(atMs)) },
    ]),
  }
}

const stats = (p50Ms: number, p95Ms: number, p99Ms: number, maxMs: number): FreshnessStats => ({
  events: 200_000,
  p50Ms,
  p95Ms,
  p99Ms,
  maxMs,
  errorMs: 104,
  censored: 0,
  censoredFrom: 'none',
  negative: 0,
})

const SCENARIO: Scenario = {
  version: 1,
  name: 'kill-the-leader-then-slow-the-sink',
  question: 'Does a broker killed under load, followed by a slow sink, lose or double any event?',
  pipeline: { use: 'log-first', with: {} },
  runtime: 'process',
  load: {
    seed: 7,
    rate: 10_000,
    payload: { size: 200, format: 'json' },
    keys: { count: 100_000, distribution: 'zipf', skew: 1, hotShare: 0.8 },
    producer: {
      client: 'kafkajs',
      lanes: 2,
      acks: 'all',
      idempotent: false,
      linger: 20,
      maxPending: 200_000,
    },
  },
  phases: { warmup: 10_000, baseline: 20_000, faults: 40_000, recovery: 40_000, settle: 20_000 },
  probe: { interval: 100 },
  faults: [
    { id: 'leader-kill', fault: 'kill', on: 'kafka.leader', at: 4000, for: 12_000 },
    { id: 'slow-sink', fault: 'latency', on: 'worker-to-clickhouse', at: 26_000, for: 10_000 },
  ],
  objectives: [],
  repeat: 1,
}

const ENVIRONMENT: Summary['environment'] = {
  version: 1,
  runId: '20261123-120000-a1b2',
  scenario: SCENARIO,
  scenarioFile: 'scenarios/catalog/kill-the-leader.yaml',
  scenarioHash: 'sha256:5d41402abc4b2a76b9719d911017c592',
  seed: 7,
  runtime: 'process',
  startedAt: '2026-11-23T12:00:00.000Z',
  guarantee: 'deduplicated',
  settings: { 'broker.session.timeout.ms': 3000, 'worker.batch.rows': 5000 },
  versions: { kafka: '4.3.1', clickhouse: '26.4.1' },
  host: {
    platform: 'linux',
    cores: 4,
    cpu: 'AMD EPYC 7B13',
    memoryBytes: 16_777_216_000,
    node: '20.19.5',
    kernel: '6.8.0',
  },
  freshet: { version: '0.1.0', commit: 'dee197e' },
  events: 1_100_000,
  lanes: 2,
  peakEps: 10_000,
  plannedMs: {
    warmup: 4000,
    baseline: 14_000,
    faults: 34_000,
    recovery: 74_000,
    settle: 114_000,
    end: 134_000,
  },
  probeIntervalMs: 100,
}

const FAULTS: Summary['faults'] = [
  {
    id: 'leader-kill',
    fault: 'kill',
    on: 'kafka.leader',
    injectedMs: 38_000,
    inForceMs: 38_240,
    healingMs: 49_900,
    healedMs: 50_300,
    evidence: 'process 4711 of kafka.2 gone; leaders moved to kafka.1 and kafka.3',
    detectMs: 1900,
    catchUp: { state: 'recovered', ms: 6900, errorMs: 204 },
    struckBy: [],
    longestGapMs: 3400,
    peakBacklog: 62_420,
    violationMs: 16_000,
    drainRateEps: 8850,
    efficiency: 0.91,
    efficiencyNote:
      '60,000 waiting at the heal; ideal 6.28 s at the 19,550/s that the run has shown, with 10,000/s offered; actual 6.90 s',
    windowMs: 1000,
    gapStartMs: 38_300,
  },
  {
    id: 'slow-sink',
    fault: 'latency',
    on: 'worker-to-clickhouse',
    injectedMs: 60_000,
    inForceMs: 60_110,
    healingMs: 70_000,
    healedMs: 70_100,
    evidence: 'median round trip 412 ms, was 3 ms',
    detectMs: 2100,
    catchUp: { state: 'recovered', ms: 15_400, errorMs: 204 },
    struckBy: [],
    longestGapMs: 900,
    peakBacklog: 31_420,
    violationMs: 22_000,
    drainRateEps: 1940,
    efficiency: null,
    efficiencyNote: 'the run never showed a landed rate above the offered one',
    windowMs: 1000,
    gapStartMs: 61_000,
  },
]

const OBJECTIVES: Summary['objectives'] = [
  {
    objective: { measure: 'freshness', stat: 'p95', over: 'baseline', max: 1000 },
    value: 334,
    censored: false,
    verdict: 'pass',
    sentence: 'p95 freshness in the baseline was 334 ms, within 1.00 s',
  },
  {
    objective: { measure: 'freshness', stat: 'p95', over: 'recovery', max: 2000 },
    value: 3120,
    censored: false,
    verdict: 'fail',
    sentence: 'p95 freshness in recovery was 3.12 s, above 2.00 s',
  },
  {
    objective: { measure: 'catch-up', after: 'leader-kill', max: 30_000 },
    value: 6900,
    censored: false,
    verdict: 'pass',
    sentence: 'caught up 6.90 s after leader-kill, within 30.0 s',
  },
  {
    objective: { measure: 'backlog', stat: 'peak', over: 'faults', max: 50_000 },
    value: null,
    censored: false,
    verdict: 'inconclusive',
    sentence: 'the baseline was unsteady, so the backlog decides nothing',
  },
  {
    objective: { measure: 'lost', max: 0 },
    value: 0,
    censored: false,
    verdict: 'pass',
    sentence: 'nothing lost',
  },
  {
    objective: { measure: 'duplicated', view: 'visible', max: 0 },
    value: 0,
    censored: false,
    verdict: 'pass',
    sentence: 'no duplicate visible after dedupe',
  },
]

const SELF_CHECK: Summary['selfCheck'] = {
  achievedByPhase: {
    baseline: { scheduled: 200_000, sent: 200_000, ratio: 1 },
    faults: { scheduled: 400_000, sent: 399_800, ratio: 0.9995 },
    recovery: { scheduled: 400_000, sent: 400_000, ratio: 1 },
  },
  sendDelay: { p50Ms: 0.6, p95Ms: 1.9, p99Ms: 4.2, maxMs: 61 },
  ackFromIntended: { p50Ms: 5.1, p95Ms: 14, p99Ms: 3420, maxMs: 4100 },
  ackFromSent: { p50Ms: 4.4, p95Ms: 12, p99Ms: 3390, maxMs: 4070 },
  landedFromIntended: { p50Ms: 400, p95Ms: 6200, p99Ms: 8100, maxMs: 9600 },
  landedFromSent: { p50Ms: 399, p95Ms: 6190, p99Ms: 8090, maxMs: 9590 },
  unsent: 200,
  negativeFreshness: 0,
  identities: [
    {
      text: 'scheduled 1,100,000 = acked 1,099,412 + rejected 0 + indeterminate 388 + unsent 200',
      holds: true,
    },
    { text: 'sink rows 1,099,930 = distinct 1,099,800 + extra copies 130', holds: true },
  ],
  probes: { count: 1291, plannedMs: 100, p50Ms: 100.4, p99Ms: 131, maxMs: 204 },
  load: {
    cpuSeconds: 41.2,
    wallSeconds: 130.1,
    eventLoopDelayMs: { p50: 1.1, p99: 6.4, max: 58 },
    gcPauseMs: { total: 610, max: 21 },
    errors: { NOT_LEADER_OR_FOLLOWER: 4 },
    retries: 12,
    mismatchedAcks: 0,
    heldMs: { p50: 0.1, p99: 3.4, max: 31 },
  },
  harness: {
    cpuSeconds: 4.1,
    wallSeconds: 131,
    eventLoopDelayMs: { p50: 0.2, p99: 11, max: 103 },
    gcPauseMs: { total: 356, max: 74 },
    throttled: { times: 3, ms: 41 },
  },
  clocks: { offsetMs: 0, boundMs: 0.005, how: 'by construction: one clock' },
  drainComplete: true,
}

const SUMMARY: Summary = {
  version: 1,
  scenario: SCENARIO.name,
  question: SCENARIO.question ?? null,
  seed: 7,
  runtime: 'process',
  guarantee: {
    declared: 'deduplicated',
    kept: true,
    sentence: '130 extra copies stored, none visible',
  },
  verdict: 'fail',
  sentence:
    'p95 freshness in recovery was 3.12 s, above 2.00 s; caught up in 15.4 s at most; 0 lost; 130 extra copies stored, 0 visible.',
  reasons: ['p95 freshness in recovery was 3.12 s, above 2.00 s'],
  doubts: [
    { code: 'unsteady-baseline', detail: 'backlog rose by 1.4 % of the rate during the baseline' },
  ],
  notes: ['recovery ended 4.00 s early: steady since 1 m 10 s, and held'],
  accounting: {
    audited: true,
    scheduled: 1_100_000,
    acked: 1_099_412,
    rejected: 0,
    indeterminate: 388,
    unsent: 200,
    landed: 1_099_800,
    lost: 0,
    lostAt: { upToLog: 0, afterLog: 0 },
    late: 0,
    duplicatedPhysical: 130,
    duplicatedPhysicalAtLeast: false,
    duplicatedVisible: 0,
    duplicatedBy: { sinkReplay: 90, producerRetry: 40 },
    recovered: 388,
    unexpected: 0,
    corrupt: 0,
    reordered: 17,
    largestDisplacement: 240,
    sinkRows: 1_099_930,
  },
  freshness: {
    baseline: stats(181, 334, 561, 720),
    faults: stats(2400, 7100, 8900, 9600),
    recovery: { ...stats(420, 3120, 4300, 5100), censored: 3 },
  },
  band: { baselineP95Ms: 334, freshnessMs: 584, backlogEvents: 3000 },
  shownCapacityEps: 19_550,
  faults: FAULTS,
  spread: {
    partitions: 8,
    largestPartitionShare: 0.21,
    keys: {
      asked: 'zipf with exponent 1 over 100,000 keys',
      ranks: [
        { keys: 1, asked: 0.0827, achieved: 0.0829 },
        { keys: 10, asked: 0.2423, achieved: 0.2421 },
        { keys: 100, asked: 0.4291, achieved: 0.4293 },
        { keys: 1000, asked: 0.6191, achieved: 0.6189 },
        { keys: 10_000, asked: 0.8095, achieved: 0.8096 },
        { keys: 100_000, asked: 1, achieved: 1 },
      ],
    },
  },
  gauges: [
    { name: 'consumer.insertMs.p50', samples: 100, median: 32, max: 410, last: 30 },
    { name: 'lag.0', samples: 100, median: 350, max: 18_400, last: 0 },
    { name: 'parts', samples: 100, median: 5, max: 8, last: 4 },
  ],
  objectives: OBJECTIVES,
  selfCheck: SELF_CHECK,
  environment: ENVIRONMENT,
  phases: PHASES.map(([phase, startMs, endMs]) => ({ phase, startMs, endMs })),
}

/** The fixture, with its summary changed as a test needs it. */
export function analysisFixture(changes: Partial<Summary> = {}): Analysis {
  return { summary: { ...SUMMARY, ...changes }, series: series() }
}
export const HOSTILE = '<script>alert(1)</script>'
/** Texts that would do harm as markup, as an expression, or in a place between the two. */
export const HOSTILE_TEXTS = [
  HOSTILE,
  'datum.x',
  "datum['x'] + alert(1)",
  '"]; alert(1); ["',
  '${alert(1)}',
  '</svg><img src=x onerror=alert(1)>',
  '{"signal": "alert(1)"}',
]
/** Every text that a scenario or its services control is an attempt to inject. */
export function hostileFixture(text = HOSTILE): Analysis {
  const environment = {
    ...ENVIRONMENT,
    scenarioFile: `${text}'; rm -rf /`,
    settings: { [text]: text },
  }
  const faults = FAULTS.map((fault, index) => ({
    ...fault,
    id: `${text}${index}`,
    on: text,
    evidence: `${text}\u001b[31m|x`,
  }))
  const doubts = [{ code: 'interrupted', detail: `${text}\u001b[2J` }] as const
  return analysisFixture({
    scenario: text,
    question: text,
    sentence: `${text} datum['x'] | \u0000`,
    reasons: [text],
    environment,
    faults,
    doubts,
  })
}
