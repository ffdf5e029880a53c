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

/** JSON of about the asked size, with a checksum over all other fields. */
export function payloadOf(fields: EventFields, body: string): string {
  const { run, lane, seq, key, intended } = fields
  const sum = crc32(`${run}|${lane}|${seq}|${key}|${intended}|${body}`)
  return `{"run":"${run}","lane":${lane},"seq":${seq},"key":"${key}","intended":"${intended}","body":"${body}","sum":${sum}}`
}

/** A body whose text differs from event to event, cut from one prebuilt block. */
export function bodies(seed: number, sizeBytes: number): (index: number) => string {
  const length = Math.max(8, Math.round(sizeBytes) - FRAME_BYTES)
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
  const block = Array.from(
    { length: length + 4096 },
    (_, i) => alphabet[Math.floor(unit(seed, i, 9) * 36)],
  ).join('')
  return (index) => block.slice(index % 4096, (index % 4096) + length)
}
