import type { KafkaShape } from './options.ts'

export const LISTENERS = ['CONTROLLER', 'REPLICATION', 'PRODUCERS', 'PIPELINE'] as const
export type ListenerName = (typeof LISTENERS)[number]

/** One node's place in the cluster. */
export interface NodePlan {
  readonly id: number
  /** Ports that the node binds. */
  readonly bind: Readonly<Record<ListenerName, number>>
  /** Ports that clients of the proxied listeners are told to dial: Toxiproxy's. */
  readonly advertise: Readonly<Record<'PRODUCERS' | 'PIPELINE', number>>
  /** The node's data, an absolute path. */
  readonly directory: string
  /** Its settings, without the files' endings. */
  readonly settings: string
}

const HOST = '127.0.0.1'

/** A KRaft node's server.properties: broker and controller in one. */
export function serverProperties(
  node: NodePlan,
  nodes: readonly NodePlan[],
  shape: KafkaShape,
): string {
  const systemReplication = Math.min(3, shape.brokers)
  const address = (name: ListenerName, port: number): string => `${name}://${HOST}:${port}`
  return text({
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': nodes
      .map(({ id, bind }) => `${id}@${HOST}:${bind.CONTROLLER}`)
      .join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'REPLICATION',
    listeners: LISTENERS.map((name) => address(name, node.bind[name])).join(','),
    'advertised.listeners': [
      address('REPLICATION', node.bind.REPLICATION),
      address('PRODUCERS', node.advertise.PRODUCERS),
      address('PIPELINE', node.advertise.PIPELINE),
    ].join(','),
    'listener.security.protocol.map': LISTENERS.map((name) => `${name}:PLAINTEXT`).join(','),
    'log.dirs': node.directory,
    'broker.session.timeout.ms': shape.sessionTimeoutMs,
    'broker.heartbeat.interval.ms': shape.heartbeatMs,
    'default.replication.factor': shape.replication,
    'min.insync.replicas': shape.minInsync,
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': systemReplication,
    // 50 by default; every partition costs files and elections, and one consumer group needs one.
    'offsets.topic.num.partitions': 6,
    'transaction.state.log.replication.factor': systemReplication,
    'transaction.state.log.min.isr': Math.min(2, systemReplication),
    'transaction.state.log.num.partitions': 6,
    'group.initial.rebalance.delay.ms': 0,
  })
}

/** Stands in for `kafka-storage format`, which would start a second JVM per node. */
export function metaProperties(node: NodePlan, clusterId: string): string {
  const directoryId = Buffer.alloc(16)
  directoryId.writeUInt32BE(0xf4e54e70, 0)
  directoryId.writeUInt32BE(node.id, 12)
  return text({
    version: 1,
    'cluster.id': clusterId,
    'node.id': node.id,
    'directory.id': directoryId.toString('base64url'),
  })
}

function text(entries: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(entries)
    .map(([key, value]) => `${key}=${String(value)}\n`)
    .join('')
}

/** Plain log lines on standard output, where the runtime collects them. */
export const LOG4J2_XML = `<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN">
  <Appenders>
    <Console name="out" target="SYSTEM_OUT"><PatternLayout pattern="%d{ISO8601} %p %c{1} %m%n"/></Console>
  </Appenders>
  <Loggers><Root level="INFO"><AppenderRef ref="out"/></Root></Loggers>
</Configuration>
`
