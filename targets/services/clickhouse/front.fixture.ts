import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../../../harness/runtime/free-ports.ts'
import { until } from '../../../harness/lib/until.ts'
import { clickhouseService } from './clickhouse.ts'

/** A front of its own for a test file, as the runtime would start it. */
export class TestFront implements AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly #directory: string
  readonly #args: readonly string[]
  #process: ChildProcess

  private constructor(port: number, directory: string, args: readonly string[]) {
    this.port = port
    this.url = `http://127.0.0.1:${port}`
    this.#directory = directory
    this.#args = args
    this.#process = this.#spawn()
  }

  static async start(...args: string[]): Promise<TestFront> {
    const directory = await mkdtemp(join(tmpdir(), 'freshet-clickhouse-'))
    const [port = 0] = await freePorts(1)
    const front = new TestFront(port, directory, args)
    await front.#ready()
    return front
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  /** Resolves with the exit code once it is gone; null when a signal ended it. */
  async stop(signal: NodeJS.Signals): Promise<number | null> {
    const process = this.#process
    if (process.exitCode !== null || process.signalCode !== null) return process.exitCode
    const ended = once(process, 'exit')
    process.kill(signal)
    await ended
    return process.exitCode
  }

  /** On the same directory and port. */
  async startAgain(): Promise<void> {
    this.#process = this.#spawn()
    await this.#ready()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGTERM')
    await rm(this.#directory, { recursive: true, force: true })
  }

  #spec(): ReturnType<typeof clickhouseService> {
    const dataDirectory = join(this.#directory, 'data')
    return clickhouseService({ name: 'clickhouse', port: this.port, dataDirectory })
  }

  #spawn(): ChildProcess {
    const { command, env } = this.#spec()
    const [program, ...args] = [...command, ...this.#args]
    return spawn(program, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...env },
    })
  }

  async #ready(): Promise<void> {
    const { ready, readyTimeoutMs } = this.#spec()
    await until(ready ?? (() => true), { timeoutMs: readyTimeoutMs, what: 'the front to answer' })
  }
}
