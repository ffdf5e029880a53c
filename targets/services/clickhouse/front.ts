import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { until } from '../../../harness/lib/until.ts'
import { readBody, readMultipart } from './body.ts'
import type { Engine } from './engine.ts'
import { asClickHouseError, frontError } from './errors.ts'
import { readQuery } from './request.ts'
import { sendAnswer, sendError, wantsGzip } from './response.ts'

export interface FrontOptions {
  readonly engine: Engine
  /** Of one request's body, after decompression. */
  readonly maxBodyBytes: number
}

/** The server's keep_alive_timeout. */
const KEEP_ALIVE_MS = 10_000
/** Of the URL as well, which carries the query's parameters. */
const MAX_HEADER_BYTES = 1 << 20

export interface Front {
  readonly server: Server
  /** Takes no new connection, answers what was accepted, and says whether all was answered within the limit. */
  finish(limitMs: number): Promise<boolean>
}

/** ClickHouse's HTTP interface before the embedded engine. */
export function createFront(options: FrontOptions): Front {
  const runningIds = new Set<string>()
  let open = 0
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MAX_HEADER_BYTES },
    (request, response) => {
      open += 1
      response.on('close', () => (open -= 1))
      const target = `http://front${request.url ?? '/'}`
      if (!URL.canParse(target)) return sendText(response, 400, 'Bad request target\n')
      const url = new URL(target)
      const fixed = fixedAnswer(request.method, url)
      if (fixed !== null) return sendText(response, ...fixed)
      void answerQuery({ ...options, runningIds, request, response, fields: url.searchParams })
    },
  )
  const finish = async (limitMs: number): Promise<boolean> => {
    server.close()
    const isDone = (): boolean => {
      server.closeIdleConnections()
      return open === 0 && options.engine.idle
    }
    const wait = { timeoutMs: limitMs, what: 'accepted queries to end', everyMs: 5 }
    return until(isDone, wait).then(
      () => true,
      () => false,
    )
  }
  return { server, finish }
}

/** What needs no engine: null when the request is a query. */
function fixedAnswer(method: string | undefined, url: URL): [status: number, text: string] | null {
  if (method === 'OPTIONS') return [204, '']
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST')
    return [405, `There is no handle for method ${method}\n`]
  if (url.pathname === '/ping' || url.pathname === '/replicas_status') return [200, 'Ok.\n']
  if (url.pathname !== '/') return [404, `There is no handle ${url.pathname}\n`]
  return method !== 'POST' && !url.searchParams.has('query') ? [200, 'Ok.\n'] : null
}

interface Exchange extends FrontOptions {
  readonly runningIds: Set<string>
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly fields: URLSearchParams
}

/** Never rejects: every failure becomes the response, or nothing when the client is gone. */
async function answerQuery(exchange: Exchange): Promise<void> {
  const { runningIds, response, fields } = exchange
  const queryId = fields.get('query_id') || randomUUID()
  let owned = false
  try {
    if (runningIds.has(queryId))
      throw frontError(216, `Query with id = ${queryId} is already running.`)
    runningIds.add(queryId)
    owned = true
    await runQuery(exchange, queryId)
  } catch (failure) {
    if (!response.destroyed) sendError(response, asClickHouseError(failure), queryId)
  } finally {
    if (owned) runningIds.delete(queryId)
  }
}

async function runQuery(
  { engine, maxBodyBytes, request, response, fields }: Exchange,
  queryId: string,
): Promise<void> {
  const startedAt = process.hrtime.bigint()
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const body = await readBody(request, maxBodyBytes)
  const type = request.headers['content-type'] ?? ''
  const multipart = type.startsWith('multipart/form-data')
  const all = multipart
    ? new URLSearchParams([...fields, ...(await readMultipart(type, body))])
    : fields
  const query = readQuery({
    method: request.method ?? 'POST',
    fields: all,
    headers: request.headers,
    body: multipart ? Buffer.alloc(0) : body,
  })
  if (
    fields.get('cancel_http_readonly_queries_on_client_close') === '1' &&
    query.statement.readOnly
  )
    gone.signal.addEventListener('abort', () => void engine.cancel(queryId).catch(() => undefined))
  const answer = await engine.run(query, { queryId, signal: gone.signal })
  await sendAnswer(response, answer, {
    queryId,
    format: query.statement.format ?? query.defaultFormat,
    elapsedNs: process.hrtime.bigint() - startedAt,
    insert: query.statement.kind === 'insert',
    gzip: wantsGzip(request, fields),
  })
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=UTF-8' }).end(text)
}
