import { readOwnGroup } from './control-group.ts'

/** What a control group was held back by its CPU limit since it was made. */
export interface Throttling {
  readonly times: number
  readonly ms: number
}

/** The counters in a `cpu.stat`, of control groups version 2 (microseconds) or 1 (nanoseconds); null where it has none. */
export function parseCpuStat(text: string): Throttling | null {
  const field = (name: string): number | null => {
    const found = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]
    return found === undefined ? null : Number(found)
  }
  const times = field('nr_throttled')
  const [micros, nanos] = [field('throttled_usec'), field('throttled_time')]
  if (times === null || (micros === null && nanos === null)) return null
  return { times, ms: micros === null ? (nanos ?? 0) / 1e6 : micros / 1000 }
}

/** Those of this process's own control group now. */
export function readThrottling(): Throttling | null {
  const text = readOwnGroup('cpu', 'cpu.stat')
  return text === null ? null : parseCpuStat(text)
}

export const throttledSince = (
  before: Throttling | null,
  after: Throttling | null,
): Throttling | null =>
  before === null || after === null
    ? null
    : { times: after.times - before.times, ms: after.ms - before.ms }
