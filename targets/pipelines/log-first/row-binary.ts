import type { ClickHouseClient } from '@clickhouse/client'

/** Runs a query whose FORMAT is RowBinary and gives the whole answer. */
export async function queryBinary(
  client: ClickHouseClient,
  query: string,
  options: BinaryOptions,
): Promise<Buffer> {
  const result = await client.exec({
    query,
    query_params: options.params ?? {},
    abort_signal: options.signal,
  })
  const chunks: Buffer[] = []
  for await (const chunk of result.stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
export interface BinaryOptions {
  readonly params?: Record<string, unknown>
  readonly signal: AbortSignal
}
