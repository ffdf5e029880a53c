import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { FreshetError, messageOf } from '../lib/errors.ts'
import { until, within } from '../lib/until.ts'
import type { Journal } from './journal.ts'
import { statOf, type ProcessIdentity } from './proc.ts'
import type { ServiceSpec } from './runtime.ts'

export interface Exit {
  readonly code: number | null
  readonly signal: string | null
}
/** One life of a service: from spawn to exit. */
export interface ProcessInstance extends ProcessIdentity {
  /** Resolves when the process has ended; never rejects. */
  readonly exited: Promise<Exit>
  readonly isRunning: () => boolean
}

/** What a child gets of our environment; the rest could change what is measured. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'JAVA_HOME', 'LD_LIBRARY_PATH'] as const
/** One poll of `ready` may hang; the next one may not have to wait for it. */
const READY_POLL_LIMIT_MS = 5000
const LOG_TAIL_CHARACTERS = 2000

/** Spawns into a group of its own and journals it before anything else can fail; should we die in between, its mark tells whose it is. */
export async function launch(
  spec: ServiceSpec,
  logPath: string,
  journal: Journal,
): Promise<ProcessInstance> {
  const child = spawnLogged(spec, logPath, journal.mark)
  const { pid } = child
  if (pid === undefined) {
    const cause = await new Promise<Error>((resolve) => child.once('error', resolve))
    throw new FreshetError(
      'environment',
      `${spec.name} could not be started: ${messageOf(cause)}`,
      { cause },
    )
  }
  // In the same tick as the spawn: Node has not collected the child yet, so even a dead one still has its stat.
  const startTime = statOf(pid)?.startTime ?? 0
  try {
    journal.process({ pid, startTime, name: spec.name })
  } catch (failure) {
    // What is not on record would outlive a crash of ours.
    process.kill(-pid, 'SIGKILL')
    throw failure
  }
  const exited = new Promise<Exit>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  )
  child.on('error', () => undefined)
  return {
    pid,
    startTime,
    exited,
    isRunning: () => child.exitCode === null && child.signalCode === null,
  }
}

/** Resolves when the service answers; rejects with the log's tail when it ends first or takes too long. */
export async function waitReady(
  spec: ServiceSpec,
  instance: ProcessInstance,
  options: { readonly logPath: string; readonly signal?: AbortSignal },
): Promise<void> {
  const { ready } = spec
  if (ready === undefined) return
  const stop = new AbortController()
  const signal =
    options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal])
  const poll = until(
    () =>
      within(
        ready(),
        Math.min(READY_POLL_LIMIT_MS, spec.readyTimeoutMs),
        `one readiness poll of ${spec.name}`,
      ),
    {
      timeoutMs: spec.readyTimeoutMs,
      what: `${spec.name} to be ready`,
      signal,
    },
  )
  const ended = instance.exited.then((exit) => {
    throw new FreshetError(
      'not-ready',
      `${spec.name} ended before it was ready (${describeExit(exit)})`,
    )
  })
  const aborted = rejectOnAbort(signal)
  try {
    await Promise.race([poll, ended, aborted])
  } catch (failure) {
    if (options.signal?.aborted === true) throw failure
    const tail = logTail(options.logPath)
    const message = `${messageOf(failure)}; the end of ${options.logPath}:\n${tail}`
    throw new FreshetError('not-ready', message, { cause: failure })
  } finally {
    stop.abort(new Error('no longer awaited'))
  }
}

export function describeExit(exit: Exit): string {
  return exit.signal === null ? `exit code ${exit.code}` : exit.signal
}

function spawnLogged(spec: ServiceSpec, logPath: string, mark: Journal['mark']): ChildProcess {
  mkdirSync(dirname(logPath), { recursive: true })
  const log = openSync(logPath, 'a')
  try {
    const [program, ...args] = spec.command
    const inherited = INHERITED.map((name) => [name, process.env[name]] as const).filter(
      ([, value]) => value !== undefined,
    )
    const env: NodeJS.ProcessEnv = {
      LANG: 'C.UTF-8',
      ...Object.fromEntries(inherited),
      ...spec.env,
      ...mark,
    }
    return spawn(program, args, { detached: true, stdio: ['ignore', log, log], env })
  } finally {
    closeSync(log)
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

function logTail(path: string): string {
  return readFileSync(path, 'utf8').slice(-LOG_TAIL_CHARACTERS).trimEnd()
}
