import { fork, type ChildProcess } from 'node:child_process'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FreshetError } from '../lib/errors.ts'
import { until } from '../lib/until.ts'
import type { Progress } from './generator.ts'
import type { FromWorker, ToWorker } from './worker-protocol.ts'

/** The harness's end of the load worker. */
export class LoadWorker implements AsyncDisposable {
  readonly #child: ChildProcess
  #ready = false
  #done = false
  #failure: string | null = null
  #scheduled = false
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
    child.on('exit', (code, signal) => {
      if (!this.#done) this.#failure ??= `it ended (${signal ?? `exit ${code}`}) before it was done`
    })
  }

  static async start(
    message: Extract<ToWorker, { type: 'prepare' }>,
    journal: (pid: number) => void,
  ): Promise<LoadWorker> {
    const log = openSync(join(message.directory, 'logs', 'load.log'), 'a')
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const child = fork(fileURLToPath(new URL(`./worker-main.${extension}`, import.meta.url)), {
      execArgv: [
        // Helper threads cost more than they save on so small a heap, and a pause ends when the last of them ran.
        '--single-threaded-gc',
        ...(extension === 'ts' ? ['--import', import.meta.resolve('tsx')] : []),
      ],
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      serialization: 'advanced',
    })
    const worker = new LoadWorker(child)
    if (child.pid !== undefined) journal(child.pid)
    worker.#tell(message)
    await worker.#wait(() => worker.#ready, 60_000, 'the load worker to connect its producers')
    return worker
  }

  get progress(): Progress {
    return this.#progress
  }

  /** True once every event has come due. */
  get scheduled(): boolean {
    return this.#scheduled
  }

  get failure(): string | null {
    return this.#failure
  }

  go(startMs: number, answerLimitMs: number): void {
    this.#tell({ type: 'go', startMs, answerLimitMs })
  }

  stop(): void {
    this.#tell({ type: 'stop' })
  }

  async finished(timeoutMs: number): Promise<void> {
    await this.#wait(() => this.#done, timeoutMs, 'the load worker to finish')
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
      case 'scheduled':
        this.#scheduled = true
        return
      case 'done':
        this.#progress = message.progress
        this.#done = true
        return
      case 'failed':
        this.#failure = message.message
    }
  }

  #tell(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message)
  }

  async #wait(condition: () => boolean, timeoutMs: number, what: string): Promise<void> {
    await until(() => condition() || this.#failure !== null, { timeoutMs, what })
    if (this.#failure !== null && !condition())
      throw new FreshetError('harness', `the load worker failed: ${this.#failure}`)
  }
}
