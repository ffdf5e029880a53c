import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Scope } from '../lib/scope.ts'
import { deathsOf } from './deaths.ts'
import { freePorts } from './free-ports.ts'
import type { Journal } from './journal.ts'
import { describeExit } from './process-instance.ts'
import { ProcessService } from './process-service.ts'
import type { Link, LinkSpec, Runtime, RuntimeDoubt, Service, ServiceSpec } from './runtime.ts'
import { ToxiproxyClient } from './toxiproxy.ts'
import { openLink } from './toxiproxy-link.ts'
import { ToxiproxyServer } from './toxiproxy-server.ts'

const TOXIPROXY_READY_LIMIT_MS = 10_000

export interface ProcessRuntimeOptions {
  /** The run's folder; logs go to `logs/<name>.log` below it. */
  readonly directory: string
  readonly journal: Journal
  /** The `toxiproxy-server` program, 2.12; started with the first link. */
  readonly toxiproxyPath: string
  /** Leaves what the services stored in the run directory; by default it goes with the runtime. */
  readonly keepData?: boolean
  /** Ends waits of the runtime's own; undos go on regardless. */
  readonly signal: AbortSignal
}

/** Services are child processes of the harness, links are proxies of one Toxiproxy server. */
export function processRuntime(options: ProcessRuntimeOptions): Promise<Runtime> {
  options.signal.throwIfAborted()
  return Promise.resolve(new ProcessRuntime(options))
}

class ProcessRuntime implements Runtime {
  readonly kind = 'process'
  readonly capabilities = new Set(['link', 'pause', 'kill'] as const)
  readonly directory: string
  readonly dataDirectory: string
  readonly freePorts = freePorts
  readonly #options: ProcessRuntimeOptions
  readonly #scope = new Scope()
  readonly #doubts: RuntimeDoubt[] = []
  /** All that were started, whatever became of them. */
  readonly #services: Service[] = []
  #toxiproxyService: Service | undefined
  #toxiproxy: Promise<ToxiproxyServer> | undefined

  constructor(options: ProcessRuntimeOptions) {
    this.#options = options
    this.directory = options.directory
    this.dataDirectory = join(options.directory, 'data')
    if (options.keepData !== true)
      this.#scope.defer(() => rm(this.dataDirectory, { recursive: true, force: true }))
  }

  async start(spec: ServiceSpec, signal: AbortSignal): Promise<Service> {
    const service = this.#scope.use(this.#service(spec))
    this.#services.push(service)
    await service.up(AbortSignal.any([signal, this.#options.signal]))
    return service
  }

  async link(spec: LinkSpec, signal: AbortSignal): Promise<Link> {
    signal.throwIfAborted()
    this.#toxiproxy ??= this.#startToxiproxy()
    return openLink(await this.#toxiproxy, spec)
  }

  doubts(): readonly RuntimeDoubt[] {
    const exits = this.#toxiproxyService?.unexpectedExits() ?? []
    const ended = exits.map((exit): RuntimeDoubt => ({
      code: 'heal-unconfirmed',
      detail: `Toxiproxy ended by itself (${describeExit(exit)})`,
    }))
    return [...this.#doubts, ...ended, ...this.#services.flatMap(deathsOf)]
  }

  /** Last started, first ended. Links go with their server. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scope[Symbol.asyncDispose]()
  }

  async #startToxiproxy(): Promise<ToxiproxyServer> {
    const [port = 0] = await freePorts(1)
    const client = new ToxiproxyClient(port)
    const service = this.#service({
      name: 'toxiproxy',
      command: [
        this.#options.toxiproxyPath,
        '-host',
        '127.0.0.1',
        '-port',
        String(port),
        '-proxy-metrics',
      ],
      ready: () => client.isUp(),
      readyTimeoutMs: TOXIPROXY_READY_LIMIT_MS,
    })
    this.#toxiproxyService = service
    const remade = (detail: string): void =>
      void this.#doubts.push({ code: 'heal-unconfirmed', detail })
    const server = new ToxiproxyServer(client, service, remade)
    this.#scope.defer(() => server.dispose())
    await service.up(this.#options.signal)
    return server
  }

  #service(spec: ServiceSpec): ProcessService {
    const logPath = join(this.directory, 'logs', `${spec.name.replaceAll('/', '_')}.log`)
    return new ProcessService(spec, logPath, this.#options.journal)
  }
}
