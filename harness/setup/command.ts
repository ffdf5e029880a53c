import { spawn } from 'node:child_process'
import { FreshetError } from '../lib/errors.ts'

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}
export interface CommandOptions {
  /** Past it the program is killed and the outcome's code is 124. */
  readonly timeoutMs: number
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** When it aborts the program gets SIGINT, a little later SIGKILL; the promise rejects once it has ended. */
  readonly signal?: AbortSignal
  /** Told of every line that the program prints, on either stream. */
  readonly onLine?: (line: string) => void
}

const GRACE_MS = 5000

/** Runs a program without a shell and collects what it printed; null when there is no such program. */
export function runCommand(
  command: readonly [string, ...string[]],
  options: CommandOptions,
): Promise<Outcome | null> {
  options.signal?.throwIfAborted()
  const [file, ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    })
    const output = { stdout: '', stderr: '' }
    let timedOut = false
    const timers = [
      setTimeout(() => {
        timedOut = true
        child.kill('SIGKILL')
      }, options.timeoutMs),
    ]
    const abort = (): void => {
      child.kill('SIGINT')
      timers.push(setTimeout(() => child.kill('SIGKILL'), GRACE_MS))
    }
    options.signal?.addEventListener('abort', abort)
    const ended = (): void => {
      timers.forEach(clearTimeout)
      options.signal?.removeEventListener('abort', abort)
    }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text
        for (const line of text.split('\n')) if (line !== '') options.onLine?.(line)
      })
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      ended()
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve(null)
      else reject(error)
    })
    child.once('close', (code) => {
      ended()
      if (options.signal?.aborted === true)
        reject(new FreshetError('interrupted', `${file} was interrupted`))
      if (timedOut) output.stderr += `\nended after ${options.timeoutMs} ms`
      resolve({ code: timedOut ? 124 : (code ?? 1), ...output })
    })
  })
}

/** The last line that says something: where most tools put their error. */
export function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.at(-1)?.trim() ?? ''
}
