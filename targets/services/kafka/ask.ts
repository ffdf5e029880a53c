import { Connection, describeQuorumV2, metadataV12 } from '@platformatic/kafka'
import { FreshetError } from '../../../harness/lib/errors.ts'
import { within } from '../../../harness/lib/until.ts'
import type { Endpoint } from '../../../harness/runtime/runtime.ts'

const ASK_TIMEOUT_MS = 3000

/** One broker's own view of the cluster: one connection, one request, no client pool that would ask another broker. */
export async function askMetadata(
  at: Endpoint,
  topics: readonly string[] = [],
): Promise<metadataV12.MetadataResponse> {
  return ask(at, (connection) => metadataV12.api.async(connection, [...topics], false, false))
}

/** The node id of the active controller: leader of the metadata quorum. (Metadata names a random broker as controller.) */
export async function askController(at: Endpoint): Promise<number> {
  const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }]
  const answer = await ask(at, (connection) => describeQuorumV2.api.async(connection, topics))
  const leader = answer.topics[0]?.partitions[0]?.leaderId ?? -1
  if (leader < 0) throw new FreshetError('not-ready', 'the metadata quorum has no leader')
  return leader
}

/** The node id that leads a partition now. */
export async function askLeader(at: Endpoint, topic: string, partition: number): Promise<number> {
  const answer = await askMetadata(at, [topic])
  const leader =
    answer.topics[0]?.partitions.find(({ partitionIndex }) => partitionIndex === partition)
      ?.leaderId ?? -1
  if (leader < 0)
    throw new FreshetError('not-ready', `partition ${partition} of ${topic} has no leader`)
  return leader
}

/** The first answer that any of the brokers gives. */
export async function askAny<T>(
  brokers: readonly Endpoint[],
  question: (at: Endpoint) => Promise<T>,
): Promise<T> {
  const failures: unknown[] = []
  for (const broker of brokers) {
    try {
      return await question(broker)
    } catch (failure) {
      failures.push(failure)
    }
  }
  throw new FreshetError('not-ready', `none of ${brokers.length} brokers answered`, {
    cause: new AggregateError(failures),
  })
}

async function ask<T>(at: Endpoint, question: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = new Connection('freshet-ask', {
    connectTimeout: 1000,
    requestTimeout: ASK_TIMEOUT_MS,
  })
  connection.on('error', () => undefined) // the same failure rejects the call below
  try {
    const answer = async (): Promise<T> => {
      await connection.connect(at.host, at.port)
      return question(connection)
    }
    return await within(answer(), ASK_TIMEOUT_MS, `an answer of ${at.host}:${at.port}`)
  } finally {
    connection.close(() => undefined)
  }
}
