import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { ClickHouseError } from './errors.ts'
import type { Answer } from './session.ts'

const compress = promisify(gzip)
/** The server's default http_zlib_compression_level. */
const GZIP_LEVEL = 3

export interface AnswerOptions {
  readonly queryId: string
  readonly format: string
  readonly elapsedNs: bigint
  readonly insert: boolean
  readonly gzip: boolean
}

export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  options: AnswerOptions,
): Promise<void> {
  const body = options.gzip ? await compress(answer.bytes, { level: GZIP_LEVEL }) : answer.bytes
  response.writeHead(200, {
    'Content-Type': contentType(options.format),
    'Content-Length': body.length,
    ...(options.gzip ? { 'Content-Encoding': 'gzip' } : {}),
    'X-ClickHouse-Server-Display-Name': 'freshet-clickhouse',
    'X-ClickHouse-Query-Id': options.queryId,
    'X-ClickHouse-Format': options.format,
    'X-ClickHouse-Timezone': process.env['TZ'] ?? 'UTC',
    'X-ClickHouse-Summary': summary(answer, options),
  })
  response.end(body)
}

export function sendError(response: ServerResponse, error: ClickHouseError, queryId: string): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(error.status, {
    'Content-Type': 'text/plain; charset=UTF-8',
    'X-ClickHouse-Query-Id': queryId,
    'X-ClickHouse-Exception-Code': String(error.code),
  })
  response.end(`${error.message}\n`)
}

export function wantsGzip(request: IncomingMessage, fields: URLSearchParams): boolean {
  const enabled = ['1', 'true'].includes(fields.get('enable_http_compression') ?? '0')
  return enabled && String(request.headers['accept-encoding'] ?? '').includes('gzip')
}

/** The engine does not say what a SELECT read: those fields are missing rather than wrong. */
function summary(answer: Answer, { insert, elapsedNs }: AnswerOptions): string {
  const [rows, bytes] = [String(answer.resultRows), String(answer.resultBytes)]
  return JSON.stringify({
    ...(insert ? { read_rows: rows, read_bytes: bytes } : {}), // the server counts the body as read
    written_rows: insert ? rows : '0',
    written_bytes: insert ? bytes : '0',
    total_rows_to_read: '0',
    result_rows: rows,
    result_bytes: bytes,
    elapsed_ns: String(elapsedNs),
  })
}

/** As the server's formats declare it. */
function contentType(format: string): string {
  if (/^JSON.*EachRow/.test(format)) return 'application/x-ndjson; charset=UTF-8'
  if (format.startsWith('JSON')) return 'application/json; charset=UTF-8'
  if (format.startsWith('CSV')) return 'text/csv; charset=UTF-8; header=absent'
  if (/^(TabSeparated|TSV)/.test(format)) return 'text/tab-separated-values; charset=UTF-8'
  if (/^(RowBinary|Native|Parquet|Arrow|ORC|MsgPack|Protobuf|Avro)/.test(format))
    return 'application/octet-stream'
  return 'text/plain; charset=UTF-8'
}
