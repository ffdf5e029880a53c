import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { FreshetError } from '../../lib/errors.ts'
import { within } from '../../lib/until.ts'

const RELEASE_LIMIT_MS = 5000

/** A process that sweeps the run out of the engine when the run's own process dies. Disposing sends it home. */
export function startDockerGuardian(options: {
  readonly runId: string
  readonly directory: string
}): AsyncDisposable {
  const logPath = join(options.directory, 'logs', 'docker-guardian.log')
  mkdirSync(dirname(logPath), { recursive: true })
  const log = openSync(logPath, 'a')
  // A session of its own: Ctrl-C at the terminal must not reach it.
  const child = spawn(process.execPath, [...program(), options.runId], {
    detached: true,
    stdio: ['pipe', log, log],
  })
  closeSync(log)
  const { pid, stdin } = child
  if (pid === undefined || stdin === null)
    throw new FreshetError('environment', 'the guardian of containers could not be started')
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.on('error', () => undefined)
  stdin.on('error', () => undefined)
  child.unref()
  if (stdin instanceof Socket) stdin.unref()
  let released: Promise<void> | undefined
  const release = (): Promise<void> => {
    stdin.end('done\n')
    return within(exited, RELEASE_LIMIT_MS, `the end of the guardian of containers (pid ${pid})`)
  }
  return { [Symbol.asyncDispose]: () => (released ??= release()) }
}

/** From source through tsx in development, compiled in a release. */
function program(): readonly string[] {
  const isSource = import.meta.url.endsWith('.ts')
  const main = fileURLToPath(new URL(`./guardian-main.${isSource ? 'ts' : 'js'}`, import.meta.url))
  if (!isSource) return [main]
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  return ['--import', loader, main]
}
