import { createClient, type ClickHouseClient } from '@clickhouse/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TestFront } from '../../services/clickhouse/front.fixture.ts'
import { newRows, partReader, type PartReader } from './landed.ts'
import { createTable } from './table.ts'

const { signal } = new AbortController()
const DELIVERIES = ['at-least-once', 'deduplicated'] as const
let front: TestFront
let client: ClickHouseClient
let seen: Set<number>

beforeAll(async () => {
  front = await TestFront.start()
  client = createClient({ url: front.url })
})
afterAll(async () => {
  await client.close()
  await front[Symbol.asyncDispose]()
})

async function insert(from: number, to: number): Promise<void> {
  const rows = `SELECT 'r', 0, number, '', '', '', 0, 0, number FROM numbers(${from}, ${to - from})`
  await client.command({ query: `INSERT INTO events ${rows}` })
}
const merge = async (): Promise<void> =>
  void (await client.command({ query: 'OPTIMIZE TABLE events FINAL' }))
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index)
const landed = async (reader = partReader(client, signal)): Promise<number[]> =>
  [...(await newRows(reader, seen)).seq].sort((a, b) => a - b)

/** The sink, with something happening before that nth read. */
function before(read: number, happens: () => Promise<void>): PartReader {
  const reader = partReader(client, signal)
  let reads = 0
  return {
    list: () => reader.list(),
    read: async (parts, blocks) => {
      if (++reads === read) await happens()
      return reader.read(parts, blocks)
    },
  }
}

describe.each(DELIVERIES)('new rows of a table that is %s', (delivery) => {
  beforeEach(async () => {
    seen = new Set()
    await client.command({ query: 'DROP TABLE IF EXISTS events' })
    await createTable(client, delivery)
    await client.command({ query: 'SYSTEM STOP MERGES events' })
  })

  it('are given once', async () => {
    await insert(0, 10)
    expect(await landed()).toEqual(range(0, 10))
    await insert(10, 20)
    expect(await landed()).toEqual(range(10, 20))
    expect(await landed()).toEqual([])
  })

  it('are all that is read of a part that they were merged into', async () => {
    await client.command({ query: 'SYSTEM START MERGES events' })
    await insert(0, 10)
    await landed()
    await insert(10, 20)
    await merge()
    expect(await landed()).toEqual(range(10, 20))
    await insert(20, 30)
    await merge()
    expect(await landed()).toEqual(range(20, 30))
  })

  it('are found where they went when they are merged away before they are read', async () => {
    await client.command({ query: 'SYSTEM START MERGES events' })
    await insert(0, 10)
    await landed()
    await insert(10, 20)
    expect(await landed(before(1, merge))).toEqual(range(10, 20))
  })

  it('are given in full by the next call when one fails half-way', async () => {
    await insert(0, 10)
    const failing = before(1, () => Promise.reject(new Error('the sink is gone')))
    await expect(landed(failing)).rejects.toThrow('the sink is gone')
    expect(await landed()).toEqual(range(0, 10))
  })
})

it('gives what it read before a failure again: a later listing may fail', async () => {
  seen = new Set()
  const none = { lane: new Uint16Array(), seq: new Uint32Array() }
  const row = { lane: Uint16Array.of(0), seq: Uint32Array.of(1), parts: new Set(['all_1_1_0']) }
  // The second part is merged away in the first read, and the sink with it.
  let lists = 0
  const failing: PartReader = {
    list: () => {
      if (++lists > 1) return Promise.reject(new Error('the sink is gone'))
      return Promise.resolve(['all_1_1_0', 'all_2_2_0'])
    },
    read: () => Promise.resolve(row),
  }
  await expect(newRows(failing, seen)).rejects.toThrow('the sink is gone')
  const asked: number[] = []
  const back: PartReader = {
    list: () => Promise.resolve(['all_1_3_1']),
    read: (_, blocks) => (asked.push(...blocks), Promise.resolve({ ...none, parts: new Set() })),
  }
  await newRows(back, seen)
  expect(asked).toEqual([1, 2, 3])
})

it('does not ask for ever for a block whose rows were all replaced', async () => {
  seen = new Set()
  await client.command({ query: 'DROP TABLE IF EXISTS events' })
  await createTable(client, 'deduplicated')
  await client.command({ query: 'SYSTEM STOP MERGES events' })
  await insert(0, 10)
  const reader = partReader(client, signal)
  const ofSecond = (part: string): boolean => part.startsWith('all_2_2_')
  const later = { ...reader, list: async () => (await reader.list()).filter(ofSecond) }
  await insert(0, 10)
  expect(await landed(later)).toEqual(range(0, 10))
  await client.command({ query: 'SYSTEM START MERGES events' })
  await merge()
  expect(await landed()).toEqual([])
  expect([...seen].sort()).toEqual([1, 2])
})
