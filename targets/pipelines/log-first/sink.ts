import { createClient } from '@clickhouse/client'
import type { AuditRows, Sink } from '../../target.ts'
import { auditQuery, parseAudit, STORED_ROWS } from './audit.ts'
import { inLog } from './in-log.ts'
import type { LogSpec } from './in-log.ts'
import { newRows, partReader } from './landed.ts'
import type { LogFirstOptions } from './options.ts'
import { queryBinary } from './row-binary.ts'

export interface SinkSpec {
  /** ClickHouse itself, past the proxy. */
  readonly url: string
  readonly delivery: LogFirstOptions['delivery']
  readonly log: LogSpec
}

/** The far end, read directly: a fault on the link `sink` must not blind the probes. */
export function clickhouseSink({ url, delivery, log }: SinkSpec): Sink {
  const client = createClient({ url })
  const seen = new Set<number>()
  return {
    landed: (signal, visible) => newRows(partReader(client, signal), seen, visible),
    audit: (signal) => audit({ url, delivery, log }, signal),
    inLog: (events, signal) => inLog(log, events, signal),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

/** Over a connection of its own, so that the probe's state is not in question. */
async function audit({ url, delivery, log }: SinkSpec, signal: AbortSignal): Promise<AuditRows> {
  const fresh = createClient({
    url,
    request_timeout: 120_000,
    clickhouse_settings: {
      send_progress_in_http_headers: 1,
      http_headers_progress_interval_ms: '50000',
    },
  })
  try {
    const params = { run: log.runId }
    const rows = parseAudit(await queryBinary(fresh, auditQuery(delivery), { params, signal }))
    const count = await queryBinary(fresh, STORED_ROWS, { signal })
    return {
      ...rows,
      storedRows: Number(count.readBigUInt64LE()),
      copiesMerged: delivery === 'deduplicated',
    }
  } finally {
    await fresh.close()
  }
}
