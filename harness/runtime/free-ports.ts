import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { FreshetError } from '../lib/errors.ts'

const LOWEST = 20_000
const HIGHEST = 32_000
const COUNT = HIGHEST - LOWEST + 1

/** Of the whole process, since two runtimes in it share one machine. */
const given = new Set<number>()

/** Ports that are free on 127.0.0.1 and that no outgoing connection can take meanwhile. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const [ephemeralFrom, ephemeralTo] = ephemeralRange()
  const start = Math.floor(Math.random() * COUNT)
  const ports: number[] = []
  for (let step = 0; step < COUNT && ports.length < count; step += 1) {
    const port = LOWEST + ((start + step) % COUNT)
    if (given.has(port) || (port >= ephemeralFrom && port <= ephemeralTo)) continue
    // Taken before the test, so that a caller at the same time does not test it too.
    given.add(port)
    if (await canListen(port)) ports.push(port)
  }
  if (ports.length < count)
    throw new FreshetError('environment', `no ${count} free ports in ${LOWEST}-${HIGHEST}`)
  return ports
}

function ephemeralRange(): readonly [number, number] {
  const [from, to] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')
    .trim()
    .split(/\s+/)
    .map(Number)
  return [from ?? 0, to ?? 0]
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
