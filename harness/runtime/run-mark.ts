import { allProcesses, environmentOf, type ProcessStat } from './proc.ts'

const VARIABLE = 'FRESHET_JOURNAL'

/** In the environment of every process that a run starts, and so of all that those start. */
export const markOf = (journalPath: string): Readonly<Record<string, string>> => ({
  [VARIABLE]: journalPath,
})

/** Processes of the run with this journal, whether it lived to write them down or not. */
export function markedBy(journalPath: string): readonly ProcessStat[] {
  const mark = `${VARIABLE}=${journalPath}`
  return allProcesses().filter(
    ({ pid }) => pid !== process.pid && environmentOf(pid)?.split('\0').includes(mark) === true,
  )
}
