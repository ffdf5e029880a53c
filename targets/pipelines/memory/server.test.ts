import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { monotonicClock } from '../../../harness/lib/clock.ts'
import { memoryOptions } from './options.ts'
import { listen } from './server.ts'
import { MemoryStore } from './store.ts'

it('outlives a producer whose connection is reset', async () => {
  const server = await listen(new MemoryStore(memoryOptions.parse({}), monotonicClock()))
  const send = async (): Promise<Socket> => {
    const socket = connect(server.port, '127.0.0.1')
    socket.write('[[0,0,0]]\n')
    expect(String(await once(socket, 'data'))).toBe('ok\n')
    return socket
  }
  const socket = await send()
  socket.resetAndDestroy()
  await send()
  await server.close()
})
