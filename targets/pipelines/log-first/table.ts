import type { ClickHouseClient } from '@clickhouse/client'
import type { LogFirstOptions } from './options.ts'

const ENGINES = { 'at-least-once': 'MergeTree', deduplicated: 'ReplacingMergeTree' } as const

/**
 * `intended` stays text: the checksum covers the very characters that the producer wrote. Merges keep the block number
 * of each row, so that the landing probe reads of a merged part only what it has not seen.
 */
export async function createTable(
  client: ClickHouseClient,
  delivery: LogFirstOptions['delivery'],
): Promise<void> {
  await client.command({
    query: `CREATE TABLE events (
      run String, lane UInt16, seq UInt32, key String, intended String, body String, sum UInt32,
      part Int32, off Int64
    ) ENGINE = ${ENGINES[delivery]} ORDER BY (lane, seq)
    SETTINGS enable_block_number_column = 1`,
  })
}
