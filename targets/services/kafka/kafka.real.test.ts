import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Scope } from '../../../harness/lib/scope.ts'
import { Journal } from '../../../harness/runtime/journal.ts'
import { processRuntime } from '../../../harness/runtime/process.ts'
import { cachePaths } from '../../../harness/setup/paths.ts'
import { askMetadata } from './ask.ts'
import { assertProxied, startKafka, type KafkaCluster } from './kafka.ts'
import { kafkaShape } from './options.ts'

const { signal } = new AbortController()

async function withCluster(
  brokers: number,
  use: (cluster: KafkaCluster) => Promise<void>,
): Promise<void> {
  const scope = new Scope()
  try {
    const directory = mkdtempSync(join(tmpdir(), 'freshet-kafka-'))
    scope.defer(() => Promise.resolve(rmSync(directory, { recursive: true })))
    const journal = Journal.open(`kafka-test-${process.pid}-${brokers}`, directory)
    scope.defer(() => Promise.resolve(journal.close()))
    const toxiproxyPath = cachePaths().toxiproxy
    const runtime = scope.use(await processRuntime({ directory, journal, toxiproxyPath, signal }))
    const shape = kafkaShape({ brokers, sessionTimeout: 9000, heartbeat: 2000 })
    await use(scope.use(await startKafka(shape, { runtime, signal })))
  } finally {
    await scope[Symbol.asyncDispose]()
  }
}

const seenAt = async (link: KafkaCluster['links'][number], broker: number): Promise<number[]> => {
  const at = link.listen[broker]
  if (at === undefined) throw new Error(`link ${link.name} has no broker ${broker}`)
  return (await askMetadata(at)).brokers.map(({ port }) => port).sort()
}

describe.each([1, 5])('a cluster of %i', (brokers) => {
  it('comes up, and tells clients of each link to dial its proxies and nothing else', () =>
    withCluster(brokers, async (cluster) => {
      expect(cluster.brokers.length).toBe(brokers)
      for (const link of cluster.links) {
        const proxies = link.listen.map(({ port }) => port).sort()
        for (let broker = 0; broker < brokers; broker++)
          expect(await seenAt(link, broker)).toEqual(proxies)
      }
      // Known wrong: a client of one link that would be sent to the other's proxies.
      const [producers, pipeline] = cluster.links
      const mixed = { name: 'mixed', listen: [...producers.listen, ...pipeline.listen] }
      await expect(assertProxied(mixed)).rejects.toThrow('mixed')
    }))
})
