import { Kafka, logLevel } from 'kafkajs'
import type { Admin } from 'kafkajs'

export interface TopicSpec {
  readonly topic: string
  readonly partitions: number
  readonly replication: number
}

/** A connected kafkajs admin client; the caller disconnects it. */
export async function connectAdmin(bootstrap: readonly string[]): Promise<Admin> {
  const kafka = new Kafka({
    clientId: 'freshet-admin',
    brokers: [...bootstrap],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 5000,
    retry: { retries: 5, initialRetryTime: 50, maxRetryTime: 500 },
  })
  const admin = kafka.admin()
  await admin.connect()
  return admin
}

/** Makes the topic and waits until every partition has a leader. */
export async function createTopic(bootstrap: readonly string[], spec: TopicSpec): Promise<void> {
  const admin = await connectAdmin(bootstrap)
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: [
        { topic: spec.topic, numPartitions: spec.partitions, replicationFactor: spec.replication },
      ],
    })
  } finally {
    await admin.disconnect()
  }
}
