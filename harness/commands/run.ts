import { faults } from '../faults/index.ts'
import { loads } from '../load/index.ts'
import { executeRun } from '../run/run.ts'
import { loadScenario, type LoadedScenario } from '../scenario/load.ts'
import { planOf } from '../scenario/plan.ts'
import { pipelines } from '../../targets/pipelines/index.ts'
import { EXIT, exitOfVerdict } from './exit-codes.ts'
import { observerFor, type ProgressMode } from './progress.ts'
import { drawRun } from './report.ts'

export interface RunCommandOptions {
  readonly set: readonly string[]
  readonly seed?: number
  readonly json: boolean
  readonly events: boolean
  readonly dryRun: boolean
  readonly progress: ProgressMode
  readonly out: string
}

/** Runs scenarios one after the other; the exit code is the worst verdict's. */
export async function runCommand(
  files: readonly string[],
  options: RunCommandOptions,
): Promise<number> {
  const overrides = [
    ...options.set,
    ...(options.seed === undefined ? [] : [`load.seed=${options.seed}`]),
  ]
  const scenarios: LoadedScenario[] = []
  for (const file of files) scenarios.push(await loadScenario(file, overrides))
  if (options.dryRun) return printPlans(scenarios)
  const interrupt = new AbortController()
  const stop = (): void => {
    process.stderr.write('\ninterrupted: healing and tearing down\n')
    interrupt.abort(new Error('interrupted'))
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const codes: number[] = []
  try {
    for (const scenario of scenarios) {
      for (let i = 0; i < scenario.scenario.repeat && !interrupt.signal.aborted; i += 1) {
        codes.push(await runOnce(scenario, options, interrupt.signal))
      }
    }
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
  return interrupt.signal.aborted ? EXIT.interrupted : worst(codes)
}

async function runOnce(
  loaded: LoadedScenario,
  options: RunCommandOptions,
  signal: AbortSignal,
): Promise<number> {
  const observer = observerFor(options.progress, options.events)
  const directory = await executeRun(loaded, {
    // The registries' members take their own options; the schema has checked which belongs to which.
    pipelines: pipelines,
    faults: faults,
    loads,
    root: options.out,
    signal,
    observer,
  }).finally(() => observer.end())
  if (signal.aborted) {
    process.stderr.write(`what was measured is in ${directory}\n`)
    return EXIT.interrupted
  }
  const { analysis } = await drawRun(directory, { json: options.json })
  return exitOfVerdict(analysis.summary.verdict)
}

function worst(codes: readonly number[]): number {
  const order = [EXIT.fail, EXIT.inconclusive]
  return order.find((code) => codes.includes(code)) ?? EXIT.pass
}

function printPlans(scenarios: readonly LoadedScenario[]): number {
  const plans = scenarios.map(({ file, hash, scenario }) => ({
    file,
    hash,
    plan: planOf(scenario, loads),
  }))
  process.stdout.write(`${JSON.stringify(plans.length === 1 ? plans[0] : plans, null, 2)}\n`)
  return EXIT.pass
}
