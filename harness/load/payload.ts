import { crc32 } from 'node:zlib'
import { unit } from './keys.ts'

export interface EventFields {
  readonly run: string
  readonly lane: number
  readonly seq: number
  readonly key: string
  /** Run ms with three decimals, as text, so that no reader formats it in another way. */
  readonly intended: string
}

/** Bytes of the JSON around the body and of the widest numbers: what `size` has to leave room for. */
const FRAME_BYTES = 140
const SHORTEST_BODY = 8
/** Bodies start at this many places of one block: so often does a text come again. */
const STARTS = 4096

/** Bytes of a payload, at most. */
export const payloadLimit = (sizeBytes: number): number => bodyBytes(sizeBytes) + FRAME_BYTES

const bodyBytes = (sizeBytes: number): number =>
  Math.max(SHORTEST_BODY, Math.round(sizeBytes) - FRAME_BYTES)

/**
 * JSON of about the asked size, with a checksum over all other fields. Written as bytes and the body copied from one
 * prebuilt block: text of this length would be joined, measured and encoded anew for every event.
 */
export function payloads(
  seed: number,
  sizeBytes: number,
): (index: number, fields: EventFields) => Buffer {
  const length = bodyBytes(sizeBytes)
  const block = blockOf(seed, length + STARTS)
  return (index, { run, lane, seq, key, intended }) => {
    const start = index % STARTS
    const body = block.subarray(start, start + length)
    const sum = crc32(body, crc32(`${run}|${lane}|${seq}|${key}|${intended}|`))
    const head = `{"run":"${run}","lane":${lane},"seq":${seq},"key":"${key}","intended":"${intended}","body":"`
    const tail = `","sum":${sum}}`
    const bytes = Buffer.allocUnsafe(head.length + length + tail.length)
    bytes.write(head, 0, 'latin1')
    bytes.set(body, head.length)
    bytes.write(tail, head.length + length, 'latin1')
    return bytes
  }
}

function blockOf(seed: number, length: number): Buffer {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
  const text = Array.from({ length }, (_, i) => alphabet[Math.floor(unit(seed, i, 9) * 36)])
  return Buffer.from(text.join(''), 'latin1')
}
