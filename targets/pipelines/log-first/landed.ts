import type { ClickHouseClient } from '@clickhouse/client'
import type { LandedRows } from '../../target.ts'
import { queryBinary } from './row-binary.ts'

/** The block numbers in a part's name, `all_MIN_MAX_LEVEL`; a mutation's number may follow. */
export function blocksOf(part: string): readonly [min: number, max: number] {
  const match = /^[^_]+_(\d+)_(\d+)_\d+/.exec(part)
  if (match === null) throw new Error(`${part} is not the name of a part`)
  return [Number(match[1]), Number(match[2])]
}

/** Remembers the blocks whose rows were reported. */
export class SeenBlocks {
  readonly #seen = new Set<number>()

  hasNew(part: string): boolean {
    const [min, max] = blocksOf(part)
    for (let block = min; block <= max; block++) if (!this.#seen.has(block)) return true
    return false
  }

  add(part: string): void {
    const [min, max] = blocksOf(part)
    for (let block = min; block <= max; block++) this.#seen.add(block)
  }
}

interface PartRows extends LandedRows {
  readonly parts: ReadonlySet<string>
}

export interface Poll {
  readonly signal: AbortSignal
  /** Called when the parts were listed: from then on a query sees their rows. */
  readonly visible?: (() => void) | undefined
}
/** A part may be merged away between the two queries, and the one it went into again. */
const MOST_LISTINGS = 5

/**
 * Rows of the parts that hold a block not yet seen. The rows say which part they are from: a part that was merged away
 * meanwhile gives none, so the parts are listed again; what still escapes stays unseen until the next poll.
 */
export async function newRows(
  client: ClickHouseClient,
  seen: SeenBlocks,
  poll: Poll,
): Promise<LandedRows> {
  const lane: number[] = []
  const seq: number[] = []
  for (let listing = 0; listing < MOST_LISTINGS; listing++) {
    const fresh = (await activeParts(client, poll.signal)).filter((part) => seen.hasNew(part))
    if (fresh.length === 0) break
    poll.visible?.()
    const rows = await rowsOf(client, fresh, poll.signal)
    for (const part of rows.parts) seen.add(part)
    append(lane, rows.lane)
    append(seq, rows.seq)
    if (fresh.every((part) => rows.parts.has(part))) break
  }
  return { lane: Uint16Array.from(lane), seq: Uint32Array.from(seq) }
}

/** Spreading into `push` would overflow the stack. */
function append(to: number[], from: Iterable<number>): void {
  for (const value of from) to.push(value)
}

async function rowsOf(
  client: ClickHouseClient,
  parts: readonly string[],
  signal: AbortSignal,
): Promise<PartRows> {
  const names = parts.map((part) => `'${part}'`).join(',')
  const query = `SELECT lane, seq, _part FROM events WHERE _part IN (${names}) FORMAT RowBinary`
  return parsePartRows(await queryBinary(client, query, { signal }))
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
