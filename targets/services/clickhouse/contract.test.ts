import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../../../harness/lib/until.ts'
import { TestFront } from './front.fixture.ts'

let front: TestFront
let client: ClickHouseClient

beforeAll(async () => {
  front = await TestFront.start()
  client = createClient({
    url: front.url,
    compression: { request: true, response: true },
    log: { level: ClickHouseLogLevel.OFF }, // one test kills the front
  })
}, 60_000)

afterAll(async () => {
  await client.close()
  await front[Symbol.asyncDispose]()
})

async function rows(query: string, query_params: Record<string, unknown> = {}): Promise<unknown> {
  return (await client.query({ query, query_params, format: 'JSONEachRow' })).json()
}

async function table(name: string): Promise<void> {
  await client.command({
    query: `CREATE TABLE ${name} (id UInt32, s String) ENGINE = MergeTree ORDER BY id`,
  })
}

async function count(name: string): Promise<unknown> {
  return rows(`SELECT toUInt32(count()) AS n FROM ${name}`)
}

describe('queries', () => {
  it('answers a ping', async () => {
    expect((await client.ping()).success).toBe(true)
  })

  it.each([['plain'], ["it's"], ['back\\slash'], ['tab\tnewline\n'], ['{x:String}'], ['ünï']])(
    'passes the parameter %j',
    async (value) =>
      expect(await rows('SELECT {x:String} AS x', { x: value })).toEqual([{ x: value }]),
  )

  it('keeps parameters and settings of concurrent queries apart', async () => {
    const ask = async (n: number): Promise<unknown> => {
      const query = "SELECT {n:UInt32} AS n, getSetting('max_block_size') AS b"
      const clickhouse_settings = {
        max_block_size: String(1000 + n),
        output_format_json_quote_64bit_integers: 0 as const,
      }
      return (
        await client.query({
          query,
          query_params: { n },
          clickhouse_settings,
          format: 'JSONEachRow',
        })
      ).json()
    }
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => ask(n)))
    expect(answers).toEqual(Array.from({ length: 100 }, (_, n) => [{ n, b: 1000 + n }]))
    const after = await rows(
      "SELECT count() AS n FROM system.settings WHERE name = 'max_block_size' AND changed",
    )
    expect(after).toEqual([{ n: 0 }])
  })

  it('forgets SET of an earlier query and a parameter that is not given', async () => {
    for (let n = 0; n < 10; n++) await client.command({ query: 'SET max_block_size = 77' })
    expect(await rows("SELECT getSetting('max_block_size') = 77 AS leaked")).toEqual([
      { leaked: 0 },
    ])
    await expect(rows('SELECT {n:UInt32} AS n')).rejects.toMatchObject({ code: '456' })
  })

  it('returns CSV, Native and what FORMAT in the query says', async () => {
    const csv = await client.query({ query: "SELECT 1, 'a'", format: 'CSV' })
    expect(await csv.text()).toBe('1,"a"\n')
    const exec = await client.exec({ query: 'SELECT toUInt16(258) FORMAT RowBinary' })
    expect(await buffer(exec.stream)).toEqual(Buffer.from([2, 1]))
  })

  it('echoes the query id', async () => {
    expect((await client.command({ query: 'SELECT 1', query_id: 'mine' })).query_id).toBe('mine')
  })
})

describe('errors', () => {
  it.each([
    ['SELECT * FROM nope', '60', 'UNKNOWN_TABLE', 404],
    ['SELECT * FROM nope.nope', '81', 'UNKNOWN_DATABASE', 404],
    ['SELECT 1 +', '62', 'SYNTAX_ERROR', 400],
    ['SELECT 1; SELECT 2', '62', 'SYNTAX_ERROR', 400],
    ['SELECT throwIf(1)', '395', 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO', 500],
  ])('%s fails with code %s', async (query, code, type, status) => {
    await expect(client.command({ query })).rejects.toMatchObject({ code, type })
    const response = await fetch(front.url, { method: 'POST', body: query })
    expect([response.status, response.headers.get('x-clickhouse-exception-code')]).toEqual([
      status,
      code,
    ])
  })

  it('refuses a query id that is running', async () => {
    const run = (): Promise<unknown> =>
      client.command({ query: 'SELECT sleep(1)', query_id: 'twice' })
    const results = await Promise.allSettled([run(), run()])
    expect(results.filter((result) => result.status === 'rejected')).toMatchObject([
      { reason: { code: '216' } },
    ])
  })
})

describe('inserts', () => {
  it('inserts rows and reports how many', async () => {
    await table('plain')
    const values = [
      { id: 1, s: 'a' },
      { id: 2, s: 'b' },
    ]
    const done = await client.insert({ table: 'plain', values, format: 'JSONEachRow' })
    expect(done.summary?.written_rows).toBe('2')
    expect(await rows("SELECT DISTINCT _part = '' AS bare FROM plain")).toEqual([{ bare: 0 }])
    const parts =
      "SELECT toUInt32(sum(rows)) AS n FROM system.parts WHERE table = 'plain' AND active"
    expect(await rows(parts)).toEqual([{ n: 2 }])
  })

  it('inserts a stream, RowBinary, Native and VALUES', async () => {
    await table('formats')
    await client.insert({
      table: 'formats',
      values: Readable.from([{ id: 1, s: 'x' }]),
      format: 'JSONEachRow',
    })
    const binary = Readable.from([Buffer.from([2, 0, 0, 0, 3, 0, 59, 10])], { objectMode: false })
    const done = await client.exec({
      query: 'INSERT INTO formats FORMAT RowBinary',
      values: binary,
    })
    await text(done.stream)
    const native = await client.exec({ query: "SELECT toUInt32(3) AS id, 'n' AS s FORMAT Native" })
    const block = Readable.from([await buffer(native.stream)], { objectMode: false })
    await text(
      (await client.exec({ query: 'INSERT INTO formats FORMAT Native', values: block })).stream,
    )
    await client.command({ query: "INSERT INTO formats VALUES (4, 'v;w')" })
    expect(await rows('SELECT id, hex(s) AS h FROM formats ORDER BY id')).toEqual([
      { id: 1, h: '78' },
      { id: 2, h: '003B0A' },
      { id: 3, h: '6E' },
      { id: 4, h: '763B77' },
    ])
  })

  it.each(['CSV', 'TabSeparated'] as const)('inserts streamed %s', async (format) => {
    await table(format)
    const separator = format === 'CSV' ? ',' : '\t'
    const lines = Array.from({ length: 5000 }, (_, id) => `${id}${separator}s${id}\n`)
    const values = Readable.from(lines, { objectMode: false })
    const done = await client.insert({ table: format, values, format })
    expect(done.summary?.written_rows).toBe('5000')
    expect(await rows(`SELECT sum(id) AS ids, uniqExact(s) AS texts FROM ${format}`)).toEqual([
      { ids: 12497500, texts: 5000 },
    ])
  })

  it('answers selects while big inserts run', async () => {
    await table('big')
    const values = Array.from({ length: 50_000 }, (_, id) => ({ id, s: 'payload'.repeat(10) }))
    const inserts = Promise.all(
      [1, 2, 3].map(() => client.insert({ table: 'big', values, format: 'JSONEachRow' })),
    )
    await Promise.all(Array.from({ length: 20 }, () => count('big')))
    await inserts
    expect(await count('big')).toEqual([{ n: 150_000 }])
  })

  it('replaces rows under FINAL', async () => {
    const query =
      'CREATE TABLE latest (id UInt32, v UInt32) ENGINE = ReplacingMergeTree(v) ORDER BY id'
    await client.command({ query })
    for (const v of [1, 2])
      await client.insert({ table: 'latest', values: [{ id: 1, v }], format: 'JSONEachRow' })
    expect(await rows('SELECT v FROM latest FINAL')).toEqual([{ v: 2 }])
  })
})

it('keeps acknowledged rows over kill -9 and starts again on the same directory', async () => {
  await table('durable')
  let acked = 0
  const insert = async (): Promise<void> => {
    for (;;) {
      await client.insert({
        table: 'durable',
        values: [{ id: acked, s: 'k' }],
        format: 'JSONEachRow',
      })
      acked += 1
    }
  }
  const inserting = insert().catch(() => undefined)
  await until(() => acked > 20, { timeoutMs: 10_000, what: 'twenty inserts' })
  await front.stop('SIGKILL')
  await inserting
  await front.startAgain()
  const query = `SELECT toUInt32(countIf(id < ${acked})) AS kept FROM durable`
  expect(await rows(query)).toEqual([{ kept: acked }])
}, 60_000)
