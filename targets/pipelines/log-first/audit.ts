import type { AuditRows } from '../../target.ts'
import type { LogFirstOptions } from './options.ts'

const CHECKED = `concat(run, '|', toString(lane), '|', toString(seq), '|', key, '|', intended, '|', body)`
const STORED = `SELECT lane, seq, count() AS c, uniqExact(part, off) AS p, count() AS v,
  max(run != {run: String} OR sum != CRC32(${CHECKED})) AS bad FROM events GROUP BY lane, seq`
const FINAL = `SELECT lane, seq, 0 AS c, 0 AS p, count() AS v, 0 AS bad FROM events FINAL GROUP BY lane, seq`
const COLUMNS = 'lane, seq, toUInt32(c), toUInt32(p), toUInt32(v), toUInt8(bad)'

/** From the parts' own counts: it shares nothing with the query below. */
export const STORED_ROWS = 'SELECT count() FROM events FORMAT RowBinary'

/** One row per (lane, seq). Where the table deduplicates, what a reader sees comes from FINAL. */
export function auditQuery(delivery: LogFirstOptions['delivery']): string {
  if (delivery === 'at-least-once') return `SELECT ${COLUMNS} FROM (${STORED}) FORMAT RowBinary`
  const both = `(${STORED.replace('count() AS v', '0 AS v')}) UNION ALL (${FINAL})`
  const joined = `SELECT lane, seq, sum(c) AS c, sum(p) AS p, sum(v) AS v, max(bad) AS bad FROM (${both}) GROUP BY lane, seq`
  return `SELECT ${COLUMNS} FROM (${joined}) FORMAT RowBinary`
}

const ROW_BYTES = 2 + 4 + 4 + 4 + 4 + 1

/** The answer to `auditQuery`. */
export function parseAudit(bytes: Buffer): AuditRows {
  if (bytes.length % ROW_BYTES !== 0)
    throw new Error(`the audit's answer has ${bytes.length} bytes, not whole rows`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = bytes.length / ROW_BYTES
  const uint32 = (offset: number): Uint32Array =>
    Uint32Array.from({ length }, (_, row) => view.getUint32(row * ROW_BYTES + offset, true))
  return {
    lane: Uint16Array.from({ length }, (_, row) => view.getUint16(row * ROW_BYTES, true)),
    seq: uint32(2),
    copies: uint32(6),
    positions: uint32(10),
    visible: uint32(14),
    corrupt: Uint8Array.from({ length }, (_, row) => view.getUint8(row * ROW_BYTES + 18)),
  }
}
