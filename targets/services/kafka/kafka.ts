import { FreshetError } from '../../../harness/lib/errors.ts'
import { Scope } from '../../../harness/lib/scope.ts'
import { until } from '../../../harness/lib/until.ts'
import type { Endpoint, Link, Runtime, Service } from '../../../harness/runtime/runtime.ts'
import { KAFKA_VERSION } from '../../../harness/setup/paths.ts'
import { endAll } from '../end-all.ts'
import { askMetadata } from './ask.ts'
import type { KafkaShape } from './options.ts'
import { JVM_SETTINGS, nodeSpec, planNodes, writeNodes } from './plan.ts'
import type { NodePlan } from './properties.ts'
import { resolveKafkaName } from './roles.ts'

export interface KafkaEnv {
  readonly runtime: Runtime
  readonly signal: AbortSignal
}
/** A running cluster. Clients reach it through Toxiproxy; replication and the harness's own questions do not. */
export interface KafkaCluster extends AsyncDisposable {
  /** kafka.1 to kafka.N. */
  readonly brokers: readonly Service[]
  /** Links `producers` and `pipeline`, one proxy per broker. */
  readonly links: readonly [producers: Link, pipeline: Link]
  /** Bootstrap lists, `host:port`. */
  readonly producers: readonly string[]
  readonly pipeline: readonly string[]
  /** Past the proxies: for the harness's own questions, never for what is measured. */
  readonly direct: readonly string[]
  /** The node that a name or a role stands for now. */
  service(name: string, topic: string): Promise<Service>
  readonly settings: Readonly<Record<string, string | number>>
  readonly versions: Readonly<Record<string, string>>
}

/** Starts a KRaft cluster behind the links `producers` and `pipeline`; throws FreshetError if a client could get past them. */
export async function startKafka(shape: KafkaShape, env: KafkaEnv): Promise<KafkaCluster> {
  if (Math.max(shape.replication, shape.minInsync) > shape.brokers) {
    throw new FreshetError(
      'usage',
      `replication ${shape.replication} and minInsync ${shape.minInsync} need as many brokers`,
    )
  }
  const scope = new Scope()
  try {
    const nodes = await planNodes(shape.brokers, env.runtime)
    await writeNodes(nodes, shape)
    const links = await openLinks(nodes, env, scope)
    const brokers = await startNodes(nodes, env, scope)
    await untilRegistered(nodes, env.signal)
    for (const link of links) await assertProxied(link)
    return cluster({ shape, nodes, links, brokers, scope })
  } catch (failure) {
    await scope[Symbol.asyncDispose]()
    throw failure
  }
}

const direct = ({ bind }: NodePlan): Endpoint => ({ host: '127.0.0.1', port: bind.REPLICATION })
const address = ({ host, port }: Endpoint): string => `${host}:${port}`

async function openLinks(
  nodes: readonly NodePlan[],
  env: KafkaEnv,
  scope: Scope,
): Promise<[Link, Link]> {
  const open = async (name: string, listener: 'PRODUCERS' | 'PIPELINE'): Promise<Link> => {
    const upstreams = nodes.map(({ bind }) => ({ host: '127.0.0.1', port: bind[listener] }))
    const listenPorts = nodes.map(({ advertise }) => advertise[listener])
    return scope.use(await env.runtime.link({ name, upstreams, listenPorts }, env.signal))
  }
  return [await open('producers', 'PRODUCERS'), await open('pipeline', 'PIPELINE')]
}

/** All at once: no node is ready before a majority of them is there. */
async function startNodes(
  nodes: readonly NodePlan[],
  env: KafkaEnv,
  scope: Scope,
): Promise<readonly Service[]> {
  const outcomes = await Promise.allSettled(
    nodes.map((node) => env.runtime.start(nodeSpec(node), env.signal)),
  )
  const services = outcomes.flatMap((outcome) =>
    outcome.status === 'fulfilled' ? [outcome.value] : [],
  )
  scope.defer(() => endAll(services))
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return services
}

async function untilRegistered(nodes: readonly NodePlan[], signal: AbortSignal): Promise<void> {
  for (const node of nodes) {
    await until(async () => (await askMetadata(direct(node))).brokers.length === nodes.length, {
      timeoutMs: 30_000,
      what: `kafka.${node.id} to see ${nodes.length} brokers`,
      signal,
    })
  }
}

/** A client that learned a broker's own address would bypass the proxy, and every fault on it. */
export async function assertProxied(link: Pick<Link, 'name' | 'listen'>): Promise<void> {
  const proxies = link.listen.map(address).sort().join(' ')
  for (const at of link.listen) {
    const seen = (await askMetadata(at)).brokers.map(address).sort().join(' ')
    if (seen === proxies) continue
    throw new FreshetError(
      'environment',
      `Kafka told clients of link ${link.name} to dial ${seen}`,
      {
        hint: `only the proxies are right: ${proxies}`,
      },
    )
  }
}

interface Parts {
  readonly shape: KafkaShape
  readonly nodes: readonly NodePlan[]
  readonly links: [Link, Link]
  readonly brokers: readonly Service[]
  readonly scope: Scope
}

function cluster({ shape, nodes, links, brokers, scope }: Parts): KafkaCluster {
  const service = async (name: string, topic: string): Promise<Service> => {
    const node = await resolveKafkaName(name, nodes.map(direct), topic)
    const found = brokers.find((broker) => broker.name === node)
    if (found === undefined) throw new FreshetError('usage', `no service is called ${name}`)
    return found
  }
  return {
    brokers,
    links,
    producers: links[0].listen.map(address),
    pipeline: links[1].listen.map(address),
    direct: nodes.map(direct).map(address),
    service,
    settings: {
      'kafka.brokers': shape.brokers,
      'kafka.replication': shape.replication,
      'kafka.min.insync.replicas': shape.minInsync,
      'kafka.broker.session.timeout.ms': shape.sessionTimeoutMs,
      'kafka.broker.heartbeat.interval.ms': shape.heartbeatMs,
      'kafka.jvm': JVM_SETTINGS,
    },
    versions: { kafka: KAFKA_VERSION },
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  }
}
