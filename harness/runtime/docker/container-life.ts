import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { dirname } from 'node:path'
import { within } from '../../lib/until.ts'
import { statOf } from '../proc.ts'
import type { Exit, ProcessInstance } from '../process-instance.ts'
import type { Container, Docker } from './engine.ts'

const LOG_END_LIMIT_MS = 2000

export interface ContainerLife extends ProcessInstance {
  /** Resolves at its end; `exited` only when its log is written out. */
  readonly ended: Promise<Exit>
}

/** One life of a container, from start to exit; its log goes to a file. Its process is as the host sees it, where the host does. */
export async function startLife(
  docker: Docker,
  container: Container,
  logPath: string,
): Promise<ContainerLife> {
  // What it logged before is in the file already.
  const since = Date.now() / 1000
  await container.start()
  let running = true
  const ended = container.wait({ condition: 'not-running' }).then(
    (status: { StatusCode: number }): Exit => ({ code: status.StatusCode, signal: null }),
    // Removed, or the engine itself is gone.
    (): Exit => ({ code: null, signal: null }),
  )
  void ended.then(() => (running = false))
  const logged = follow(docker, container, { logPath, since, ended })
  // Whoever hears of the end may want to know the last words.
  const exited = ended.then((exit) => logged.then(() => exit))
  const { State, Id } = await container.inspect()
  const startTime = isOf(Id, State.Pid) ? (statOf(State.Pid)?.startTime ?? 0) : 0
  return { pid: State.Pid, startTime, ended, exited, isRunning: () => running }
}

/** From the engine's own record, not attached: a reader that lags must not hold up what is measured. */
async function follow(
  docker: Docker,
  container: Container,
  how: { readonly logPath: string; readonly since: number; readonly ended: Promise<Exit> },
): Promise<void> {
  mkdirSync(dirname(how.logPath), { recursive: true })
  const file = createWriteStream(how.logPath, { flags: 'a' })
  file.on('error', () => undefined)
  try {
    const { since } = how
    const stream = await container.logs({ follow: true, stdout: true, stderr: true, since })
    docker.modem.demuxStream(stream, file, file)
    await Promise.race([
      finished(stream, { writable: false }),
      how.ended.then(() => within(finished(stream), LOG_END_LIMIT_MS, 'the rest of the log')),
    ])
  } catch {
    // It was removed under way: there is no more to have.
  } finally {
    file.end()
    await finished(file).catch(() => undefined)
  }
}

/** Whether the pid, as the engine gives it, is that container's in our own view of the machine. */
function isOf(containerId: string, pid: number): boolean {
  try {
    return pid > 0 && readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(containerId)
  } catch {
    return false
  }
}
