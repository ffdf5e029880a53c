import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
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

/** ClickHouse's HTTP interface before the embedded engine. */
export function createFront(options: FrontOptions): Server {
  const runningIds = new Set<string>()
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: 1 << 20 },
    (request, response) => {
      const url = new URL(request.url ?? '/', 'http://front')
      if (url.pathname === '/ping' || url.pathname === '/replicas_status')
        return void sendText(response, 200, 'Ok.\n')
      if (url.pathname !== '/')
        return void sendText(response, 404, `There is no handle ${url.pathname}\n`)
      if (request.method === 'GET' && !url.searchParams.has('query'))
        return void sendText(response, 200, 'Ok.\n')
      void answerQuery({ ...options, runningIds, request, response, fields: url.searchParams })
    },
  )
  return server
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
    fields: all,
    headers: request.headers,
    body: multipart ? Buffer.alloc(0) : body,
  })
  const answer = await engine.run(query, gone.signal)
  await sendAnswer(response, answer, {
    queryId,
    format: query.statement.format ?? query.defaultFormat,
    elapsedNs: process.hrtime.bigint() - startedAt,
    gzip: wantsGzip(request, fields),
  })
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=UTF-8' }).end(text)
}
