import { spawn } from 'node:child_process'

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
}

/** Runs a program without a shell and collects what it printed; null when there is no such program. */
export function runCommand(
  command: readonly [string, ...string[]],
  options: CommandOptions,
): Promise<Outcome | null> {
  const [file, ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    })
    const output = { stdout: '', stderr: '' }
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      child.kill('SIGKILL')
    }, options.timeoutMs)
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve(null)
      else reject(error)
    })
    child.once('close', (code) => {
      clearTimeout(timer)
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
