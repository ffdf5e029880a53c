import { fork, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunMs } from '../lib/clock.ts'
import { FreshetError, messageOf } from '../lib/errors.ts'
import { until, type UntilOptions } from '../lib/until.ts'
import type { Progress } from './generator.ts'
import type { FromWorker, ToWorker } from './worker-protocol.ts'

/** The harness's end of the load worker. */
export class LoadWorker implements AsyncDisposable {
  readonly #child: ChildProcess
  #ready = false
  #done = false
  #failure: string | null = null
  #count = 0
  #progress: Progress = {
    offered: 0,
    acked: 0,
    rejected: 0,
    indeterminate: 0,
    unsent: 0,
    pending: 0,
  }

  private constructor(child: ChildProcess) {
    this.#child = child
    child.on('message', (message: FromWorker) => this.#hear(message))
    child.on('error', (error) => (this.#failure ??= messageOf(error)))
    child.on('exit', (code, signal) => {
      if (!this.#done) this.#failure ??= `it ended (${signal ?? `exit ${code}`}) before it was done`
    })
  }

  static async start(
    message: Extract<ToWorker, { type: 'prepare' }>,
    env: {
      /** Told of the process as soon as it is there. */
      readonly started: (pid: number) => void
      /** Added to its environment. */
      readonly mark: Readonly<Record<string, string>>
      readonly signal: AbortSignal
    },
  ): Promise<LoadWorker> {
    const child = forkLogged(message.directory, env.mark)
    const worker = new LoadWorker(child)
    if (child.pid !== undefined) env.started(child.pid)
    worker.#tell(message)
    try {
      const what = 'the load worker to connect its producers'
      await worker.#wait(() => worker.#ready, { timeoutMs: 60_000, what, signal: env.signal })
    } catch (failure) {
      await worker[Symbol.asyncDispose]()
      throw failure
    }
    return worker
  }

  get progress(): Progress {
    return this.#progress
  }

  go(startMs: number, answerLimitMs: number): void {
    this.#tell({ type: 'go', startMs, answerLimitMs })
  }

  /** Nothing is scheduled from `atMs` on; the last answers may take so long, or as long as was planned. */
  endAt(atMs: RunMs, answerLimitMs?: number): void {
    this.#tell({ type: 'end', atMs, ...(answerLimitMs === undefined ? {} : { answerLimitMs }) })
  }

  /** Resolves when its columns are written, with the number of events that were scheduled. */
  async finished(timeoutMs: number, signal?: AbortSignal): Promise<number> {
    const what = 'the load worker to finish'
    await this.#wait(() => this.#done, { timeoutMs, what, ...(signal ? { signal } : {}) })
    return this.#count
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#done = true
    this.#child.kill('SIGKILL')
    await until(() => this.#child.exitCode !== null || this.#child.signalCode !== null, {
      timeoutMs: 10_000,
      what: 'the load worker to end',
    })
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        this.#ready = true
        return
      case 'progress':
        this.#progress = message.progress
        return
      case 'done':
        this.#progress = message.progress
        this.#count = message.count
        this.#done = true
        return
      case 'failed':
        this.#failure = message.message
    }
  }

  #tell(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message)
  }

  async #wait(condition: () => boolean, limits: UntilOptions): Promise<void> {
    await until(() => condition() || this.#failure !== null, limits)
    if (this.#failure !== null && !condition())
      throw new FreshetError('harness', `the load worker failed: ${this.#failure}`)
  }
}

function forkLogged(directory: string, mark: Readonly<Record<string, string>>): ChildProcess {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const log = openSync(join(directory, 'logs', 'load.log'), 'a')
  try {
    return fork(fileURLToPath(new URL(`./worker-main.${extension}`, import.meta.url)), {
      execArgv: [
        // Helper threads cost more than they save on so small a heap, and a pause ends when the last of them ran.
        '--single-threaded-gc',
        ...(extension === 'ts' ? ['--import', import.meta.resolve('tsx')] : []),
      ],
      detached: true,
      env: { ...process.env, ...mark },
      stdio: ['ignore', log, log, 'ipc'],
      serialization: 'advanced',
    })
  } finally {
    closeSync(log)
  }
}
