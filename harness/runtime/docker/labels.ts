import { bootId, isAlive, statOf, type ProcessIdentity } from '../proc.ts'

/** What everything of a run carries in the engine: containers, networks and volumes. */
export const RUN = 'freshet.run'
const OWNER_PID = 'freshet.owner-pid'
const OWNER_START = 'freshet.owner-start'
const BOOT = 'freshet.owner-boot'

export type Labels = Readonly<Record<string, string>>

/** The labels are made together with the thing itself, so there is nothing that a crash could keep off the record. */
export function runLabels(runId: string): Labels {
  const self: ProcessIdentity = statOf(process.pid) ?? { pid: process.pid, startTime: 0 }
  return {
    [RUN]: runId,
    [OWNER_PID]: String(self.pid),
    [OWNER_START]: String(self.startTime),
    [BOOT]: bootId(),
  }
}

/** Whether the process that made it still runs; a pid that was given out again is not taken for it. */
export function ownerAlive(labels: Labels): boolean {
  const owner = { pid: Number(labels[OWNER_PID]), startTime: Number(labels[OWNER_START]) }
  return labels[BOOT] === bootId() && isAlive(owner)
}
