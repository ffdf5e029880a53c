import { once } from 'node:events'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../../../harness/lib/until.ts'
import { TestFront } from './front.fixture.ts'

const MAX_BODY_BYTES = 1_000_000
let front: TestFront
beforeAll(async () => {
  front = await TestFront.start('--max-body-bytes', String(MAX_BODY_BYTES))
  await ask({}, 'CREATE TABLE t (id UInt32, s String) ENGINE = MergeTree ORDER BY id')
})
afterAll(() => front[Symbol.asyncDispose]())

interface Answer {
  readonly status: number
  readonly code: string | null
  readonly headers: Headers
  readonly text: string
}

async function ask(
  fields: Readonly<Record<string, string>>,
  body?: NonNullable<RequestInit['body']>,
  init: RequestInit = {},
): Promise<Answer> {
  const url = `${front.url}/?${new URLSearchParams(fields).toString()}`
  const response = await fetch(url, { method: 'POST', body: body ?? null, duplex: 'half', ...init })
  const text = await response.text()
  const { status, headers } = response
  return { status, code: headers.get('x-clickhouse-exception-code'), headers, text }
}

async function count(where = '1'): Promise<number> {
  return Number((await ask({}, `SELECT count() FROM t WHERE ${where}`)).text)
}

/** Bytes as they are, over a connection of their own; the answer ends with the connection. */
async function raw(request: string): Promise<string> {
  const socket = connect(front.port, '127.0.0.1')
  socket.end(request)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return text
}

function chunked(...chunks: readonly (string | Buffer)[]): ReadableStream {
  return ReadableStream.from(chunks.map((one) => new Uint8Array(Buffer.from(one))))
}

describe('requests', () => {
  it.each([
    [{ default_format: 'CSV' }, {}, '"a"\n', 'CSV'],
    [{}, { 'X-ClickHouse-Format': 'JSONEachRow' }, '{"x":"a"}\n', 'JSONEachRow'],
    [{}, {}, 'a\n', 'TabSeparated'],
  ])('take the format from %j and %j', async (fields, headers, text, format) => {
    const answer = await ask(fields, "SELECT 'a' AS x", { headers })
    expect(answer.text).toBe(text)
    expect(answer.headers.get('x-clickhouse-format')).toBe(format)
  })

  it('take the database from the parameter and the header, and any user', async () => {
    const query = 'SELECT currentDatabase()'
    expect((await ask({ database: 'system' }, query)).text).toBe('system\n')
    const headers = {
      'X-ClickHouse-Database': 'system',
      'X-ClickHouse-User': 'someone',
      'X-ClickHouse-Key': 'secret',
    }
    expect((await ask({}, query, { headers })).text).toBe('system\n')
    const basic = { Authorization: `Basic ${Buffer.from('someone:secret').toString('base64')}` }
    expect((await ask({}, query, { headers: basic })).text).toBe('default\n')
    expect((await ask({ database: 'nowhere' }, query)).code).toBe('81')
  })

  it('say in the summary what came out and what was written', async () => {
    const summary = (answer: Answer): unknown =>
      JSON.parse(answer.headers.get('x-clickhouse-summary') ?? '{}')
    const select = summary(await ask({}, 'SELECT number FROM numbers(1000) LIMIT 7'))
    expect(select).toMatchObject({ result_rows: '7', written_rows: '0' })
    expect(select).not.toHaveProperty('read_rows')
    const insert = await ask({ query: 'INSERT INTO t FORMAT TSV' }, '101\ta\n102\tb\n')
    expect(summary(insert)).toMatchObject({ written_rows: '2', result_rows: '2' })
  })

  it('may read by GET and HEAD, and write by POST only', async () => {
    const get = { method: 'GET' }
    expect((await ask({ query: 'SELECT 7' }, undefined, get)).text).toBe('7\n')
    const head = await ask({ query: 'SELECT 7' }, undefined, { method: 'HEAD' })
    expect([head.status, head.text]).toEqual([200, ''])
    const write = await ask({ query: "INSERT INTO t VALUES (100, 'get')" }, undefined, get)
    expect([write.code, await count('id = 100')]).toEqual(['164', 0])
  })

  it.each([
    ['OPTIONS', '/', 204],
    ['PUT', '/', 405],
    ['GET', '/', 200],
    ['HEAD', '/ping', 200],
    ['GET', '/play', 404],
  ])('%s %s is answered with %i', async (method, path, status) => {
    expect((await fetch(front.url + path, { method })).status).toBe(status)
  })

  it.each([
    ['a target that is no path', 'GET // HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '404'],
    ['a target that is no URL', 'GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n', '404'],
    ['no HTTP', 'SELECT 1\r\n\r\n', '400'],
    ['a length that is no number', 'POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n', '400'],
  ])('survive %s', async (_, request, status) => {
    expect((await raw(request)).slice(0, 12)).toBe(`HTTP/1.1 ${status}`)
    expect((await ask({}, 'SELECT 1')).text).toBe('1\n')
  })

  it('are refused where the embedded engine could only differ from the server', async () => {
    expect((await ask({ session_id: 'mine' }, 'SELECT 1')).code).toBe('48')
    expect((await ask({ compress: '1' }, 'SELECT 1')).code).toBe('48')
    expect((await ask({}, "KILL QUERY WHERE query_id = 'x' SYNC")).code).toBe('48')
  })
})

describe('inserts', () => {
  const VALUES = [
    ['JSONEachRow', '{"id":1,"s":"a\\tb"}\n{"id":2,"s":"ü"}\n'],
    ['JSONCompactEachRow', '[1,"a\\tb"]\n[2,"ü"]\n'],
    ['CSV', '1,"a\tb"\n2,ü\n'],
    ['CSVWithNames', 's,id\n"a\tb",1\nü,2\n'],
    ['TSV', '1\ta\\tb\n2\tü\n'],
    ['TabSeparatedWithNames', 'id\ts\n1\ta\\tb\n2\tü\n'],
    ['Values', "(1,'a\\tb'),(2,'ü')"],
    ['RowBinary', Buffer.from('01000000036109620200000002c3bc', 'hex')],
  ] as const

  it.each(VALUES)('take %s, plain, chunked and gzipped', async (format, data) => {
    const bytes = Buffer.from(data)
    const fields = { query: `INSERT INTO ${format} FORMAT ${format}` }
    await ask({}, `CREATE TABLE ${format} (id UInt32, s String) ENGINE = MergeTree ORDER BY id`)
    const gzip = { headers: { 'Content-Encoding': 'gzip' } }
    const split = Math.floor(bytes.length / 2)
    const answers = [
      await ask(fields, new Uint8Array(bytes)),
      await ask(fields, chunked(bytes.subarray(0, split), bytes.subarray(split))),
      await ask(fields, chunked(gzipSync(bytes)), gzip),
    ]
    expect(answers.map((one) => one.text)).toEqual(['', '', ''])
    const stored = await ask(
      {},
      `SELECT id, hex(s), count() FROM ${format} GROUP BY ALL ORDER BY id`,
    )
    expect(stored.text).toBe('1\t610962\t3\n2\tC3BC\t3\n')
  })

  it('may have their whole text in the body, also as INSERT SELECT', async () => {
    await ask({}, chunked("INSERT INTO t FORMAT CSV\n200,'x'\n"))
    await ask({}, "INSERT INTO t SELECT number + 201, 'y' FROM numbers(9)")
    expect(await count('id BETWEEN 200 AND 209')).toBe(10)
  })

  it('are all or nothing: a bad row in the middle takes the others with it', async () => {
    const bad = '{"id":300}\n{"id":"zzz"}\n{"id":301}\n'
    const answer = await ask({ query: 'INSERT INTO t FORMAT JSONEachRow' }, bad)
    expect([answer.code, answer.status]).toEqual(['27', 400])
    expect(await count('id BETWEEN 300 AND 301')).toBe(0)
  })

  it.each([
    ['a stated length', {}, new Uint8Array(MAX_BODY_BYTES + 1)],
    ['chunks', {}, chunked(Buffer.alloc(MAX_BODY_BYTES), 'x')],
    ['gzip', { 'Content-Encoding': 'gzip' }, new Uint8Array(gzipSync(Buffer.alloc(50_000_000)))],
  ])('beyond the limit are refused with 413: %s', async (_, headers, body) => {
    const answer = await ask({ query: 'INSERT INTO t FORMAT TSV' }, body, { headers })
    expect([answer.status, answer.code]).toEqual([413, '241'])
    expect(answer.text).toContain(`${MAX_BODY_BYTES} bytes`)
  })

  it.each([
    ['gzip', Buffer.from('no gzip'), '354'],
    ['gzip', gzipSync('400\ta\n').subarray(0, 20), '354'],
    ['lz77', Buffer.from('400\ta\n'), '48'],
  ])('in broken %s are refused', async (encoding, body, code) => {
    const headers = { 'Content-Encoding': encoding }
    const answer = await ask({ query: 'INSERT INTO t FORMAT TSV' }, new Uint8Array(body), {
      headers,
    })
    expect([answer.code, await count('id = 400')]).toEqual([code, 0])
  })

  it('insert nothing when the client goes away in the middle', async () => {
    const socket = connect(front.port, '127.0.0.1')
    const query = encodeURIComponent('INSERT INTO t FORMAT TSV')
    const head = `POST /?query=${query}&query_id=half HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n`
    socket.write(`${head}Expect: 100-continue\r\n\r\n`)
    await once(socket, 'data')
    socket.write('500\ta\n501\tb\n')
    const inUse = async (): Promise<boolean> =>
      (await ask({ query_id: 'half' }, 'SELECT 1')).code === '216'
    expect(await inUse()).toBe(true)
    socket.destroy()
    await until(async () => !(await inUse()), { timeoutMs: 5000, what: 'the insert to have ended' })
    expect(await count('id BETWEEN 500 AND 501')).toBe(0)
  })

  it.each(['0', '1'])(
    'with async_insert and wait_for_async_insert=%s outlive kill -9',
    async (wait) => {
      const query = 'INSERT INTO t FORMAT TSV'
      const fields = { query, async_insert: '1', wait_for_async_insert: wait }
      expect((await ask(fields, `60${wait}\ta\n`)).status).toBe(200)
      await front.stop('SIGKILL')
      await front.startAgain()
      expect(await count(`id = 60${wait}`)).toBe(1)
    },
  )
})

describe('running queries', () => {
  const SLOW =
    'SELECT sleepEachRow(0.02) FROM numbers(1000) SETTINGS max_block_size = 5 FORMAT Null'
  const running = async (id: string): Promise<boolean> => {
    const query =
      "SELECT count() FROM system.processes WHERE query_id = {id:String} AND query != ''"
    return (await ask({ param_id: id }, query)).text === '1\n'
  }

  it('show their id in system.processes and end by KILL QUERY', async () => {
    const slow = ask({ query_id: "it's slow" }, SLOW)
    await until(() => running("it's slow"), { timeoutMs: 5000, what: 'the query to run' })
    await ask({}, "KILL QUERY WHERE query_id = 'another'")
    const killed = await ask({}, "KILL QUERY WHERE query_id = 'it\\'s slow' FORMAT JSONEachRow")
    expect(killed.text).toContain('"kill_status":"waiting"')
    expect((await slow).code).toBe('394')
    expect(await running("it's slow")).toBe(false)
  })

  it('can be killed when every session is busy', async () => {
    const slow = Array.from({ length: 20 }, (_, n) => ask({ query_id: `busy-${n}` }, SLOW))
    let ended = 0
    for (const one of slow) void one.then(() => (ended += 1))
    const kill = async (): Promise<boolean> => {
      await ask({}, "KILL QUERY WHERE query_id LIKE 'busy-%'")
      return ended === slow.length
    }
    await until(kill, { timeoutMs: 15_000, what: 'twenty queries to end' })
    expect(new Set((await Promise.all(slow)).map((one) => one.code))).toEqual(new Set(['394']))
  })

  it('end with their client when it asked for that', async () => {
    const gone = new AbortController()
    const fields = { query_id: 'left', cancel_http_readonly_queries_on_client_close: '1' }
    const slow = ask(fields, SLOW, { signal: gone.signal }).catch(() => null)
    await until(() => running('left'), { timeoutMs: 5000, what: 'the query to run' })
    gone.abort()
    await until(async () => !(await running('left')), { timeoutMs: 3000, what: 'its end' })
    await slow
  })

  it('leave nothing of a failed answer in the next one', async () => {
    const fails = 'SELECT throwIf(number = 200000) FROM numbers(1000000) SETTINGS max_threads = 1'
    for (let n = 0; n < 8; n++) expect((await ask({}, fails)).code).toBe('395')
    for (let n = 0; n < 16; n++) expect((await ask({}, 'SELECT 1')).text).toBe('1\n')
  })

  it('are finished on SIGTERM, and nothing new is taken', async () => {
    const slow = ask({ query_id: 'last' }, "SELECT sleep(1), 'done'")
    await until(() => running('last'), { timeoutMs: 5000, what: 'the query to run' })
    const stopped = front.stop('SIGTERM')
    await until(async () => (await ask({}, 'SELECT 1').catch(() => null)) === null, {
      timeoutMs: 1000,
      what: 'new connections to be refused',
    })
    expect((await slow).text).toBe('0\tdone\n')
    expect(await stopped).toBe(0)
    await front.startAgain()
  })
})

it('listens on one port, on 127.0.0.1 only', async () => {
  expect(await listening(front.pid)).toEqual([`0100007F:${hex(front.port)}`])
})

it('fails a query that needs more memory than the limit, and goes on', async () => {
  const small = await TestFront.start('--max-memory-bytes', String(800 * 1024 ** 2))
  try {
    const post = (body: string): Promise<Response> => fetch(small.url, { method: 'POST', body })
    const big = await post(
      "SELECT number, repeat('x', 100) FROM numbers(20000000) FORMAT JSONEachRow",
    )
    expect(big.headers.get('x-clickhouse-exception-code')).toBe('241')
    expect(await big.text()).toContain('memory limit exceeded')
    const answers = async (): Promise<boolean> => (await (await post('SELECT 1')).text()) === '1\n'
    await until(answers, { timeoutMs: 10_000, what: 'the memory to be free again' })
  } finally {
    await small[Symbol.asyncDispose]()
  }
})

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')

/** Local addresses of the TCP and UDP sockets of a process that anyone could send to. */
async function listening(pid: number): Promise<string[]> {
  const inodes = new Set<string>()
  for (const fd of await readdir(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
    if (inode !== undefined) inodes.add(inode)
  }
  const tables = await Promise.all(
    ['tcp', 'tcp6', 'udp', 'udp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
  )
  const sockets = tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
  return sockets.flatMap(([, local = '', , state = '', , , , , , inode = '']) =>
    inodes.has(inode) && (state === '0A' || state === '07') ? [local] : [],
  )
}
