import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Endpoint } from './runtime.ts'

const run = promisify(execFile)

/**
 * Bytes that the connections open now on these listeners have carried, both ways, from the kernel's own counters.
 * Toxiproxy counts a connection only when it closes, and Kafka's clients keep theirs open.
 * `networkOf`: a process on whose network to look, if that is not ours.
 */
export async function liveBytes(
  listeners: readonly Endpoint[],
  networkOf: number | 'ours' = 'ours',
): Promise<number> {
  const ports = listeners.map(({ port }) => `sport = :${port}`).join(' or ')
  const ss = ['ss', '-tinH', 'state', 'established', `( ${ports} )`] as const
  const [file, ...args] =
    networkOf === 'ours' ? ss : (['nsenter', `--net=/proc/${networkOf}/ns/net`, ...ss] as const)
  const { stdout } = await run(file, args, { timeout: 5000 })
  const counters = stdout.matchAll(/\bbytes_(?:received|acked):(\d+)/g)
  return [...counters].reduce((sum, [, bytes]) => sum + Number(bytes), 0)
}
