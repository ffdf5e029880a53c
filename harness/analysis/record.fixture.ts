import { emptyLedger, NEVER, OUTCOMES, toTicks, type Ledger, type Outcome } from '../run/ledger.ts'
import type { LogEntry } from '../run/log.ts'
import type { Meta, RunRecord, SelfReport } from '../run/record.ts'
import type { FaultStep, Objective, Scenario } from '../scenario/schema.ts'
import type { AuditRows, Guarantee } from '../../targets/target.ts'

/** Phase starts of every fixture run, ms; settle is planned until 62 s and ends at 45 s. */
export const AT = {
  warmup: 0,
  baseline: 2000,
  faults: 12_000,
  recovery: 22_000,
  settle: 42_000,
  audit: 45_000,
  end: 62_000,
} as const

/** One row of a fixture's audit. */
export interface Row {
  lane: number
  seq: number
  copies: number
  positions: number
  visible: number
  corrupt: number
}
export interface FixtureOptions {
  readonly eps?: number
  readonly lanes?: number
  readonly guarantee?: Guarantee
  readonly faults?: readonly FaultStep[]
  readonly objectives?: readonly Objective[]
  readonly probeMs?: number
  /** When event i, intended at that time, lands; null = never, and it is absent from the audit too. Default: 50 ms later. */
  readonly landsAt?: (intendedMs: number, i: number) => number | null
  readonly outcome?: (intendedMs: number, i: number) => Outcome
  readonly sentAfterMs?: number
  readonly ledger?: (ledger: Ledger) => void
  readonly rows?: (rows: Row[]) => Row[]
  readonly log?: (log: readonly LogEntry[]) => readonly LogEntry[]
  readonly record?: Partial<RunRecord>
}

const CALM: SelfReport = {
  cpuSeconds: 1,
  wallSeconds: 50,
  eventLoopDelayMs: { p50: 1, p99: 2, max: 3 },
  gcPauseMs: { total: 0, max: 0 },
}

/** A run at a constant rate, written down by hand rather than run. */
export function recordOf(options: FixtureOptions = {}): RunRecord {
  const ledger = ledgerOf(options)
  return {
    meta: metaOf(options, ledger),
    log: (options.log ?? ((log) => log))(logOf(options)),
    ledger,
    audit: auditOf(ledger, options.rows ?? ((rows) => rows)),
    inLog: null,
    load: { ...CALM, errors: {}, retries: 0, mismatchedAcks: 0 },
    harness: CALM,
    ...options.record,
  }
}

function ledgerOf(options: FixtureOptions): Ledger {
  const { eps = 100, lanes = 2, sentAfterMs = 1 } = options
  const { landsAt = (at: number): number | null => at + 50, outcome = (): Outcome => 'acked' } =
    options
  const count = (AT.settle / 1000) * eps
  const ledger = emptyLedger(count, lanes)
  for (let i = 0; i < count; i++) {
    const intended = (i * 1000) / eps
    const what = outcome(intended, i)
    const landed = what === 'unsent' || what === 'rejected' ? null : landsAt(intended, i)
    ledger.intended[i] = toTicks(intended)
    ledger.outcome[i] = OUTCOMES.indexOf(what)
    ledger.partition[i] = i % lanes
    if (what !== 'unsent') ledger.sent[i] = toTicks(intended + sentAfterMs)
    if (what === 'acked' || what === 'rejected')
      ledger.settled[i] = toTicks(intended + sentAfterMs + 5)
    if (landed === null) continue
    ledger.landed[i] = toTicks(landed)
    ledger.absent[i] = toTicks(Math.max(0, landed - 10))
  }
  options.ledger?.(ledger)
  return ledger
}

function auditOf(ledger: Ledger, change: (rows: Row[]) => Row[]): AuditRows {
  const found: Row[] = []
  for (let i = 0; i < ledger.count; i++) {
    if (ledger.landed[i] === NEVER) continue
    found.push({
      lane: i % ledger.lanes,
      seq: Math.floor(i / ledger.lanes),
      copies: 1,
      positions: 1,
      visible: 1,
      corrupt: 0,
    })
  }
  const rows = change(found)
  return {
    lane: Uint16Array.from(rows, (row) => row.lane),
    seq: Uint32Array.from(rows, (row) => row.seq),
    copies: Uint32Array.from(rows, (row) => row.copies),
    positions: Uint32Array.from(rows, (row) => row.positions),
    visible: Uint32Array.from(rows, (row) => row.visible),
    corrupt: Uint8Array.from(rows, (row) => row.corrupt),
  }
}

/** A fault in force from 12 s + `at` for `for` ms. */
export const fault = (id: string, at = 0, lengthMs = 5000): FaultStep => ({
  id,
  fault: 'noop',
  at,
  for: lengthMs,
})

function logOf({ faults = [], probeMs = 100 }: FixtureOptions): readonly LogEntry[] {
  const phases = (['warmup', 'baseline', 'faults', 'recovery', 'settle', 'audit'] as const).map(
    (phase): LogEntry => ({ atMs: AT[phase], type: 'phase', phase }),
  )
  const probes = Array.from({ length: AT.audit / probeMs }, (_, k): LogEntry => ({
    atMs: k * probeMs + 5,
    type: 'probe',
    startMs: k * probeMs,
    rows: 1,
    lateMs: 0,
  }))
  const edges = faults.flatMap(({ id, at, for: lengthMs }): LogEntry[] => {
    const start = AT.faults + at
    return [
      { atMs: start, type: 'fault', id, edge: 'injecting' },
      { atMs: start, type: 'fault', id, edge: 'in-force', detail: 'it acted' },
      { atMs: start + lengthMs, type: 'fault', id, edge: 'healing' },
      { atMs: start + lengthMs, type: 'fault', id, edge: 'healed' },
    ]
  })
  return [...phases, ...probes, ...edges].sort((a, b) => a.atMs - b.atMs)
}

function scenarioOf({
  faults = [],
  objectives = [],
  lanes = 2,
  probeMs = 100,
}: FixtureOptions): Scenario {
  return {
    version: 1,
    name: 'fixture',
    pipeline: { use: 'memory', with: {} },
    runtime: 'process',
    load: {
      seed: 1,
      rate: 100,
      payload: { size: 200, format: 'json' },
      keys: { count: 10, distribution: 'uniform', skew: 1, hotShare: 0.8 },
      producer: {
        client: 'kafkajs',
        lanes,
        acks: 'all',
        idempotent: false,
        linger: 0,
        maxPending: 1000,
      },
    },
    phases: { warmup: 2000, baseline: 10_000, faults: 10_000, recovery: 20_000, settle: 20_000 },
    probe: { interval: probeMs },
    faults: [...faults],
    objectives: [...objectives],
    repeat: 1,
  }
}

function metaOf(options: FixtureOptions, ledger: Ledger): Meta {
  const { warmup, baseline, faults, recovery, settle, end } = AT
  return {
    version: 1,
    runId: 'fixture',
    scenario: scenarioOf(options),
    scenarioFile: 'fixture.yaml',
    scenarioHash: '0',
    seed: 1,
    runtime: 'process',
    startedAt: '2026-01-01T00:00:00Z',
    guarantee: options.guarantee ?? 'at-least-once',
    settings: {},
    versions: {},
    host: { platform: 'linux', cores: 2, cpu: 'none', memoryBytes: 0, node: '20', kernel: '0' },
    freshet: { version: '0', commit: null },
    events: ledger.count,
    lanes: ledger.lanes,
    peakEps: options.eps ?? 100,
    plannedMs: { warmup, baseline, faults, recovery, settle, end },
    probeIntervalMs: options.probeMs ?? 100,
  }
}

/** A sink that shows nothing in [fromMs, toMs) and all of it at toMs. */
export const frozen =
  (fromMs: number, toMs: number) =>
  (intendedMs: number): number =>
    intendedMs + 50 >= fromMs && intendedMs + 50 < toMs ? toMs : intendedMs + 50
