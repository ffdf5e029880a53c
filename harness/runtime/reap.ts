import { until } from '../lib/until.ts'
import { familyOf, isAlive, signalFamily, type ProcessIdentity } from './proc.ts'

/** Ends whole families of processes for good and says which are still there after the limit. */
export async function reap<T extends ProcessIdentity>(
  leaders: readonly T[],
  limitMs: number,
): Promise<readonly T[]> {
  // Those who leave the group lose their tie to it when the leader dies: note them first.
  const members = leaders.map((leader) => ({ leader, family: familyOf(leader) }))
  const left = (): typeof members =>
    members.filter((one) => familyOf(one.leader).length > 0 || one.family.some(isAlive))
  const kill = (): boolean => {
    for (const { leader, family } of left()) for (const one of [leader, ...family]) endFamily(one)
    return left().length === 0
  }
  await until(kill, { timeoutMs: limitMs, what: 'processes to end', everyMs: 20 }).catch(
    () => undefined,
  )
  return left().map((one) => one.leader)
}

function endFamily(leader: ProcessIdentity): void {
  // A stopped process takes SIGKILL too, but a traced or frozen one may need the other first.
  signalFamily(leader, 'SIGCONT')
  signalFamily(leader, 'SIGKILL')
}
