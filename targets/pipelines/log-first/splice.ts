const [OPEN, CLOSE] = ['{'.charCodeAt(0), '}'.charCodeAt(0)]

/**
 * The message's JSON object with its position appended: no decoding, so what the producer wrote is what is stored.
 * Undefined when the message is no object; what is wrong inside of one is for the sink to find.
 */
export function splicePosition(
  json: Buffer | null | undefined,
  partition: number,
  offset: string | bigint,
): Buffer | undefined {
  if (json?.[0] !== OPEN || json.at(-1) !== CLOSE) return undefined
  return Buffer.concat([
    json.subarray(0, -1),
    Buffer.from(`,"part":${partition},"off":${offset}}\n`),
  ])
}
