import { readFileSync, readdirSync } from 'node:fs'

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks from boot to its start: field 22 of /proc/<pid>/stat. */
  readonly startTime: number
}
export interface ProcessStat extends ProcessIdentity {
  /** One letter: R S D T t Z X, as in proc(5). */
  readonly state: string
  readonly parent: number
  readonly group: number
  readonly session: number
  /** User and system time, its own and that of the children it has waited for. */
  readonly cpuTicks: number
}

/** USER_HZ, which Linux fixes at 100 for every architecture that Node runs on. */
const TICKS_PER_SECOND = 100

/** Null when there is no such process. */
export function statOf(pid: number): ProcessStat | null {
  const text = readProc(`/proc/${pid}/stat`)
  if (text === null) return null
  // The command's name stands in brackets and may hold spaces and brackets itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const field = (number: number): number => Number(fields[number - 3])
  return {
    pid,
    state: fields[0] ?? '?',
    parent: field(4),
    group: field(5),
    session: field(6),
    cpuTicks: field(14) + field(15) + field(16) + field(17),
    startTime: field(22),
  }
}

/** A zombie is gone: it runs nothing and holds nothing, it only waits to be collected. */
export function isAlive(identity: ProcessIdentity): boolean {
  const stat = statOf(identity.pid)
  return stat !== null && stat.startTime === identity.startTime && !isZombie(stat)
}

/** The process, its group, its session and all their descendants, zombies left out. PostgreSQL's backends leave the group, so the group is not enough. */
export function familyOf(root: ProcessIdentity): readonly ProcessStat[] {
  const leader = statOf(root.pid)
  // Another process has the pid now. (A group's id is not given out again while a member lives.)
  if (leader !== null && leader.startTime !== root.startTime) return []
  const pool = allProcesses()
  const family = new Map<number, ProcessStat>()
  for (const stat of pool) {
    const member = stat.pid === root.pid || stat.group === root.pid || stat.session === root.pid
    if (member && stat.startTime >= root.startTime) family.set(stat.pid, stat)
  }
  for (let before = -1; before !== family.size;) {
    before = family.size
    for (const stat of pool) if (family.has(stat.parent)) family.set(stat.pid, stat)
  }
  return [...family.values()]
}

/** To one process. False when it is no longer there. */
export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): boolean {
  return isAlive(target) && send(target.pid, signal)
}

/** To the group that the process leads. False when nobody is left in it. */
export function signalGroup(leader: ProcessIdentity, signal: NodeJS.Signals): boolean {
  return familyOf(leader).some((stat) => stat.group === leader.pid) && send(-leader.pid, signal)
}

/** To the group, and one by one to those who left it. */
export function signalFamily(leader: ProcessIdentity, signal: NodeJS.Signals): void {
  signalGroup(leader, signal)
  for (const stat of familyOf(leader)) if (stat.group !== leader.pid) signalProcess(stat, signal)
}

/** CPU and the sum of the members' peaks of resident memory (VmHWM), which is an upper bound of the family's peak. */
export function usageOf(leader: ProcessIdentity): {
  readonly cpuSeconds: number
  readonly peakBytes: number
} {
  const family = familyOf(leader)
  const ticks = family.reduce((sum, stat) => sum + stat.cpuTicks, 0)
  const peakBytes = family.reduce((sum, stat) => sum + peakBytesOf(stat.pid), 0)
  return { cpuSeconds: ticks / TICKS_PER_SECOND, peakBytes }
}

/** `NAME=value` pairs, each ended by a zero byte, as the process was started with. Null when it may not be read. */
export function environmentOf(pid: number): string | null {
  return readProc(`/proc/${pid}/environ`)
}

/** Names this boot of the machine: a start time means nothing after the next one. */
export function bootId(): string {
  return readProc('/proc/sys/kernel/random/boot_id')?.trim() ?? ''
}

function peakBytesOf(pid: number): number {
  const match = /^VmHWM:\s+(\d+) kB$/m.exec(readProc(`/proc/${pid}/status`) ?? '')
  return match === null ? 0 : Number(match[1]) * 1024
}

/** Every process of this machine but the zombies, which run nothing. */
export function allProcesses(): readonly ProcessStat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const stats = pids.map((pid) => statOf(Number(pid))).filter((stat) => stat !== null)
  return stats.filter((stat) => !isZombie(stat))
}

function isZombie(stat: ProcessStat): boolean {
  return stat.state === 'Z' || stat.state === 'X'
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch (failure) {
    if (isErrno(failure, 'ESRCH')) return false
    throw failure
  }
}

const GONE_OR_NOT_OURS = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'] as const

function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (failure) {
    if (GONE_OR_NOT_OURS.some((code) => isErrno(failure, code))) return null
    throw failure
  }
}

function isErrno(failure: unknown, code: string): boolean {
  return failure instanceof Error && 'code' in failure && failure.code === code
}
