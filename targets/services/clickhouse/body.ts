import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip, createInflate } from 'node:zlib'
import { messageOf } from '../../../harness/lib/errors.ts'
import { frontError } from './errors.ts'

/**
 * The whole body, decompressed. It is collected before anything runs, so a client that goes away in the middle of
 * an insert has inserted nothing. What is left of a refused body is read and dropped: the client gets its answer.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'] ?? ''
  const decoder = encoding === '' || encoding === 'identity' ? undefined : decoderOf(encoding)
  request.once('error', (failure) => decoder?.destroy(failure))
  try {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
    return await collect(decoder === undefined ? request : request.pipe(decoder), maxBytes)
  } catch (failure) {
    if (decoder?.errored !== failure || request.errored !== null) throw failure
    throw frontError(354, `inflate failed: ${messageOf(failure)}`)
  } finally {
    if (decoder !== undefined) request.unpipe(decoder)
    request.resume()
  }
}

async function collect(source: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of source.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) throw new Error('a body is made of bytes')
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
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

function decoderOf(encoding: string): ReturnType<typeof createGunzip> {
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
