import type { ClickHouseClient } from '@clickhouse/client'
import type { Admin } from 'kafkajs'
import { within } from '../../../harness/lib/until.ts'
import type { Gauges } from '../../target.ts'
import { activeParts } from './landed.ts'
import { readStatus } from './status.ts'

const LIMIT_MS = 3000

export interface GaugeSources {
  readonly admin: Admin
  readonly client: ClickHouseClient
  readonly topic: string
  readonly group: string
  readonly statusFiles: readonly string[]
}

/** What can be read now; a source that is down leaves its gauges out. */
export async function readGauges(sources: GaugeSources, signal: AbortSignal): Promise<Gauges> {
  const reads = [lag(sources), parts(sources, signal), consumers(sources)]
  const outcomes = await Promise.allSettled(reads.map((read) => within(read, LIMIT_MS, 'a gauge')))
  return Object.assign(
    {},
    ...outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : {})),
  ) as Gauges
}

async function lag({ admin, topic, group }: GaugeSources): Promise<Gauges> {
  const [ends, committed] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId: group, topics: [topic] }),
  ])
  const positions = new Map(
    committed[0]?.partitions.map(({ partition, offset }) => [partition, Number(offset)]),
  )
  const behind = (partition: number, high: string): number =>
    Number(high) - Math.max(0, positions.get(partition) ?? 0) // -1: nothing committed yet
  return Object.fromEntries(
    ends.map(({ partition, high }) => [`lag.${partition}`, behind(partition, high)]),
  )
}

async function parts({ client }: GaugeSources, signal: AbortSignal): Promise<Gauges> {
  return { parts: (await activeParts(client, signal)).length }
}

async function consumers({ statusFiles }: GaugeSources): Promise<Gauges> {
  const all = await Promise.all(statusFiles.map(readStatus))
  const total = (of: (status: (typeof all)[number]) => number): number =>
    all.reduce((sum, one) => sum + of(one), 0)
  // Of several consumers the slowest; a consumer that has inserted nothing yet has no median.
  const medians = all.flatMap(({ insertMsP50 }) => (insertMsP50 === null ? [] : [insertMsP50]))
  return {
    ...(medians.length === 0 ? {} : { 'consumer.insertMs.p50': Math.max(...medians) }),
    'consumer.restarts': total(({ restarts }) => restarts),
    'consumer.inserted': total(({ inserted }) => inserted),
    'consumer.insertRetries': total(({ insertRetries }) => insertRetries),
    'consumer.skipped': total(({ skipped }) => skipped),
  }
}
