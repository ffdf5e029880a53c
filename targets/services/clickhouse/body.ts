import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createInflate } from 'node:zlib'
import { frontError } from './errors.ts'

/**
 * The whole body, decompressed. It is collected before anything runs, so a client that goes away in the middle of
 * an insert has inserted nothing.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  const chunks: Buffer[] = []
  let bytes = 0
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      bytes += chunk.length
      if (bytes > maxBytes) throw tooLarge(maxBytes)
      chunks.push(chunk)
    }
  }
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity' || encoding === '') await pipeline(request, collect)
  else await pipeline(request, decoder(encoding), collect)
  return Buffer.concat(chunks, bytes)
}

/** The fields of a multipart body, in which the client sends long parameters. */
export async function readMultipart(
  contentType: string,
  body: Buffer,
): Promise<[string, string][]> {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData()
  return [...form].flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  )
}

function decoder(encoding: string): ReturnType<typeof createGunzip> {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip()
  if (encoding === 'deflate') return createInflate()
  throw frontError(
    48,
    `Unknown compression method of the request: ${encoding}; gzip and deflate are understood.`,
  )
}

function tooLarge(maxBytes: number): Error {
  return frontError(
    241,
    `The request body is larger than the front's limit of ${maxBytes} bytes; send less at once.`,
    413,
  )
}
