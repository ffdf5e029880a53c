import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import { newCounts, type Producer } from './producer.ts'

/** Talks to the memory pipeline: one line a batch, answered in order. */
export async function memoryProducer(
  port: number,
  intendedMs: (index: number) => number,
): Promise<Producer> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const waiting: ((outcome: 'acked' | 'indeterminate') => void)[] = []
  const lines = createInterface({ input: socket })
  lines.on('line', () => waiting.shift()?.('acked'))
  lines.on('error', () => undefined) // the socket's, handed on: handled there
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    for (const answer of waiting.splice(0)) answer('indeterminate')
  })
  return {
    partitionOf: () => 0,
    send: (_lane, _partition, events) =>
      new Promise((resolve) => {
        if (socket.destroyed) return resolve('rejected')
        waiting.push(resolve)
        socket.write(
          `${JSON.stringify(events.map((one) => [one.lane, one.seq, intendedMs(one.index)]))}\n`,
        )
      }),
    counts: newCounts().counts,
    [Symbol.asyncDispose]: () => {
      socket.destroy()
      return Promise.resolve()
    },
  }
}
