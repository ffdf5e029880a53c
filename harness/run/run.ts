import { mkdir } from 'node:fs/promises'
import { monotonicClock, type Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import { Scope } from '../lib/scope.ts'
import type { Fault } from '../faults/fault.ts'
import type { Load } from '../load/load.ts'
import { scheduleOf } from '../load/schedule.ts'
import { LoadWorker } from '../load/worker.ts'
import { GaugeProbe } from '../probes/gauges.ts'
import { LandingProbe } from '../probes/landing.ts'
import { watchSelf } from '../probes/self.ts'
import { startGuardian } from '../runtime/guardian.ts'
import { Journal, refuseOpenJournal } from '../runtime/journal.ts'
import { statOf } from '../runtime/proc.ts'
import { processRuntime } from '../runtime/process.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { cachePaths } from '../setup/paths.ts'
import type { LoadedScenario } from '../scenario/load.ts'
import { planOf, type Plan } from '../scenario/plan.ts'
import type { Target, TargetKind } from '../../targets/target.ts'
import { audit, settle } from './drain.ts'
import { emptyLedger } from './ledger.ts'
import { LANDING_COLUMNS, LOAD_COLUMNS, readColumns, writeColumns } from './ledger-file.ts'
import type { LogEntry, Phase } from './log.ts'
import { metaOf } from './meta.ts'
import type { Observer } from './observer.ts'
import { makeRunDirectory, openLog, writeJson } from './run-directory.ts'
import { playFaults } from './timeline.ts'

export interface RunOptions {
  readonly pipelines: readonly TargetKind[]
  readonly faults: readonly Fault[]
  readonly loads: readonly Load[]
  /** Where run directories go. */
  readonly root: string
  /** Aborted on Ctrl-C: everything is healed and torn down, the partial run stays. */
  readonly signal: AbortSignal
  readonly observer: Observer
}
/** What every phase works with. */
export interface Live {
  readonly directory: string
  readonly plan: Plan
  readonly target: Target
  readonly worker: LoadWorker
  readonly probe: LandingProbe
  readonly clock: Clock
  readonly log: (entry: LogEntry) => void
  readonly enter: (phase: Phase) => void
  readonly signal: AbortSignal
  readonly ledger: ReturnType<typeof emptyLedger>
}

/** From "go" to the first event: time for the worker to be waiting. */
const LEAD_MS = 500

/** One execution of a plan, its phases from top to bottom. Returns the run directory, whatever became of the run. */
export async function executeRun(loaded: LoadedScenario, options: RunOptions): Promise<string> {
  refuseOpenJournal()
  const startedAt = new Date()
  const directory = await makeRunDirectory(options.root, loaded.scenario.name, startedAt)
  const runId = `r${startedAt.getTime().toString(36)}`
  const clock = monotonicClock()
  const sink = openLog(directory)
  const log = (entry: LogEntry): void => {
    sink.write(entry)
    options.observer.entry(entry)
  }
  options.observer.started({ directory, scenario: loaded.scenario })
  try {
    await measure(loaded, options, { directory, runId, clock, log, startedAt })
  } catch (failure) {
    if (!options.signal.aborted) throw failure
    log({
      type: 'doubt',
      atMs: clock.now(),
      code: 'interrupted',
      detail: 'the run was interrupted: it was healed and torn down',
    })
  } finally {
    await sink.close()
  }
  return directory
}

interface Frame {
  readonly directory: string
  readonly runId: string
  readonly clock: Clock
  readonly log: (entry: LogEntry) => void
  readonly startedAt: Date
}

async function measure(loaded: LoadedScenario, options: RunOptions, frame: Frame): Promise<void> {
  const { clock, log } = frame
  const enter = (phase: Phase): void => log({ type: 'phase', atMs: clock.now(), phase })
  const scope = new Scope()
  try {
    enter('setup')
    const { live, runtime } = await setUp({ loaded, options, frame, scope, enter })
    const startMs = clock.now() + LEAD_MS
    const { plan, target } = live
    const meta = metaOf({ loaded, plan, target, ...frame, startMs, runtime: runtime.kind })
    await writeJson(frame.directory, 'meta.json', meta)
    await observe(live, options, startMs)
    for (const doubt of runtime.doubts()) log({ type: 'doubt', atMs: clock.now(), ...doubt })
  } finally {
    enter('teardown')
    await scope[Symbol.asyncDispose]().catch((failure: unknown) => {
      const detail = `teardown: ${messageOf(failure)}`
      log({ type: 'doubt', atMs: clock.now(), code: 'heal-unconfirmed', detail })
      throw failure
    })
  }
}

interface SetUp {
  readonly loaded: LoadedScenario
  readonly options: RunOptions
  readonly frame: Frame
  readonly scope: Scope
  readonly enter: (phase: Phase) => void
}

/** Starts everything; whatever was started is in the scope before the next thing is. */
async function setUp(from: SetUp): Promise<{ live: Live; runtime: Runtime }> {
  const { loaded, options, frame, scope, enter } = from
  const { directory, runId, clock, log } = frame
  const { scenario } = loaded
  const { signal } = options
  const journal = Journal.open(runId, directory)
  scope.defer(() => Promise.resolve(journal.close()))
  scope.use(startGuardian({ journal, directory }))
  const toxiproxyPath = cachePaths().toxiproxy
  const runtime = scope.use(await processRuntime({ directory, journal, toxiproxyPath, signal }))
  const plan = planOf(scenario, options.loads)
  const kind = options.pipelines.find((one) => one.kind === scenario.pipeline.use)
  if (kind === undefined) throw new Error(`no pipeline ${scenario.pipeline.use}`)
  const target = scope.use(
    await kind.start(scenario.pipeline.with, { runId, runtime, clock, signal }),
  )
  scope.use(target.sink)
  const { source } = target
  const worker = scope.use(
    await LoadWorker.start(
      {
        type: 'prepare',
        runId,
        originNs: String(clock.originNs),
        plan: plan.load,
        source,
        directory,
      },
      (pid) => journal.process({ pid, startTime: statOf(pid)?.startTime ?? 0, name: 'load' }),
    ),
  )
  const ledger = emptyLedger(scheduleOf(plan.load.segments).count, plan.load.lanes)
  const intervalMs = scenario.probe.interval
  const probe = new LandingProbe({ sink: target.sink, ledger, clock, intervalMs, log })
  return {
    live: { directory, plan, target, worker, probe, clock, log, enter, signal, ledger },
    runtime,
  }
}

async function observe(live: Live, options: RunOptions, startMs: number): Promise<void> {
  const { directory, plan, target, worker, probe, clock, log, enter, signal, ledger } = live
  const self = watchSelf()
  const gauges = new GaugeProbe({ target, clock, log })
  const watching = setInterval(
    () =>
      options.observer.progress({
        atMs: clock.now() - startMs,
        load: worker.progress,
        landed: probe.landed,
      }),
    500,
  )
  probe.start()
  gauges.start()
  try {
    worker.go(startMs, plan.phases.end - plan.phases.settle)
    const faults = playFaults(plan.faults, {
      faults: options.faults,
      system: target.system,
      clock,
      startMs,
      signal,
      log,
    })
    try {
      for (const phase of ['warmup', 'baseline', 'faults', 'recovery', 'settle'] as const) {
        await clock.sleepUntil(startMs + plan.phases[phase], signal)
        enter(phase)
      }
    } finally {
      await faults
    }
    await worker.finished(plan.phases.end - plan.phases.settle + 30_000)
    await readColumns(directory, ledger, LOAD_COLUMNS)
    await settle(live, startMs + plan.phases.end)
  } finally {
    clearInterval(watching)
    await gauges.stop()
    await probe.stop()
    await mkdir(directory, { recursive: true })
    await writeColumns(directory, ledger, LANDING_COLUMNS)
    await writeJson(directory, 'harness.json', self())
  }
  enter('audit')
  await audit(live)
}
