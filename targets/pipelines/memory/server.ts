import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import * as z from 'zod'
import type { MemoryStore } from './store.ts'

const batch = z.array(z.tuple([z.number(), z.number(), z.number()]))

/** Null when the line is no batch. */
function readBatch(line: string): z.output<typeof batch> | null {
  try {
    return batch.parse(JSON.parse(line))
  } catch {
    return null
  }
}

/** Takes lines of `[[lane, seq, intendedMs], ...]` on loopback and answers each with a line once it is stored. */
export async function listen(
  store: MemoryStore,
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    const lines = createInterface({ input: socket })
    lines.on('error', () => undefined) // the socket's, handed on: handled above
    lines.on('line', (line) => {
      const events = readBatch(line)
      if (events === null) return void socket.destroy()
      for (const [lane, seq, intendedMs] of events) store.accept(lane, seq, intendedMs)
      socket.write('ok\n')
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
