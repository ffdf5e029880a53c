import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Endpoint } from './runtime.ts'

const run = promisify(execFile)

/**
 * Bytes that the connections open now on these listeners have carried, both ways, from the kernel's own counters.
 * Toxiproxy counts a connection only when it closes, and Kafka's clients keep theirs open.
 */
export async function liveBytes(listeners: readonly Endpoint[]): Promise<number> {
  const ports = listeners.map(({ port }) => `sport = :${port}`).join(' or ')
  const { stdout } = await run('ss', ['-tinH', 'state', 'established', `( ${ports} )`], {
    timeout: 5000,
  })
  const counters = stdout.matchAll(/\bbytes_(?:received|acked):(\d+)/g)
  return [...counters].reduce((sum, [, bytes]) => sum + Number(bytes), 0)
}
