import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@clickhouse/client'
import type { ClickHouseClient } from '@clickhouse/client'
import type { Admin } from 'kafkajs'
import { FreshetError } from '../../../harness/lib/errors.ts'
import { Scope } from '../../../harness/lib/scope.ts'
import { within } from '../../../harness/lib/until.ts'
import type { Link, Service } from '../../../harness/runtime/runtime.ts'
import { clickhouseService } from '../../services/clickhouse/clickhouse.ts'
import { endAll } from '../../services/end-all.ts'
import { startKafka } from '../../services/kafka/kafka.ts'
import type { KafkaCluster } from '../../services/kafka/kafka.ts'
import { kafkaShape } from '../../services/kafka/options.ts'
import { connectAdmin, createTopic } from '../../services/kafka/topic.ts'
import type { Target, TargetEnv } from '../../target.ts'
import { CONSUMER_TIMES } from './consumer-config.ts'
import { consumerService } from './consumer-service.ts'
import { readGauges } from './gauges.ts'
import type { LogFirstOptions } from './options.ts'
import { clickhouseSink } from './sink.ts'
import { createTable } from './table.ts'

const TOPIC = 'events'

/** Starts everything in dependency order; whatever fails, what was started is ended. */
export async function startLogFirst(options: LogFirstOptions, env: TargetEnv): Promise<Target> {
  const scope = new Scope()
  try {
    const [kafka, store] = await startServers(options, env, scope)
    const consumers = await startConsumers({ options, env, kafka, store, scope })
    const admin = await connectAdmin(kafka.direct)
    scope.defer(() => within(admin.disconnect(), 5000, 'disconnecting the admin client'))
    return target({ options, env, kafka, store, consumers, admin, scope })
  } catch (failure) {
    await scope[Symbol.asyncDispose]()
    throw failure
  }
}

interface Store {
  readonly service: Service
  readonly link: Link
  /** ClickHouse itself. */
  readonly url: string
  /** ClickHouse behind the link `sink`. */
  readonly proxiedUrl: string
  readonly client: ClickHouseClient
  readonly version: string
}

async function startServers(
  options: LogFirstOptions,
  env: TargetEnv,
  scope: Scope,
): Promise<[KafkaCluster, Store]> {
  const stop = new AbortController()
  const both = { ...env, signal: AbortSignal.any([env.signal, stop.signal]) }
  const starting = [startLog(options, both, scope), startStore(options, both, scope)] as const
  try {
    return await Promise.all(starting)
  } catch (failure) {
    stop.abort(failure)
    await Promise.allSettled(starting) // so that the other is ended, or owned by the scope
    throw failure
  }
}

async function startLog(
  options: LogFirstOptions,
  env: TargetEnv,
  scope: Scope,
): Promise<KafkaCluster> {
  const shape = kafkaShape(options)
  const kafka = scope.use(await startKafka(shape, env))
  await createTopic(kafka.direct, {
    topic: TOPIC,
    partitions: options.partitions,
    replication: shape.replication,
  })
  return kafka
}

async function startStore(
  { delivery }: LogFirstOptions,
  { runtime, signal }: TargetEnv,
  scope: Scope,
): Promise<Store> {
  const [port = 0, listenPort = 0] = await runtime.freePorts(2)
  const spec = clickhouseService({
    name: 'sink',
    port,
    dataDirectory: join(runtime.dataDirectory, 'sink'),
  })
  const service = scope.use(await runtime.start(spec, signal))
  const upstreams = [{ host: '127.0.0.1', port }]
  const link = scope.use(
    await runtime.link({ name: 'sink', upstreams, listenPorts: [listenPort] }, signal),
  )
  const url = `http://127.0.0.1:${port}`
  const client = createClient({ url })
  scope.defer(() => client.close())
  await createTable(client, delivery)
  const result = await client.query({ query: 'SELECT version() AS version', format: 'JSONEachRow' })
  const [row] = await result.json<{ version: string }>()
  return {
    service,
    link,
    url,
    proxiedUrl: `http://127.0.0.1:${listenPort}`,
    client,
    version: row?.version ?? 'unknown',
  }
}

interface Servers {
  readonly options: LogFirstOptions
  readonly env: TargetEnv
  readonly kafka: KafkaCluster
  readonly store: Store
  readonly scope: Scope
}
interface Consumers {
  readonly services: readonly Service[]
  readonly statusFiles: readonly string[]
  readonly group: string
}

async function startConsumers({ options, env, kafka, store, scope }: Servers): Promise<Consumers> {
  const group = `freshet-${env.runId}`
  const names = Array.from({ length: options.consumers }, (_, index) => `consumer.${index + 1}`)
  const statusFile = (name: string): string => join(env.runtime.directory, `${name}.status.json`)
  const services: Service[] = []
  scope.defer(() => endAll(services))
  // One after the other: each joins a group that is at rest.
  for (const name of names) {
    const spec = consumerService({
      name,
      client: options.consumer,
      brokers: [...kafka.pipeline],
      topic: TOPIC,
      group,
      partitions: options.partitions,
      sinkUrl: store.proxiedUrl,
      batchRows: options.batch,
      lingerMs: options.linger,
      sessionMs: options.groupSession,
      heartbeatMs: options.groupHeartbeat,
      rebalanceMs: options.groupRebalance,
      insertTimeoutMs: options.insertTimeout,
      statusFile: statusFile(name),
    })
    services.push(await env.runtime.start(spec, env.signal))
  }
  return { services, statusFiles: names.map(statusFile), group }
}

interface Parts extends Servers {
  readonly consumers: Consumers
  readonly admin: Admin
}

function target({ options, env, kafka, store, consumers, admin, scope }: Parts): Target {
  const links = [...kafka.links, store.link]
  const log = { brokers: kafka.direct, topic: TOPIC, runId: env.runId }
  const sources = {
    admin,
    client: store.client,
    topic: TOPIC,
    group: consumers.group,
    statusFiles: consumers.statusFiles,
  }
  return {
    guarantee: options.delivery,
    system: {
      service: (name) => findService(name, [store.service, ...consumers.services], kafka),
      link: (name) =>
        found(
          links.find((link) => link.name === name),
          `link ${name}`,
        ),
    },
    source: {
      kind: 'kafka',
      brokers: kafka.producers,
      topic: TOPIC,
      partitions: options.partitions,
    },
    sink: scope.use(clickhouseSink({ url: store.url, delivery: options.delivery, log })),
    settings: { ...kafka.settings, ...consumerSettings(options) },
    versions: { ...kafka.versions, clickhouse: store.version, ...clientVersions() },
    gauges: (signal) => readGauges(sources, signal),
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  }
}

async function findService(
  name: string,
  others: readonly Service[],
  kafka: KafkaCluster,
): Promise<Service> {
  if (name.startsWith('kafka.')) return kafka.service(name, TOPIC)
  const wanted = name === 'consumer' ? 'consumer.1' : name
  return found(
    others.find((service) => service.name === wanted),
    `service ${name}`,
  )
}

function found<T>(thing: T | undefined, what: string): T {
  if (thing === undefined) throw new FreshetError('usage', `the log-first pipeline has no ${what}`)
  return thing
}

function consumerSettings(options: LogFirstOptions): Readonly<Record<string, string | number>> {
  const times = Object.entries(CONSUMER_TIMES).map(
    ([name, ms]) => [`consumer.${name}`, ms] as const,
  )
  return {
    ...Object.fromEntries(times),
    'consumer.client': options.consumer,
    'consumer.count': options.consumers,
    'consumer.batchRows': options.batch,
    'consumer.lingerMs': options.linger,
    'consumer.sessionMs': options.groupSession,
    'consumer.heartbeatMs': options.groupHeartbeat,
    'consumer.rebalanceMs': options.groupRebalance,
    'consumer.insertTimeoutMs': options.insertTimeout,
    'kafka.partitions': options.partitions,
  }
}

/** Of the client libraries, by their package files: neither tells its version at run time. */
function clientVersions(): Readonly<Record<string, string>> {
  const versionIn = (url: URL): string =>
    /"version": "([^"]+)"/.exec(readFileSync(url, 'utf8'))?.[1] ?? 'unknown'
  return {
    kafkajs: versionIn(new URL(import.meta.resolve('kafkajs/package.json'))),
    '@platformatic/kafka': versionIn(
      new URL('../package.json', import.meta.resolve('@platformatic/kafka')),
    ),
  }
}
