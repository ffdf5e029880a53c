import { readOwnGroup } from './control-group.ts'

/** What the control group of this process allows; null where it sets no limit. */
export interface Limits {
  readonly cores: number | null
  readonly memoryBytes: number | null
}

export function readLimits(): Limits {
  const two = readOwnGroup('cpu', 'cpu.max')
  const quota = readOwnGroup('cpu', 'cpu.cfs_quota_us')
  const period = readOwnGroup('cpu', 'cpu.cfs_period_us')
  const one = quota === null || period === null ? null : `${quota.trim()} ${period.trim()}`
  const memory =
    readOwnGroup('memory', 'memory.max') ?? readOwnGroup('memory', 'memory.limit_in_bytes')
  return {
    cores: parseCpuMax(two ?? one ?? 'max'),
    memoryBytes: parseMemoryMax(memory ?? 'max'),
  }
}

/** "200000 100000" is two cores; "max" and, in version 1, a quota of -1 are no limit. */
export function parseCpuMax(text: string): number | null {
  const [quota, period] = text.trim().split(/\s+/).map(Number)
  return quota === undefined || period === undefined || !(quota > 0) || !(period > 0)
    ? null
    : quota / period
}

/** Version 1 says "no limit" with a number above any memory. */
export function parseMemoryMax(text: string): number | null {
  const bytes = Number(text.trim())
  return text.trim() !== '' && Number.isFinite(bytes) && bytes < 2 ** 60 ? bytes : null
}
