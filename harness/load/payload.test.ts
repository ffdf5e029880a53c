import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { payloadLimit, payloads } from './payload.ts'

const shape = z.strictObject({
  run: z.string(),
  lane: z.int(),
  seq: z.int(),
  key: z.string(),
  intended: z.string(),
  body: z.string(),
  sum: z.int(),
})
const fields = { run: 'r1', lane: 1, seq: 12_345, key: 'k99', intended: '1234.500' }

describe('a payload', () => {
  it('carries its fields and a checksum over all of them', () => {
    const event = shape.parse(JSON.parse(payloads(7, 800)(5, fields).toString()))
    expect(event).toMatchObject(fields)
    const { run, lane, seq, key, intended, body } = event
    expect(event.sum).toBe(crc32([run, lane, seq, key, intended, body].join('|')))
  })

  it.each([1, 200, 800, 10_000])(
    'of %i bytes is about as large, and never above its limit',
    (size) => {
      const { length } = payloads(7, size)(5, fields)
      expect(length).toBeLessThanOrEqual(payloadLimit(size))
      expect(length).toBeGreaterThan(size - 60)
    },
  )

  it('differs in its body from event to event, and is the same again for the same seed', () => {
    const bodyOf = (seed: number, index: number): string =>
      shape.parse(JSON.parse(payloads(seed, 200)(index, fields).toString())).body
    expect(bodyOf(7, 1)).not.toBe(bodyOf(7, 2))
    expect(bodyOf(7, 1)).not.toBe(bodyOf(8, 1))
    expect(bodyOf(7, 1)).toBe(bodyOf(7, 1))
  })
})
