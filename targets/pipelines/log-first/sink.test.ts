import { createClient, type ClickHouseClient } from '@clickhouse/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestFront } from '../../services/clickhouse/front.fixture.ts'
import type { AuditRows } from '../../target.ts'
import { clickhouseSink } from './sink.ts'
import { createTable } from './table.ts'

const { signal } = new AbortController()
let front: TestFront
let client: ClickHouseClient

beforeAll(async () => {
  front = await TestFront.start()
  client = createClient({ url: front.url })
})
afterAll(async () => {
  await client.close()
  await front[Symbol.asyncDispose]()
})

/** What is found where ten events were each inserted twice, and the table then merged to one part. */
async function auditOfMerged(delivery: 'at-least-once' | 'deduplicated'): Promise<AuditRows> {
  await client.command({ query: 'DROP TABLE IF EXISTS events' })
  await createTable(client, delivery)
  const query = `INSERT INTO events SELECT 'r', 0, number, '', '', '', 0, 0, number FROM numbers(10)`
  for (let copy = 0; copy < 2; copy++) await client.command({ query })
  await client.command({ query: 'OPTIMIZE TABLE events FINAL' })
  const log = { brokers: [], topic: '', runId: 'r' }
  const sink = clickhouseSink({ url: front.url, delivery, log })
  try {
    return await sink.audit(signal)
  } finally {
    await sink[Symbol.asyncDispose]()
  }
}

const TABLE = [
  ['at-least-once', { copies: 2, storedRows: 20, copiesMerged: false }],
  ['deduplicated', { copies: 1, storedRows: 10, copiesMerged: true }],
] as const
it.each(TABLE)('%s: says whether copies may be gone', async (delivery, expected) => {
  const { copies, storedRows, copiesMerged } = await auditOfMerged(delivery)
  expect(new Set(copies)).toEqual(new Set([expected.copies]))
  expect({ copies: copies[0], storedRows, copiesMerged }).toEqual(expected)
})
