import { monotonicClock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import { Scope } from '../lib/scope.ts'
import { refuseOpenJournal } from '../runtime/journal.ts'
import type { LoadedScenario } from '../scenario/load.ts'
import type { Scenario } from '../scenario/schema.ts'
import { audit } from './drain.ts'
import type { Frame } from './live.ts'
import { TORN_DOWN, type LogEntry } from './log.ts'
import { metaOf, startedOf } from './meta.ts'
import { observe } from './observe.ts'
import type { Observer } from './observer.ts'
import type { Started } from './record.ts'
import { makeRunDirectory, openLog, writeJson } from './run-directory.ts'
import { setUp, type Registries } from './set-up.ts'

export interface RunOptions extends Registries {
  /** Where run directories go. */
  readonly root: string
  /** Aborted on Ctrl-C: everything is healed and torn down, the partial run stays. */
  readonly signal: AbortSignal
  readonly observer: Observer
  /** Leaves in the run directory what the services stored: often gigabytes. */
  readonly keepData?: boolean
}

/** From "go" to the first event: time for the worker to be waiting. */
const LEAD_MS = 500

/** One execution of a plan, its phases from top to bottom. Returns the run directory, whatever became of the run. */
export async function executeRun(loaded: LoadedScenario, options: RunOptions): Promise<string> {
  refuseOpenJournal()
  const startedAt = new Date()
  const directory = await makeRunDirectory(options.root, loaded.scenario.name, startedAt)
  const runId = `r${startedAt.getTime().toString(36)}`
  const started = startedOf(loaded, runId, startedAt)
  await writeJson(directory, 'started.json', started)
  const file = openLog(directory)
  options.observer.started({ directory, scenario: loaded.scenario })
  const frame = frameOf({ directory, runId, options, write: (entry) => file.write(entry) })
  try {
    await carryOut({ started, scenario: loaded.scenario }, options, frame)
  } catch (failure) {
    const detail = options.signal.aborted
      ? 'the run was interrupted: it was healed and torn down'
      : `the run failed: ${messageOf(failure)}`
    frame.log({ type: 'doubt', atMs: frame.clock.now(), code: 'interrupted', detail })
    if (!options.signal.aborted) throw failure
  } finally {
    await file.close()
  }
  return directory
}

function frameOf(from: {
  readonly directory: string
  readonly runId: string
  readonly options: RunOptions
  readonly write: (entry: LogEntry) => void
}): Frame {
  const { directory, runId, options, write } = from
  const clock = monotonicClock()
  const history: LogEntry[] = []
  const log = (entry: LogEntry): void => {
    if (entry.type === 'phase' || entry.type === 'fault') history.push(entry)
    write(entry)
    options.observer.entry(entry)
  }
  const enter: Frame['enter'] = (phase) => log({ type: 'phase', atMs: clock.now(), phase })
  const { observer, signal, keepData = false } = options
  return { directory, runId, clock, log, enter, history, observer, signal, keepData }
}

interface Asked {
  /** What is written down: without secrets. */
  readonly started: Started
  readonly scenario: Scenario
}

async function carryOut(asked: Asked, options: RunOptions, frame: Frame): Promise<void> {
  const { started, scenario } = asked
  const { clock, log, enter, directory } = frame
  const scope = new Scope()
  try {
    enter('setup')
    const { live, runtime } = await setUp(scenario, { registries: options, frame, scope })
    const { plan, target } = live
    const startMs = clock.now() + LEAD_MS
    const meta = metaOf({ started, plan, target, startMs, runtime: runtime.kind })
    await writeJson(directory, 'meta.json', meta)
    const ledger = await observe(live, meta, startMs)
    enter('audit')
    await audit({ ...live, ledger })
    for (const doubt of runtime.doubts()) log({ type: 'doubt', atMs: clock.now(), ...doubt })
  } finally {
    enter('teardown')
    await scope[Symbol.asyncDispose]().catch((failure: unknown) => {
      const detail = `teardown: ${messageOf(failure)}`
      log({ type: 'doubt', atMs: clock.now(), code: 'heal-unconfirmed', detail })
      throw failure
    })
    log({ type: 'note', atMs: clock.now(), text: TORN_DOWN })
  }
}
