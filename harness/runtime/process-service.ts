import { FreshetError } from '../lib/errors.ts'
import { until } from '../lib/until.ts'
import type { Journal } from './journal.ts'
import { once } from './once.ts'
import {
  familyOf,
  isAlive,
  signalFamily,
  signalGroup,
  signalProcess,
  usageOf,
  type ProcessStat,
} from './proc.ts'
import { launch, waitReady, type Exit, type ProcessInstance } from './process-instance.ts'
import { reap } from './reap.ts'
import type { Heal, Service, ServiceSpec } from './runtime.ts'

const EXIT_LIMIT_MS = 10_000
const STATE_LIMIT_MS = 5000
/** From the polite signal to the other one, at the end of a run. */
const GRACE_MS = 3000

type Usage = Awaited<ReturnType<Service['usage']>>

/** A service that lives in a process group of its own. */
export class ProcessService implements Service {
  readonly name: string
  readonly #spec: ServiceSpec
  readonly #logPath: string
  readonly #journal: Journal
  readonly #unexpected: Exit[] = []
  /** Instances that were told to end. */
  readonly #asked = new WeakSet<ProcessInstance>()
  #instance: ProcessInstance | undefined
  /** Instances that are known to be gone, so that the journal never takes a later process for one of them. */
  readonly #gone = new WeakSet<ProcessInstance>()
  readonly #pausesInForce = new WeakMap<ProcessInstance, number>()
  #killsInForce = 0
  #isDisposed = false
  #earlier = { cpuSeconds: 0, peakBytes: 0 }
  #current = { cpuSeconds: 0, peakBytes: 0 }

  constructor(spec: ServiceSpec, logPath: string, journal: Journal) {
    this.name = spec.name
    this.#spec = spec
    this.#logPath = logPath
    this.#journal = journal
  }

  /** Starts it and waits until it is ready; a half-started one is ended. */
  async up(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (this.#isDisposed) return
    if (this.#instance?.isRunning() !== true) this.#instance = await this.#launch()
    const instance = this.#instance
    try {
      await waitReady(this.#spec, instance, {
        logPath: this.#logPath,
        ...(signal === undefined ? {} : { signal }),
      })
    } catch (failure) {
      await this.#end(instance)
      // Disposed under way: nothing is to run, so nothing has failed.
      if (!this.#isDisposed) throw failure
    }
    if (this.#isDisposed) await this.#end(instance)
  }

  async pause(): Promise<Heal> {
    const instance = this.#running('paused')
    const inForce = (): number => this.#pausesInForce.get(instance) ?? 0
    this.#pausesInForce.set(instance, inForce() + 1)
    const heal = once(async () => {
      // One pause of several must not end the others.
      if (inForce() <= 1) await this.#resume(instance)
      this.#pausesInForce.set(instance, inForce() - 1)
    })
    try {
      signalFamily(instance, 'SIGSTOP')
      const stopped = (): boolean => {
        const family = familyOf(instance)
        return family.length > 0 && family.every(isStopped)
      }
      await until(stopped, {
        timeoutMs: STATE_LIMIT_MS,
        what: `${this.name} to be stopped`,
        everyMs: 5,
      })
    } catch (failure) {
      await heal()
      throw failure
    }
    return heal
  }

  async kill(signal: NodeJS.Signals): Promise<Heal> {
    this.#killsInForce += 1
    const heal = once(async () => {
      // While another kill is in force, it is that one's heal that starts the service.
      if (this.#killsInForce <= 1) await this.up()
      this.#killsInForce -= 1
    })
    const instance = this.#instance
    if (instance?.isRunning() !== true) return heal
    try {
      await this.#killInstance(instance, signal)
    } catch (failure) {
      // It may end now or never: only one that was ended and started again is known to run as before.
      await this.#end(instance)
      await heal()
      throw failure
    }
    return heal
  }

  endedItself(): boolean {
    const instance = this.#instance
    return instance?.isRunning() === false && !this.#asked.has(instance)
  }

  unexpectedExits(): readonly Exit[] {
    return this.#unexpected
  }

  usage(): Promise<Usage> {
    if (this.#instance?.isRunning() !== true) return Promise.resolve(null)
    this.#sample(this.#instance)
    return Promise.resolve(this.#total())
  }

  /** Idempotent. Rejects when something of it is still there. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    if (this.#instance !== undefined) await this.#end(this.#instance)
  }

  async #launch(): Promise<ProcessInstance> {
    const instance = await launch(this.#spec, this.#logPath, this.#journal)
    void instance.exited.then((exit) => {
      this.#earlier = this.#total()
      this.#current = { cpuSeconds: 0, peakBytes: 0 }
      if (!this.#asked.has(instance)) this.#unexpected.push(exit)
      if (familyOf(instance).length === 0) this.#setGone(instance)
    })
    return instance
  }

  async #killInstance(instance: ProcessInstance, signal: NodeJS.Signals): Promise<void> {
    this.#sample(instance)
    this.#ask(instance)
    const family = familyOf(instance)
    // Those outside the group get only what they cannot answer: the leader ends them its own way otherwise.
    if (signal === 'SIGKILL') signalFamily(instance, signal)
    else signalGroup(instance, signal)
    const isGone = (): boolean =>
      !instance.isRunning() && familyOf(instance).length === 0 && !family.some(isAlive)
    await until(isGone, {
      timeoutMs: this.#spec.exitTimeoutMs ?? EXIT_LIMIT_MS,
      what: `${this.name} to end after ${signal}`,
      everyMs: 5,
    })
    this.#setGone(instance)
  }

  async #resume(instance: ProcessInstance): Promise<void> {
    signalFamily(instance, 'SIGCONT')
    const runs = (): boolean => !familyOf(instance).some(isStopped)
    await until(runs, { timeoutMs: STATE_LIMIT_MS, what: `${this.name} to run again`, everyMs: 5 })
  }

  async #end(instance: ProcessInstance): Promise<void> {
    if (this.#gone.has(instance)) return
    if (instance.isRunning()) this.#sample(instance)
    this.#ask(instance)
    const family = familyOf(instance)
    const isGone = (): boolean => familyOf(instance).length === 0 && !family.some(isAlive)
    signalFamily(instance, 'SIGCONT')
    signalGroup(instance, 'SIGTERM')
    await until(isGone, { timeoutMs: GRACE_MS, what: `${this.name} to end`, everyMs: 10 }).catch(
      () => undefined,
    )
    for (const one of family) signalProcess(one, 'SIGKILL')
    const left = await reap([instance], EXIT_LIMIT_MS)
    if (left.length > 0)
      throw new FreshetError(
        'cleanup',
        `${this.name} (pid ${instance.pid}) is still there ${EXIT_LIMIT_MS} ms after SIGKILL`,
      )
    await instance.exited
    this.#setGone(instance)
  }

  #running(done: string): ProcessInstance {
    if (this.#instance?.isRunning() === true) return this.#instance
    throw new FreshetError('harness', `${this.name} cannot be ${done}: it is not running`)
  }

  /** One that died by itself a moment ago was not ended by us, even when Node has not told us yet. */
  #ask(instance: ProcessInstance): void {
    if (isAlive(instance)) this.#asked.add(instance)
  }

  #setGone(instance: ProcessInstance): void {
    if (this.#gone.has(instance)) return
    this.#gone.add(instance)
    this.#journal.gone(instance.pid)
  }

  /** Never less than before: a child that nobody waited for takes its CPU time with it. */
  #sample(instance: ProcessInstance): void {
    const now = usageOf(instance)
    this.#current = {
      cpuSeconds: Math.max(this.#current.cpuSeconds, now.cpuSeconds),
      peakBytes: Math.max(this.#current.peakBytes, now.peakBytes),
    }
  }

  #total(): { readonly cpuSeconds: number; readonly peakBytes: number } {
    return {
      cpuSeconds: this.#earlier.cpuSeconds + this.#current.cpuSeconds,
      peakBytes: Math.max(this.#earlier.peakBytes, this.#current.peakBytes),
    }
  }
}

function isStopped(stat: ProcessStat): boolean {
  return stat.state === 'T' || stat.state === 't'
}
