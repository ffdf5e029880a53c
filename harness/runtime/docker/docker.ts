import { join, resolve } from 'node:path'
import { Scope } from '../../lib/scope.ts'
import { freePorts } from '../free-ports.ts'
import { liveBytes } from '../live-bytes.ts'
import { describeExit } from '../process-instance.ts'
import type {
  Capability,
  Endpoint,
  Link,
  LinkSpec,
  Runtime,
  RuntimeDoubt,
  Service,
  ServiceSpec,
} from '../runtime.ts'
import { openLink } from '../toxiproxy-link.ts'
import { ToxiproxyServer } from '../toxiproxy-server.ts'
import { ToxiproxyClient } from '../toxiproxy.ts'
import { containerAlias, linkAlias } from './alias.ts'
import type { ContainerService } from './container-service.ts'
import { deathsOf } from '../deaths.ts'
import { connectEngine } from './engine.ts'
import { explain } from './explain.ts'
import { startDockerGuardian } from './guardian.ts'
import type { ImageOverrides } from './images.ts'
import { runLabels } from './labels.ts'
import { makeService, nameInEngine, type RunSite } from './make-service.ts'
import { sweepRun } from './sweep.ts'

const TOXIPROXY_READY_LIMIT_MS = 10_000
const SWEEP_LIMIT_MS = 20_000

export interface DockerRuntimeOptions {
  /** The run's folder; logs go to `logs/<name>.log` below it. */
  readonly directory: string
  /** On the labels of everything; also names the network. */
  readonly runId: string
  /** Images instead of the default ones. */
  readonly images?: ImageOverrides
  /** Ends waits of the runtime's own; undos go on regardless. */
  readonly signal: AbortSignal
}

/** Services are containers on one network of the run's own; each link is a Toxiproxy of its own on it. */
export async function dockerRuntime(options: DockerRuntimeOptions): Promise<Runtime> {
  const { runId, signal } = options
  signal.throwIfAborted()
  const engine = await connectEngine(options.images)
  const scope = new Scope()
  const labels = runLabels(runId)
  const directory = resolve(options.directory)
  try {
    scope.use(startDockerGuardian(options))
    // Whatever is not undone one by one, a container that came while its start failed for instance.
    scope.defer(
      async () => void (await sweepRun(engine.docker, runId, { timeoutMs: SWEEP_LIMIT_MS })),
    )
    const network = await engine.docker
      .createNetwork({ Name: nameInEngine(runId), Labels: { ...labels } })
      .catch((failure: unknown) => {
        throw explain('the network of the run could not be made', failure)
      })
    return new DockerRuntime({ engine, runId, directory, labels, network }, scope, signal)
  } catch (failure) {
    await scope[Symbol.asyncDispose]()
    throw failure
  }
}

class DockerRuntime implements Runtime {
  readonly kind = 'docker'
  readonly capabilities: ReadonlySet<Capability>
  readonly directory: string
  readonly dataDirectory: string
  readonly freePorts = freePorts
  readonly #site: RunSite
  readonly #scope: Scope
  readonly #signal: AbortSignal
  readonly #doubts: RuntimeDoubt[] = []
  readonly #proxies: Service[] = []
  readonly #services: Service[] = []

  constructor(site: RunSite, scope: Scope, signal: AbortSignal) {
    this.#site = site
    this.#scope = scope
    this.#signal = signal
    this.directory = site.directory
    this.dataDirectory = join(site.directory, 'data')
    const all = ['link', 'pause', 'kill', 'disconnect'] as const
    this.capabilities = new Set(site.engine.canLimit ? [...all, 'limit'] : all)
  }

  async start(spec: ServiceSpec, signal: AbortSignal): Promise<Service> {
    const service = await this.#start(spec, containerAlias(spec.name), signal)
    this.#services.push(service)
    return service
  }

  /** Its Toxiproxy is there for it alone: the ports that it publishes are known, and when it hangs, no other link does. */
  async link(spec: LinkSpec, signal: AbortSignal): Promise<Link> {
    const alias = linkAlias(spec.name)
    const [port = 0] = await freePorts(1)
    const client = new ToxiproxyClient(port)
    const toxiproxy: ServiceSpec = {
      name: alias,
      command: ['toxiproxy-server'],
      container: {
        image: 'toxiproxy',
        command: ['-host', '0.0.0.0', '-port', String(port), '-proxy-metrics'],
      },
      ports: [port, ...spec.listenPorts],
      ready: () => client.isUp(),
      readyTimeoutMs: TOXIPROXY_READY_LIMIT_MS,
    }
    const service = await this.#start(toxiproxy, alias, signal)
    this.#proxies.push(service)
    const server = new ToxiproxyServer(client, service, (detail) =>
      this.#doubts.push({ code: 'heal-unconfirmed', detail }),
    )
    this.#scope.defer(() => server.dispose())
    return openLink(server, spec, {
      bind: '0.0.0.0',
      dial: spec.clients === 'harness' ? '127.0.0.1' : alias,
      liveBytes: (listen) => liveBytesOf(service, listen),
    })
  }

  doubts(): readonly RuntimeDoubt[] {
    const ended = this.#proxies.flatMap((proxy) =>
      proxy.unexpectedExits().map((exit): RuntimeDoubt => ({
        code: 'heal-unconfirmed',
        detail: `Toxiproxy of ${proxy.name} ended by itself (${describeExit(exit)})`,
      })),
    )
    return [...this.#doubts, ...ended, ...this.#services.flatMap(deathsOf)]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scope[Symbol.asyncDispose]()
  }

  async #start(spec: ServiceSpec, alias: string, signal: AbortSignal): Promise<ContainerService> {
    const both = AbortSignal.any([signal, this.#signal])
    both.throwIfAborted()
    const service = this.#scope.use(await makeService(spec, alias, this.#site))
    await service.up(both)
    return service
  }
}

/** To look into a container's network takes root. Without, a connection counts when it closes: less than the truth, never more. */
async function liveBytesOf(
  service: ContainerService,
  listen: readonly Endpoint[],
): Promise<number> {
  const pid = service.hostPid()
  return pid === null || process.getuid?.() !== 0 ? 0 : liveBytes(listen, pid)
}
