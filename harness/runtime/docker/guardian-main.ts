import { outlived } from '../watcher.ts'
import { dockerClient } from './engine.ts'
import { sweepRun } from './sweep.ts'

/** Leaves time to spare within the twenty seconds that are promised. */
const SWEEP_LIMIT_MS = 15_000

/** Runs until its standard input ends: then the run's process has said goodbye, or has died. */
async function main(runId: string): Promise<void> {
  if (!(await outlived())) return
  const docker = await dockerClient()
  const removed = await sweepRun(docker, runId, { timeoutMs: SWEEP_LIMIT_MS, quietMs: 1000 })
  console.log(`run ${runId} died; removed: ${removed.join(', ') || 'nothing'}`)
}

const [, , runId] = process.argv
if (runId === undefined) throw new Error('usage: guardian-main <run id>')
await main(runId)
