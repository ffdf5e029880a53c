import type { ClickHouseClient } from '@clickhouse/client'
import type { LandedRows } from '../../target.ts'
import { queryBinary } from './row-binary.ts'

/** The numbers of the blocks that a part may hold, from its name `all_MIN_MAX_LEVEL`; a mutation's number may follow. */
export function blocksOf(part: string): number[] {
  const match = /^[^_]+_(\d+)_(\d+)_\d+/.exec(part)
  if (match === null) throw new Error(`${part} is not the name of a part`)
  const [min, max] = [Number(match[1]), Number(match[2])]
  return Array.from({ length: max - min + 1 }, (_, index) => min + index)
}

export interface PartRows extends LandedRows {
  /** Those that gave a row. */
  readonly parts: ReadonlySet<string>
}

/** The two questions to the sink. */
export interface PartReader {
  /** Names of the active parts. */
  list(): Promise<readonly string[]>
  /** The rows of these blocks in these parts; a part that was merged away meanwhile gives none. */
  read(parts: readonly string[], blocks: readonly number[]): Promise<PartRows>
}

/** A part may be merged away between the two queries, and the one it went into again. */
const MOST_LISTINGS = 5

/**
 * Rows of the blocks not in `seen`, which are added to it once nothing can fail any more: what is read and not returned
 * has to be read again. A part is done with when it gave rows, or is still listed after it gave none: then later copies
 * replaced all of them. One that was merged away is looked for again; what still escapes stays unseen until the next
 * call. `visible` is called when the parts were listed: from then on a query sees their rows.
 */
export async function newRows(
  reader: PartReader,
  seen: Set<number>,
  visible?: () => void,
): Promise<LandedRows> {
  const lane: number[] = []
  const seq: number[] = []
  const done = new Set<number>()
  const unseen = (part: string): number[] =>
    blocksOf(part).filter((block) => !seen.has(block) && !done.has(block))
  let silent: readonly string[] = []
  for (let listing = 0; listing < MOST_LISTINGS; listing++) {
    const parts = await reader.list()
    for (const part of parts.filter((one) => silent.includes(one)))
      for (const block of blocksOf(part)) done.add(block)
    const fresh = parts.filter((part) => unseen(part).length > 0)
    if (fresh.length === 0) break
    visible?.()
    const rows = await reader.read(fresh, fresh.flatMap(unseen))
    for (const part of rows.parts) for (const block of blocksOf(part)) done.add(block)
    append(lane, rows.lane)
    append(seq, rows.seq)
    silent = fresh.filter((part) => !rows.parts.has(part))
    if (silent.length === 0) break
  }
  for (const block of done) seen.add(block)
  return { lane: Uint16Array.from(lane), seq: Uint32Array.from(seq) }
}

/** Spreading into `push` would overflow the stack. */
function append(to: number[], from: Iterable<number>): void {
  for (const value of from) to.push(value)
}

export function partReader(client: ClickHouseClient, signal: AbortSignal): PartReader {
  return {
    list: () => activeParts(client, signal),
    read: async (parts, blocks) => {
      const names = parts.map((part) => `'${part}'`).join(',')
      const query = `SELECT lane, seq, _part FROM events
        WHERE _part IN (${names}) AND _block_number IN (${blocks.join(',')}) FORMAT RowBinary`
      return parsePartRows(await queryBinary(client, query, { signal }))
    },
  }
}

export async function activeParts(
  client: ClickHouseClient,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const result = await client.query({
    query: `SELECT name FROM system.parts WHERE database = currentDatabase() AND table = 'events' AND active`,
    format: 'JSONEachRow',
    abort_signal: signal,
  })
  return (await result.json<{ name: string }>()).map(({ name }) => name)
}

/** lane UInt16, seq UInt32, then the part's name: its length in one byte (names are short), and its bytes. */
export function parsePartRows(bytes: Buffer): PartRows {
  const lane: number[] = []
  const seq: number[] = []
  const parts = new Set<string>()
  for (let at = 0; at < bytes.length;) {
    lane.push(bytes.readUInt16LE(at))
    seq.push(bytes.readUInt32LE(at + 2))
    const end = at + 7 + bytes.readUInt8(at + 6)
    parts.add(bytes.toString('latin1', at + 7, end))
    at = end
  }
  return { lane: Uint16Array.from(lane), seq: Uint32Array.from(seq), parts }
}
