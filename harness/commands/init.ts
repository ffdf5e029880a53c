import { writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { FreshetError, messageOf } from '../lib/errors.ts'
import { packageRoot } from '../setup/paths.ts'

const example = (file: string, schema: string): string => `# yaml-language-server: $schema=${schema}
# Check it with: freshet check ${file}
version: 1
name: my-first-scenario
question: Does the pipeline stay fresh while its consumer is frozen for three seconds?
pipeline:
  use: log-first # one of: freshet list pipelines
  with: { brokers: 1, partitions: 4, delivery: deduplicated }
load:
  rate: 2k/s
  payload: { size: 400B }
# The load runs from the warm-up to the end of the recovery. Faults count from the start of their phase.
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
    await writeFile(file, example(file, schemaFrom(file)), { flag: 'wx' })
  } catch (cause) {
    const there = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    throw new FreshetError(
      'usage',
      there ? `${file} is there already` : `${file} could not be written: ${messageOf(cause)}`,
      { hint: 'name another file: freshet init my-scenario.yaml', cause },
    )
  }
  process.stderr.write(`wrote ${file}\nnext: freshet check ${file}; freshet run ${file}\n`)
  return 0
}

/** The schema that came with this Freshet, as an editor finds it from the file. */
function schemaFrom(file: string): string {
  const path = relative(dirname(file), join(packageRoot(), 'scenarios/scenario.schema.json'))
  return path.split(sep).join('/')
}
