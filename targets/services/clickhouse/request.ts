import { frontError } from './errors.ts'
import type { Query } from './session.ts'
import { readStatement, type Statement } from './statement.ts'

/** URL parameters that belong to the HTTP interface and are no settings of the engine. */
const HTTP_ONLY = new Set([
  ...['query', 'query_id', 'database', 'default_format', 'user', 'password', 'quota_key', 'role'],
  ...['session_id', 'session_timeout', 'session_check', 'close_session', 'client_protocol_version'],
  ...['compress', 'decompress', 'stacktrace', 'buffer_size', 'wait_end_of_query', 'framing'],
  ...[
    'send_progress_in_http_headers',
    'http_headers_progress_interval_ms',
    'http_max_request_param_data_size',
  ],
  ...['enable_http_compression', 'http_zlib_compression_level', 'http_response_buffer_size'],
  ...[
    'http_native_compression_disable_checksumming_on_decompress',
    'http_write_exception_in_output_format',
  ],
  ...[
    'cancel_http_readonly_queries_on_client_close',
    'add_http_cors_header',
    'http_wait_end_of_query',
  ],
])

export interface RequestParts {
  readonly method: string
  /** Of the URL, and of the multipart body when there is one. */
  readonly fields: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** Enough of a body to see whether it is an INSERT. */
const HEAD_BYTES = 16_384

/** The query of a request: as the server does, the text in the URL and the body are one text, URL first. */
export function readQuery({ method, fields, headers, body }: RequestParts): Query {
  refuseUnsupported(fields)
  const inUrl = fields.get('query') ?? ''
  const head = readStatement(inUrl.trim() === '' ? body.toString('utf8', 0, HEAD_BYTES) : inUrl)
  // An INSERT's data stays bytes: it may be big, and need not be text.
  const whole = head.kind === 'insert' ? inUrl : join(inUrl, body.toString('utf8'))
  const statement = head.kind === 'insert' ? head : readStatement(whole)
  if (whole.trim() === '' && body.length === 0) throw frontError(62, 'Syntax error: Empty query.')
  if (statement.multiple) throw frontError(62, 'Syntax error: Multi-statements are not allowed.')
  refuseStatement(statement, whole, method)
  const format =
    fields.get('default_format') ?? header(headers, 'x-clickhouse-format') ?? 'TabSeparated'
  return {
    statement,
    text: whole,
    body,
    defaultFormat: format,
    database: fields.get('database') ?? header(headers, 'x-clickhouse-database') ?? 'default',
    settings: new Map(
      [...fields].filter(([name]) => !HTTP_ONLY.has(name) && !name.startsWith('param_')),
    ),
    parameters: new Map(
      [...fields]
        .filter(([name]) => name.startsWith('param_'))
        .map(([name, value]) => [name.slice(6), value]),
    ),
  }
}

function join(first: string, second: string): string {
  return [first, second].filter((part) => part !== '').join('\n')
}

function header(headers: RequestParts['headers'], name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function refuseStatement(statement: Statement, text: string, method: string): void {
  if (method !== 'POST' && !statement.readOnly) {
    const why = `For queries over HTTP, method ${method} implies readonly. You should use method POST for modifying queries.`
    throw frontError(164, `Cannot execute query in readonly mode. ${why}`)
  }
  // The engine would wait for itself: it forgets a killed query only with the next one of its connection.
  if (statement.kind === 'kill' && /\bSYNC\s*(FORMAT\s+\w+\s*)?;?\s*$/i.test(text))
    throw frontError(48, 'This embedded ClickHouse has no KILL QUERY ... SYNC; use ASYNC.')
}

/** Better an error than an answer that differs from the server's. */
function refuseUnsupported(fields: URLSearchParams): void {
  if (fields.has('session_id'))
    throw frontError(48, 'This embedded ClickHouse has no HTTP sessions (session_id).')
  if (fields.get('compress') === '1' || fields.get('decompress') === '1') {
    throw frontError(
      48,
      "This embedded ClickHouse speaks gzip only, not ClickHouse's own block compression.",
    )
  }
}
