import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FreshetError } from '../../../harness/lib/errors.ts'
import type { Runtime, ServiceSpec } from '../../../harness/runtime/runtime.ts'
import { cachePaths } from '../../../harness/setup/paths.ts'
import { askMetadata } from './ask.ts'
import type { KafkaShape } from './options.ts'
import { LOG4J2_XML, metaProperties, serverProperties } from './properties.ts'
import type { NodePlan } from './properties.ts'

const PORTS_PER_NODE = 6
const READY_TIMEOUT_MS = 60_000

/** Gives every node its ports and its folder. All ports are known before anything starts. */
export async function planNodes(brokers: number, runtime: Runtime): Promise<readonly NodePlan[]> {
  const ports = await runtime.freePorts(brokers * PORTS_PER_NODE)
  return Array.from({ length: brokers }, (_, index) => {
    const take = (nth: number): number => port(ports, index * PORTS_PER_NODE + nth)
    return {
      id: index + 1,
      bind: { CONTROLLER: take(0), REPLICATION: take(1), PRODUCERS: take(2), PIPELINE: take(3) },
      advertise: { PRODUCERS: take(4), PIPELINE: take(5) },
      directory: join(runtime.dataDirectory, `kafka.${index + 1}`),
      settings: join(runtime.directory, `kafka.${index + 1}`),
    }
  })
}

function port(ports: readonly number[], index: number): number {
  const found = ports[index]
  if (found === undefined)
    throw new FreshetError('environment', `the runtime gave ${ports.length} ports, too few`)
  return found
}

/** Writes each node's configuration and formats its storage. */
export async function writeNodes(nodes: readonly NodePlan[], shape: KafkaShape): Promise<void> {
  const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A')
  await Promise.all(
    nodes.map(async (node) => {
      await mkdir(node.directory, { recursive: true })
      await writeFile(`${node.settings}.properties`, serverProperties(node, nodes, shape))
      await writeFile(`${node.settings}.log4j2.xml`, LOG4J2_XML)
      await writeFile(join(node.directory, 'meta.properties'), metaProperties(node, clusterId))
    }),
  )
}

/**
 * Start-up in the same test on 2 cores: 1.23 s with these flags, 1.75 s with serial GC alone, 1.64 s with G1.
 * The first compiler only: three JVMs on few cores lose more to the second compiler's threads than it gains them.
 */
const JVM_FLAGS = [
  '-Xms256m',
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
  // It would leave a file in /tmp when the broker is killed.
  '-XX:-UsePerfData',
] as const
export const JVM_SETTINGS = JVM_FLAGS.join(' ')

/** How to run one node. Ready: it answers, and the cluster counts it among its live brokers. */
export function nodeSpec(node: NodePlan): ServiceSpec {
  const { java, kafkaLibs } = cachePaths()
  const at = { host: '127.0.0.1', port: node.bind.REPLICATION }
  return {
    name: `kafka.${node.id}`,
    command: [
      java,
      ...JVM_FLAGS,
      `-Dlog4j2.configurationFile=${node.settings}.log4j2.xml`,
      '-cp',
      `${kafkaLibs}/*`,
      'kafka.Kafka',
      `${node.settings}.properties`,
    ],
    ready: async () => (await askMetadata(at)).brokers.some(({ nodeId }) => nodeId === node.id),
    readyTimeoutMs: READY_TIMEOUT_MS,
  }
}
