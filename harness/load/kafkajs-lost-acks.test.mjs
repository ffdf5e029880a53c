import createEosManager from 'kafkajs/src/producer/eosManager/index.js'
import createSendMessages from 'kafkajs/src/producer/sendMessages.js'
import createRetry from 'kafkajs/src/retry/index.js'
import { KafkaJSConnectionClosedError } from 'kafkajs/src/errors.js'
import { expect, it } from 'vitest'

/*
 * Why the generator sends one partition a request (docs/adr/0004), shown on kafkajs' own code without a broker: a
 * script of two brokers, of which the second dies under the first request and the first becomes the leader of all.
 */
const silent = { debug: () => undefined, error: () => undefined }

/** What each broker was sent, by partition; broker 2 leads partition 1 until it dies. */
function scriptedCluster() {
  const stored = { 1: [], 2: [] }
  let leaders = { 0: 1, 1: 2 }
  const broker = (nodeId, alive) => ({
    nodeId,
    async produce({ topicData: [{ topic, partitions }] }) {
      if (!alive)
        throw new KafkaJSConnectionClosedError('Closed connection', { host: 'h', port: 2 })
      stored[nodeId].push(...partitions.map(({ partition }) => partition))
      const answers = partitions.map(({ partition }) => ({
        partition,
        errorCode: 0,
        baseOffset: '0',
      }))
      return { topics: [{ topicName: topic, partitions: answers }] }
    },
  })
  const brokers = { 1: broker(1, true), 2: broker(2, false) }
  const metadata = () =>
    Object.entries(leaders).map(([id, leader]) => ({ partitionId: Number(id), leader }))
  return {
    stored,
    retry: {},
    isConnected: () => true,
    removeBroker: () => undefined,
    addMultipleTargetTopics: async () => undefined,
    refreshMetadataIfNecessary: async () => undefined,
    refreshMetadata: async () => void (leaders = { 0: 1, 1: 1 }),
    findTopicPartitionMetadata: metadata,
    findLeaderForPartitions: (_, partitions) => {
      const led = {}
      for (const id of partitions.map(Number)) led[leaders[id]] = [...(led[leaders[id]] ?? []), id]
      return led
    },
    findBroker: async ({ nodeId }) => brokers[nodeId],
  }
}

async function send(partitions) {
  const cluster = scriptedCluster()
  const sendMessages = createSendMessages({
    logger: silent,
    cluster,
    partitioner: ({ message }) => message.partition,
    eosManager: createEosManager({ logger: silent, cluster, transactional: false }),
    retrier: createRetry({ initialRetryTime: 1, retries: 5 }),
  })
  const messages = partitions.map((partition) => ({ partition, value: `of ${partition}` }))
  const answer = await sendMessages({ acks: -1, topicMessages: [{ topic: 'events', messages }] })
  return { answered: answer.map(({ partition }) => partition), stored: cluster.stored }
}

it('one send over two partitions resolves without ever having sent the one whose leader moved', async () => {
  const { answered, stored } = await send([0, 1])
  expect(stored).toEqual({ 1: [0], 2: [] })
  expect(answered).toEqual([0])
})

it('a send of one partition goes to its new leader', async () => {
  const { answered, stored } = await send([1])
  expect(stored).toEqual({ 1: [1], 2: [] })
  expect(answered).toEqual([1])
})
