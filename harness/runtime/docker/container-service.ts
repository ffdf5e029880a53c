import { FreshetError } from '../../lib/errors.ts'
import { until, within } from '../../lib/until.ts'
import { usageOf } from '../proc.ts'
import { waitReady, type Exit } from '../process-instance.ts'
import type { Heal, Limits, Service, ServiceSpec, Usage } from '../runtime.ts'
import { startLife, type ContainerLife } from './container-life.ts'
import { statusOf, type Container, type Engine, type Network } from './engine.ts'
import { explain } from './explain.ts'
import { Limiter } from './limiter.ts'
import { Meter } from './meter.ts'
import { networkBytesOf } from './network-bytes.ts'
import { Overlap } from './overlap.ts'

const EXIT_LIMIT_MS = 10_000
const STATE_LIMIT_MS = 5000
const REMOVE_LIMIT_MS = 20_000

export interface ContainerParts {
  readonly spec: ServiceSpec
  readonly engine: Engine
  readonly container: Container
  readonly network: Network
  readonly alias: string
  readonly logPath: string
}

/** A service that lives in a container of its own; killed and started, it stays the same container. */
export class ContainerService implements Service {
  readonly name: string
  readonly limit: (limits: Limits) => Promise<Heal>
  readonly #parts: ContainerParts
  readonly #unexpected: Exit[] = []
  /** Lives that were told to end. */
  readonly #asked = new WeakSet<ContainerLife>()
  readonly #meter = new Meter()
  readonly #pauses = new Overlap()
  readonly #kills = new Overlap()
  readonly #disconnects = new Overlap()
  #life: ContainerLife | undefined
  #isDisposed = false

  constructor(parts: ContainerParts) {
    this.name = parts.spec.name
    this.#parts = parts
    const limiter = new Limiter(parts.container, parts.engine.memoryBytes)
    this.limit = async (limits) => {
      const heal = await limiter.limit(limits)
      return () => (this.#isDisposed ? Promise.resolve() : heal())
    }
  }

  /** Starts it and waits until it is ready; a half-started one is ended. */
  async up(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (this.#isDisposed) return
    const { spec, logPath } = this.#parts
    if (this.#life?.isRunning() !== true) this.#life = await this.#start()
    try {
      await waitReady(spec, this.#life, { logPath, ...(signal === undefined ? {} : { signal }) })
    } catch (failure) {
      // Removed under way: nothing is to run, so nothing has failed.
      if (this.#isDisposed) return
      await this.#end(this.#life, 'SIGKILL')
      throw failure
    }
  }

  async pause(): Promise<Heal> {
    const { container } = this.#parts
    if (this.#life?.isRunning() !== true)
      throw new FreshetError('harness', `${this.name} cannot be paused: it is not running`)
    const pause = async (): Promise<void> => {
      if (!(await this.#state()).Paused) await container.pause()
      await this.#until('be stopped', async () => (await this.#state()).Paused)
    }
    return this.#pauses.enter(pause, async () => {
      // Whoever ended meanwhile is not paused any more.
      if (this.#isDisposed || !(await this.#state()).Paused) return
      await container.unpause()
      await this.#until('run again', async () => !(await this.#state()).Paused)
    })
  }

  kill(signal: NodeJS.Signals): Promise<Heal> {
    const kill = async (): Promise<void> => {
      const life = this.#life
      if (life?.isRunning() !== true) return
      await this.#end(life, signal).catch(async (failure: unknown) => {
        // It may end now or never: only one that was ended and started again is known to run as before.
        await this.#end(life, 'SIGKILL')
        throw failure
      })
    }
    return this.#kills.enter(kill, () => this.up())
  }

  async disconnect(): Promise<Heal> {
    const { container, network, alias } = this.#parts
    const leave = async (): Promise<void> => {
      if (await this.#isConnected())
        await network.disconnect({ Container: container.id, Force: true })
      await this.#until('leave its network', async () => !(await this.#isConnected()))
    }
    return this.#disconnects.enter(leave, async () => {
      if (this.#isDisposed || (await this.#isConnected())) return
      const EndpointConfig = { Aliases: [alias] }
      await network.connect({ Container: container.id, EndpointConfig })
      await this.#until('join its network', () => this.#isConnected())
    })
  }

  endedItself(): boolean {
    return this.#life?.isRunning() === false && !this.#asked.has(this.#life)
  }

  unexpectedExits(): readonly Exit[] {
    return this.#unexpected
  }

  usage(): Promise<Usage | null> {
    const life = this.#life
    // Not in our view of the machine: nothing is known, which is not the same as nothing used.
    if (life?.isRunning() !== true || life.startTime === 0) return Promise.resolve(null)
    this.#sample(life)
    return Promise.resolve(this.#meter.total())
  }

  /** Its process as the host sees it; null when it is not running, or out of our sight. */
  hostPid(): number | null {
    return this.#life?.isRunning() === true && this.#life.startTime > 0 ? this.#life.pid : null
  }

  /** Idempotent. Rejects when it is still there. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    const { container, spec } = this.#parts
    if (this.#life !== undefined) this.#ask(this.#life)
    // A container leaves nothing outside of itself, so there is nothing to be polite about.
    const isGone = (): Promise<boolean> =>
      container.remove({ force: true, v: true }).then(
        () => true,
        (failure: unknown) => {
          if (statusOf(failure) === 404) return true
          throw failure
        },
      )
    const what = `the container of ${spec.name} to go`
    await until(isGone, { timeoutMs: REMOVE_LIMIT_MS, what, everyMs: 100 })
    await this.#life?.exited
  }

  async #start(): Promise<ContainerLife> {
    const { engine, container, logPath } = this.#parts
    // Its last words come before the first ones of the next life.
    await this.#life?.exited
    const life = await startLife(engine.docker, container, logPath).catch((failure: unknown) => {
      throw explain(`${this.name} could not be started`, failure)
    })
    void life.ended.then((exit) => {
      this.#meter.ended()
      if (!this.#asked.has(life) && !this.#isDisposed) this.#unexpected.push(exit)
    })
    return life
  }

  async #end(life: ContainerLife, signal: NodeJS.Signals): Promise<void> {
    this.#sample(life)
    this.#ask(life)
    await this.#parts.container.kill({ signal }).catch((failure: unknown) => {
      // It ended by itself a moment ago.
      if (statusOf(failure) !== 409) throw failure
    })
    const limitMs = this.#parts.spec.exitTimeoutMs ?? EXIT_LIMIT_MS
    await within(life.ended, limitMs, `the end of ${this.name} after ${signal}`)
  }

  /** One that died by itself a moment ago was not ended by us. */
  #ask(life: ContainerLife): void {
    if (life.isRunning()) this.#asked.add(life)
  }

  #sample(life: ContainerLife): void {
    if (life.startTime === 0 || !life.isRunning()) return
    const { cpuSeconds, peakBytes } = usageOf(life)
    this.#meter.cpuAndMemory(cpuSeconds, peakBytes)
    const bytes = networkBytesOf(life.pid)
    if (bytes !== null) this.#meter.network(bytes.received, bytes.sent)
  }

  async #state(): Promise<{ readonly Paused: boolean }> {
    return (await this.#parts.container.inspect()).State
  }

  async #isConnected(): Promise<boolean> {
    const { NetworkSettings } = await this.#parts.container.inspect()
    const ids = Object.values(NetworkSettings.Networks).map(({ NetworkID }) => NetworkID)
    return ids.includes(this.#parts.network.id)
  }

  #until(what: string, holds: () => Promise<boolean>): Promise<void> {
    return until(holds, {
      timeoutMs: STATE_LIMIT_MS,
      what: `${this.name} to ${what}`,
      everyMs: 10,
    })
  }
}
