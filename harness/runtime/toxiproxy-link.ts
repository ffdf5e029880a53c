import { FreshetError } from '../lib/errors.ts'
import { until } from '../lib/until.ts'
import { liveBytes } from './live-bytes.ts'
import { once } from './once.ts'
import type { Endpoint, Heal, Link, LinkSpec, Toxic, Traffic } from './runtime.ts'
import type { ToxiproxyClient } from './toxiproxy.ts'
import type { ToxiproxyServer } from './toxiproxy-server.ts'

const CONFIRM_LIMIT_MS = 5000

/** Where the server stands. */
export interface LinkPlace {
  /** What its proxies bind, and the host by which their clients reach them. */
  readonly bind: string
  readonly dial: string
  /** Bytes that the connections open now have carried. */
  liveBytes(listen: readonly Endpoint[]): Promise<number>
}
const HERE: LinkPlace = { bind: '127.0.0.1', dial: '127.0.0.1', liveBytes }

/** Makes the link's proxies; none is left when one cannot be made. */
export async function openLink(
  server: ToxiproxyServer,
  spec: LinkSpec,
  place: LinkPlace = HERE,
): Promise<Link> {
  if (spec.upstreams.length !== spec.listenPorts.length) {
    throw new FreshetError(
      'harness',
      `link ${spec.name}: ${spec.upstreams.length} upstreams but ${spec.listenPorts.length} ports`,
    )
  }
  const listen = spec.listenPorts.map((port) => ({ host: place.dial, port }))
  const link = new ToxiproxyLink(server, { name: spec.name, listen, place })
  try {
    for (const [index, upstream] of spec.upstreams.entries()) {
      const port = spec.listenPorts[index]
      if (port !== undefined)
        await server.add({
          name: `${spec.name}.${index}`,
          listen: { host: place.bind, port },
          upstream,
        })
    }
  } catch (failure) {
    await link[Symbol.asyncDispose]()
    throw failure
  }
  return link
}

class ToxiproxyLink implements Link {
  readonly name: string
  readonly listen: readonly Endpoint[]
  readonly #server: ToxiproxyServer
  readonly #place: LinkPlace
  readonly #proxies: readonly string[]
  #toxicsMade = 0
  #cutsInForce = 0
  readonly #close: Heal

  constructor(
    server: ToxiproxyServer,
    {
      name,
      listen,
      place,
    }: {
      readonly name: string
      readonly listen: readonly Endpoint[]
      readonly place: LinkPlace
    },
  ) {
    this.name = name
    this.#place = place
    this.listen = listen
    this.#server = server
    this.#proxies = listen.map((_, index) => `${name}.${index}`)
    this.#close = once(() => this.#each((proxy) => this.#server.remove(proxy)))
  }

  async poison(toxic: Toxic): Promise<Heal> {
    this.#toxicsMade += 1
    const name = `${toxic.type}-${toxic.stream}-${this.#toxicsMade}`
    const client = this.#server.client
    const heal = this.#healOf(`toxic ${name} of link ${this.name}`, async () => {
      await this.#each((proxy) => client.removeToxic(proxy, name))
      await this.#confirm(
        `no longer list toxic ${name}`,
        async (proxy) => !(await client.toxics(proxy)).includes(name),
      )
    })
    return this.#inForce(heal, async () => {
      await this.#each((proxy) => client.addToxic(proxy, name, toxic))
      await this.#confirm(`list toxic ${name}`, async (proxy) =>
        (await client.toxics(proxy)).includes(name),
      )
    })
  }

  async cut(): Promise<Heal> {
    this.#cutsInForce += 1
    const heal = this.#healOf(`cut of link ${this.name}`, async () => {
      // One cut of several must not end the others.
      if (this.#cutsInForce > 1) return void (this.#cutsInForce -= 1)
      await this.#setEnabled(true)
      this.#cutsInForce = 0
    })
    return this.#inForce(heal, () => this.#setEnabled(false))
  }

  async traffic(): Promise<Traffic> {
    const [closed, open] = await Promise.all([
      this.#server.bytesOf(this.#proxies),
      this.#place.liveBytes(this.listen),
    ])
    return { bytes: closed + open }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
  }

  async #setEnabled(enabled: boolean): Promise<void> {
    const client: ToxiproxyClient = this.#server.client
    await this.#each((proxy) => client.setEnabled(proxy, enabled))
    await this.#confirm(
      `be ${enabled ? 'enabled' : 'disabled'}`,
      async (proxy) => (await client.isEnabled(proxy)) === enabled,
    )
  }

  #healOf(what: string, undo: () => Promise<void>): Heal {
    return once(() => this.#server.undo(what, undo))
  }

  /** What came only half into force is undone. */
  async #inForce(heal: Heal, work: () => Promise<void>): Promise<Heal> {
    try {
      await work()
    } catch (failure) {
      await heal()
      throw failure
    }
    return heal
  }

  /** At once on all proxies, so that a fault begins and ends on all together. */
  async #each(work: (proxy: string) => Promise<void>): Promise<void> {
    const results = await Promise.allSettled(this.#proxies.map(work))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  async #confirm(what: string, holds: (proxy: string) => Promise<boolean>): Promise<void> {
    const allHold = async (): Promise<boolean> =>
      (await Promise.all(this.#proxies.map(holds))).every(Boolean)
    await until(allHold, {
      timeoutMs: CONFIRM_LIMIT_MS,
      what: `link ${this.name} to ${what}`,
      everyMs: 20,
    })
  }
}
