import type { TargetKind } from '../../targets/target.ts'
import type { Fault } from '../faults/fault.ts'
import type { Scope } from '../lib/scope.ts'
import type { Load } from '../load/load.ts'
import { scheduleOf } from '../load/schedule.ts'
import { LoadWorker } from '../load/worker.ts'
import { LandingProbe } from '../probes/landing.ts'
import { startGuardian } from '../runtime/guardian.ts'
import { Journal, readJournal } from '../runtime/journal.ts'
import { statOf } from '../runtime/proc.ts'
import { processRuntime } from '../runtime/process.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { planOf } from '../scenario/plan.ts'
import type { Scenario } from '../scenario/schema.ts'
import { cachePaths } from '../setup/paths.ts'
import { emptyLedger } from './ledger.ts'
import type { Frame, Live } from './live.ts'

export interface Registries {
  readonly pipelines: readonly TargetKind[]
  readonly faults: readonly Fault[]
  readonly loads: readonly Load[]
}

/** Starts everything; whatever was started is in the scope before the next thing is. */
export async function setUp(
  scenario: Scenario,
  env: { readonly registries: Registries; readonly frame: Frame; readonly scope: Scope },
): Promise<{ live: Live; runtime: Runtime }> {
  const { registries, frame, scope } = env
  const { directory, runId, clock, log, signal, keepData } = frame
  const { pipelines, faults, loads } = registries
  const journal = openJournal(frame, scope)
  const toxiproxyPath = cachePaths().toxiproxy
  const runtime = scope.use(
    await processRuntime({ directory, journal, toxiproxyPath, signal, keepData }),
  )
  const plan = planOf(scenario, loads)
  const kind = pipelines.find((one) => one.kind === scenario.pipeline.use)
  if (kind === undefined) throw new Error(`no pipeline ${scenario.pipeline.use}`)
  const target = scope.use(
    await kind.start(scenario.pipeline.with, { runId, runtime, clock, signal }),
  )
  const { source } = target
  const originNs = String(clock.originNs)
  const worker = scope.use(
    await LoadWorker.start(
      { type: 'prepare', runId, originNs, plan: plan.load, source, directory },
      { started: (pid) => record(journal, pid), mark: journal.mark, signal },
    ),
  )
  const ledger = emptyLedger(scheduleOf(plan.load.segments).count, plan.load.lanes)
  const intervalMs = scenario.probe.interval
  const probe = new LandingProbe({ sink: target.sink, ledger, clock, intervalMs, log })
  return { live: { ...frame, plan, target, faults, worker, probe, ledger }, runtime }
}

/** With its guardian. It stays open when something of the run could not be ended: `freshet clean` goes by it. */
function openJournal({ runId, directory }: Frame, scope: Scope): Journal {
  const journal = Journal.open(runId, directory)
  scope.defer(async () => {
    if (readJournal(journal.path)?.running.length === 0) journal.close()
  })
  scope.use(startGuardian({ journal, directory }))
  return journal
}

function record(journal: Journal, pid: number): void {
  journal.process({ pid, startTime: statOf(pid)?.startTime ?? 0, name: 'load' })
}
