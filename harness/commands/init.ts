import { writeFile } from 'node:fs/promises'
import { FreshetError } from '../lib/errors.ts'

const EXAMPLE = `# Check it with: freshet check scenario.yaml
version: 1
name: my-first-scenario
question: Does the pipeline stay fresh while its consumer is frozen for three seconds?
pipeline:
  use: log-first
  with: { brokers: 1, partitions: 4, delivery: deduplicated }
load:
  rate: 2k/s
  payload: { size: 400B }
phases: { warmup: 5s, baseline: 10s, faults: 8s, recovery: 15s, settle: 20s }
faults:
  - { id: freeze, fault: pause, on: "service:consumer", at: 1s, for: 3s }
objectives:
  - { measure: lost, max: 0 }
  - { measure: catch-up, after: freeze, max: 10s }
`

/** Writes a scenario to start from; never over a file that is there. */
export async function initCommand(file: string): Promise<number> {
  try {
    await writeFile(file, EXAMPLE, { flag: 'wx' })
  } catch (cause) {
    throw new FreshetError('usage', `${file} could not be written`, {
      hint: 'name a file that is not there yet',
      cause,
    })
  }
  process.stderr.write(`wrote ${file}; try: freshet run ${file}\n`)
  return 0
}
