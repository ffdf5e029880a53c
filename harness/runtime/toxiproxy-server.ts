import { messageOf } from '../lib/errors.ts'
import { within } from '../lib/until.ts'
import type { Service } from './runtime.ts'
import type { ProxySpec, ToxiproxyClient } from './toxiproxy.ts'

const LAST_COUNT_LIMIT_MS = 1000

/** The run's one Toxiproxy server and what must be on it: so that it can be made anew when its API hangs. */
export class ToxiproxyServer {
  readonly client: ToxiproxyClient
  readonly #service: Service
  readonly #onRemade: (detail: string) => void
  readonly #proxies = new Map<string, ProxySpec>()
  /** What each proxy had counted before the server was last made anew. */
  readonly #countedBefore = new Map<string, number>()
  #generation = 0
  #remaking: Promise<void> = Promise.resolve()
  #isDisposed = false

  constructor(client: ToxiproxyClient, service: Service, onRemade: (detail: string) => void) {
    this.client = client
    this.#service = service
    this.#onRemade = onRemade
  }

  async add(spec: ProxySpec): Promise<void> {
    await this.client.createProxy(spec)
    this.#proxies.set(spec.name, spec)
  }

  async remove(name: string): Promise<void> {
    this.#proxies.delete(name)
    await this.undo(`proxy ${name}`, () => this.client.removeProxy(name))
  }

  /** Runs the undo; when it fails, makes the server anew with every proxy open and free of toxics, which undoes everything. */
  async undo(what: string, work: () => Promise<void>): Promise<void> {
    if (this.#isDisposed) return
    const generation = this.#generation
    try {
      await work()
    } catch (failure) {
      await this.#remake(generation, `${what}: ${messageOf(failure)}`)
    }
  }

  async bytesOf(proxies: readonly string[]): Promise<number> {
    const now = await this.client.receivedBytes()
    return proxies.reduce(
      (sum, name) => sum + (this.#countedBefore.get(name) ?? 0) + (now.get(name) ?? 0),
      0,
    )
  }

  /** From here on every undo is done already: the server goes. */
  async dispose(): Promise<void> {
    this.#isDisposed = true
    await this.#remaking.catch(() => undefined)
    await this.#service[Symbol.asyncDispose]()
  }

  async #remake(generation: number, reason: string): Promise<void> {
    const turn = this.#remaking
      .catch(() => undefined)
      .then(async () => {
        // Another undo hung at the same time and has had the server made anew already.
        if (this.#isDisposed || generation !== this.#generation) return
        await this.#restart()
        this.#generation += 1
        const others = 'other faults on links that were in force then ended with it'
        this.#onRemade(
          `Toxiproxy was killed and made anew, since an undo failed (${reason}); ${others}`,
        )
      })
    this.#remaking = turn
    await turn
  }

  async #restart(): Promise<void> {
    await within(this.client.receivedBytes(), LAST_COUNT_LIMIT_MS, 'the last count')
      .then((counts) => this.#keep(counts))
      .catch(() => undefined)
    const startAgain = await this.#service.kill?.('SIGKILL')
    await startAgain?.()
    for (const spec of this.#proxies.values()) await this.client.createProxy(spec)
  }

  #keep(counts: ReadonlyMap<string, number>): void {
    for (const [name, bytes] of counts)
      this.#countedBefore.set(name, (this.#countedBefore.get(name) ?? 0) + bytes)
  }
}
