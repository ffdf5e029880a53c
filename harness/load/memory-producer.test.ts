import { createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { memoryProducer } from './memory-producer.ts'
import type { OutgoingEvent } from './producer.ts'

const event: OutgoingEvent = { index: 0, lane: 0, seq: 0, key: 'k0', value: Buffer.from('{}') }

it('says acked of what was answered, indeterminate of what was not, and rejected of what it cannot send', async () => {
  const sockets: Socket[] = []
  const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  const producer = await memoryProducer(address.port, () => 0)
  const answered = producer.send(0, 0, [event])
  const unanswered = producer.send(0, 0, [event])
  while (sockets[0] === undefined) await once(server, 'connection')
  sockets[0].write('ok\n')
  expect(await answered).toBe('acked')
  sockets[0].destroy()
  expect(await unanswered).toBe('indeterminate')
  expect(await producer.send(0, 0, [event])).toBe('rejected')
  await producer[Symbol.asyncDispose]()
  server.close()
})
