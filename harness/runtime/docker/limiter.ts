import { FreshetError } from '../../lib/errors.ts'
import { once } from '../once.ts'
import type { Heal, Limits } from '../runtime.ts'
import type { Container } from './engine.ts'

const PERIOD_US = 100_000
const NO_QUOTA = -1

/** A container's limits. Of limits that overlap in time the latest holds, and each heal takes off only its own. */
export class Limiter {
  readonly #container: Container
  readonly #whole: number
  readonly #inForce: Limits[] = []

  constructor(container: Container, wholeMemoryBytes: number) {
    this.#container = container
    this.#whole = wholeMemoryBytes
  }

  async limit(limits: Limits): Promise<Heal> {
    // A copy: its identity is what the heal takes off.
    const own = { ...limits }
    this.#inForce.push(own)
    const heal = once(async () => {
      const at = this.#inForce.indexOf(own)
      if (at >= 0) this.#inForce.splice(at, 1)
      await this.#apply()
    })
    try {
      await this.#apply()
    } catch (failure) {
      await heal().catch(() => undefined)
      throw failure
    }
    return heal
  }

  async #apply(): Promise<void> {
    const cpus = this.#inForce.findLast((one) => one.cpus !== undefined)?.cpus
    const memory =
      this.#inForce.findLast((one) => one.memoryBytes !== undefined)?.memoryBytes ?? this.#whole
    const quota = cpus === undefined ? NO_QUOTA : Math.round(cpus * PERIOD_US)
    await this.#container.update({
      CpuPeriod: PERIOD_US,
      CpuQuota: quota,
      // Both together: swap would take what memory may not.
      Memory: memory,
      MemorySwap: memory,
    })
    const { Name, HostConfig } = await this.#container.inspect()
    if (HostConfig.CpuQuota === quota && HostConfig.Memory === memory) return
    throw new FreshetError('harness', `the Docker Engine did not take the limits of ${Name}`)
  }
}
