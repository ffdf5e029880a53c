import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { FreshetError } from '../lib/errors.ts'
import { within } from '../lib/until.ts'
import { ownProgram } from './own-program.ts'

const RELEASE_LIMIT_MS = 5000

/** A process that cleans up after the run when the run's own process dies, in whatever way. Disposing sends it home. */
export interface Watcher extends AsyncDisposable {
  readonly pid: number
}
export interface WatcherSpec {
  /** Names its log, and it in errors: `the guardian`. */
  readonly name: string
  /** Its program, beside ours: without the file's ending. */
  readonly program: URL
  readonly argument: string
  /** The run's folder. */
  readonly directory: string
}

/** Starts a watcher. Its only tie is a pipe, of which this process alone holds the writing end; `outlived` is the other. */
export function startWatcher({ name, program, argument, directory }: WatcherSpec): Watcher {
  const logPath = join(directory, 'logs', `${name}.log`)
  mkdirSync(dirname(logPath), { recursive: true })
  const log = openSync(logPath, 'a')
  // A session of its own: Ctrl-C at the terminal must not reach it.
  const child = spawn(process.execPath, [...ownProgram(program), argument], {
    detached: true,
    stdio: ['pipe', log, log],
  })
  closeSync(log)
  const { pid, stdin } = child
  if (pid === undefined || stdin === null)
    throw new FreshetError('environment', `the ${name} could not be started`)
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.on('error', () => undefined)
  stdin.on('error', () => undefined)
  // Neither may keep a run's process alive that has nothing else to do.
  child.unref()
  if (stdin instanceof Socket) stdin.unref()
  let released: Promise<void> | undefined
  const release = (): Promise<void> => {
    stdin.end('done\n')
    return within(exited, RELEASE_LIMIT_MS, `the end of the ${name} (pid ${pid})`)
  }
  return { pid, [Symbol.asyncDispose]: () => (released ??= release()) }
}

/** For the watcher's program: whether the run's process has died without a goodbye, once it is gone. */
export async function outlived(): Promise<boolean> {
  // Whoever ends the run's process with these must not end its watcher too.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
  let said = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) said += String(chunk)
  return said !== 'done\n'
}
