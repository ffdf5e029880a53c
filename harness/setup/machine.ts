import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { monotonicClock } from '../lib/clock.ts'
import type { Finding } from './examine.ts'

const GIB = 1024 ** 3
/** Three brokers of 512 MB heap each, ClickHouse in process and the harness itself. */
const MEMORY_BYTES = 3 * GIB
const DISK_BYTES = 2 * GIB
/** A sample below the ephemeral range; a run takes about a dozen. */
const PORTS = Array.from({ length: 64 }, (_, index) => 21_000 + index)
const PORTS_NEEDED = 16
const RESOLUTION_NS = 1_000_000
const CLOCK_WINDOW_MS = 200
const CLOCK_STEP_MS = 20

export async function portsFinding(): Promise<Finding> {
  const free = (await Promise.all(PORTS.map(isFree))).filter(Boolean).length
  const ok = free >= PORTS_NEEDED
  return {
    name: 'ports',
    state: ok ? 'ok' : 'missing',
    detail: `${free} of ${PORTS.length} from ${PORTS[0]} on are free`,
    todo: ok ? null : 'end what listens there',
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** What this process may still use: a container's limit counts. */
export function memoryFinding(): Finding {
  const bytes = process.availableMemory()
  const ok = bytes >= MEMORY_BYTES
  return {
    name: 'memory',
    state: ok ? 'ok' : 'missing',
    detail: `${(bytes / GIB).toFixed(1)} GiB available`,
    todo: ok ? null : `free some: three brokers need ${MEMORY_BYTES / GIB} GiB`,
  }
}

/** The disk of the working directory: runs are written below it. */
export async function diskFinding(): Promise<Finding> {
  const disk = await statfs(process.cwd())
  const bytes = disk.bavail * disk.bsize
  const ok = bytes >= DISK_BYTES
  return {
    name: 'disk',
    state: ok ? 'ok' : 'missing',
    detail: `${(bytes / GIB).toFixed(1)} GiB free in ${process.cwd()}`,
    todo: ok ? null : `free some: a run needs up to ${DISK_BYTES / GIB} GiB`,
  }
}

export async function clockFindings(): Promise<readonly Finding[]> {
  const stepNs = smallestStepNs()
  const monotonicOk = stepNs <= RESOLUTION_NS
  return [
    {
      name: 'monotonic clock',
      state: monotonicOk ? 'ok' : 'missing',
      detail: `steps of ${stepNs} ns`,
      todo: monotonicOk ? null : 'use a machine with a finer clock source: 1 ms is needed',
    },
    wallClock(Date.now(), await wallClockStepMs()),
  ]
}

/** Smallest difference seen between two reads: the resolution, or the cost of a read if that is more. */
function smallestStepNs(): number {
  let smallest = Infinity
  for (let read = 0; read < 20_000; read += 1) {
    const before = process.hrtime.bigint()
    const step = Number(process.hrtime.bigint() - before)
    if (step > 0 && step < smallest) smallest = step
  }
  return smallest
}

/** How far the wall clock moved against the monotonic one within the window. */
async function wallClockStepMs(): Promise<number> {
  const clock = monotonicClock()
  const offset = (): number => Date.now() - clock.now()
  const before = offset()
  await clock.sleepUntil(clock.now() + CLOCK_WINDOW_MS)
  return Math.abs(offset() - before)
}

/** Freshness never uses the wall clock, but names of runs and broker timestamps do. */
function wallClock(now: number, stepMs: number): Finding {
  const sane = now > Date.UTC(2026, 0) && now < Date.UTC(2100, 0)
  const steady = stepMs < CLOCK_STEP_MS
  return {
    name: 'wall clock',
    state: sane ? (steady ? 'ok' : 'optional') : 'missing',
    detail: `${new Date(now).toISOString()}, moved ${stepMs.toFixed(1)} ms in ${CLOCK_WINDOW_MS} ms`,
    todo: sane && steady ? null : 'set the clock, with NTP for instance',
  }
}
