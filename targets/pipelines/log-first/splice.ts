const BRACE = '}'.charCodeAt(0)

/** The message's JSON object with its position appended: no decoding, so what the producer wrote is what is stored. */
export function splicePosition(json: Buffer, partition: number, offset: string): Buffer {
  const end = json.lastIndexOf(BRACE)
  if (end < 0) throw new Error(`no JSON object at offset ${offset} of partition ${partition}`)
  return Buffer.concat([
    json.subarray(0, end),
    Buffer.from(`,"part":${partition},"off":${offset}}\n`),
  ])
}
