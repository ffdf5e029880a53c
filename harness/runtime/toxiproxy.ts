import * as z from 'zod'
import { FreshetError, messageOf } from '../lib/errors.ts'
import type { Endpoint, Toxic } from './runtime.ts'

const CALL_LIMIT_MS = 5000
const toxicsSchema = z.array(z.object({ name: z.string() }))
const proxySchema = z.object({ enabled: z.boolean() })

export interface ProxySpec {
  readonly name: string
  readonly listen: Endpoint
  readonly upstream: Endpoint
}

/** Toxiproxy's HTTP API. Every call has a limit, and the server's own words are in the error. */
export class ToxiproxyClient {
  readonly #base: string
  constructor(port: number) {
    this.#base = `http://127.0.0.1:${port}`
  }

  async isUp(): Promise<boolean> {
    await this.#call('GET', '/version')
    return true
  }

  async createProxy(spec: ProxySpec): Promise<void> {
    const body = {
      name: spec.name,
      listen: address(spec.listen),
      upstream: address(spec.upstream),
      enabled: true,
    }
    await this.#call('POST', '/proxies', body)
  }

  async removeProxy(name: string): Promise<void> {
    await this.#call('DELETE', `/proxies/${name}`, undefined, true)
  }

  async setEnabled(name: string, enabled: boolean): Promise<void> {
    await this.#call('PATCH', `/proxies/${name}`, { enabled })
  }

  async isEnabled(name: string): Promise<boolean> {
    return proxySchema.parse(JSON.parse(await this.#call('GET', `/proxies/${name}`))).enabled
  }

  async addToxic(proxy: string, name: string, toxic: Toxic): Promise<void> {
    await this.#call('POST', `/proxies/${proxy}/toxics`, { name, toxicity: 1, ...toxic })
  }

  /** Also resolves when there is no such toxic. */
  async removeToxic(proxy: string, name: string): Promise<void> {
    // A test seam: a real wedge needs a loaded Kafka behind the proxy.
    if (process.env['FRESHET_TEST_WEDGE_TOXICS'] === '1') {
      throw new FreshetError(
        'timeout',
        `Toxiproxy: DELETE of toxic ${name} timed out (FRESHET_TEST_WEDGE_TOXICS)`,
      )
    }
    await this.#call('DELETE', `/proxies/${proxy}/toxics/${name}`, undefined, true)
  }

  async toxics(proxy: string): Promise<readonly string[]> {
    const text = await this.#call('GET', `/proxies/${proxy}/toxics`)
    return toxicsSchema.parse(JSON.parse(text)).map((toxic) => toxic.name)
  }

  /** Bytes by proxy in both directions. Toxiproxy 2.12 adds a connection's bytes only when it closes. */
  async receivedBytes(): Promise<ReadonlyMap<string, number>> {
    return parseReceivedBytes(await this.#call('GET', '/metrics'))
  }

  async #call(method: string, path: string, body?: object, missingIsFine = false): Promise<string> {
    const what = `Toxiproxy: ${method} ${path}`
    const signal = AbortSignal.timeout(CALL_LIMIT_MS)
    const payload = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await fetch(this.#base + path, { method, signal, ...payload })
      .then(async (response) => ({
        ok: response.ok,
        status: response.status,
        text: await response.text(),
      }))
      .catch((cause: unknown) => {
        const code = signal.aborted ? 'timeout' : 'harness'
        throw new FreshetError(
          code,
          `${what} failed (limit ${CALL_LIMIT_MS} ms): ${reasonOf(cause)}`,
          { cause },
        )
      })
    if (answer.ok || (missingIsFine && answer.status === 404)) return answer.text
    throw new FreshetError('harness', `${what} answered ${answer.status}: ${answer.text.trim()}`)
  }
}

/** Received only: what is received is then sent, and would count twice. */
export function parseReceivedBytes(metrics: string): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>()
  for (const line of metrics.split('\n')) {
    const match = /^toxiproxy_proxy_received_bytes_total\{.*\bproxy="([^"]+)".*\} (\S+)$/.exec(line)
    const proxy = match?.[1]
    if (proxy !== undefined) bytes.set(proxy, (bytes.get(proxy) ?? 0) + Number(match?.[2]))
  }
  return bytes
}

/** fetch only says "fetch failed"; what happened is one level down. */
function reasonOf(failure: unknown): string {
  return messageOf(
    failure instanceof Error && failure.cause !== undefined ? failure.cause : failure,
  )
}

function address(endpoint: Endpoint): string {
  return `${endpoint.host}:${endpoint.port}`
}
