import type { Summary } from '../analysis/summary.ts'
import { faults } from '../faults/index.ts'
import { loads } from '../load/index.ts'
import { executeRun } from '../run/run.ts'
import { loadScenario, type LoadedScenario } from '../scenario/load.ts'
import { planOf } from '../scenario/plan.ts'
import { pipelines } from '../../targets/pipelines/index.ts'
import { EXIT, exitOfVerdict } from './exit-codes.ts'
import { watchInterrupts } from './interrupt.ts'
import { observerFor, type ProgressMode } from './progress.ts'
import { repeatTable } from './repeat-table.ts'
import { drawRun } from './report.ts'
import { handOut, reporterNamed, reporterOfFile, type Wanted } from './reporters.ts'

export interface RunCommandOptions {
  readonly set: readonly string[]
  readonly seed?: number
  readonly repeat?: number
  readonly json: boolean
  readonly events: boolean
  readonly dryRun: boolean
  readonly keepData: boolean
  readonly progress: ProgressMode
  readonly out: string
  /** Files to write a report to, by their endings. */
  readonly output: readonly string[]
  /** `name` or `name=file`. */
  readonly reporter: readonly string[]
}

/** Runs scenarios one after the other; the exit code is the worst verdict's. */
export async function runCommand(
  files: readonly string[],
  options: RunCommandOptions,
): Promise<number> {
  const wanted = [
    ...options.output.map(reporterOfFile),
    ...[...options.reporter, ...(options.json ? ['json'] : [])].map(reporterNamed),
  ]
  const scenarios: LoadedScenario[] = []
  for (const file of files) scenarios.push(await loadScenario(file, overridesOf(options)))
  if (options.dryRun) return printPlans(scenarios)
  const interrupt = watchInterrupts(EXIT.interrupted)
  try {
    const summaries = await runAll(scenarios, { options, wanted, signal: interrupt.signal })
    return interrupt.signal.aborted ? EXIT.interrupted : worst(summaries)
  } finally {
    interrupt.restore()
  }
}

function overridesOf({ set, seed, repeat }: RunCommandOptions): readonly string[] {
  return [
    ...set,
    ...(seed === undefined ? [] : [`load.seed=${seed}`]),
    ...(repeat === undefined ? [] : [`repeat=${repeat}`]),
  ]
}

interface Asked {
  readonly options: RunCommandOptions
  readonly wanted: readonly Wanted[]
  readonly signal: AbortSignal
}

async function runAll(scenarios: readonly LoadedScenario[], asked: Asked): Promise<Summary[]> {
  const all: Summary[] = []
  const of = scenarios.reduce((sum, { scenario }) => sum + scenario.repeat, 0)
  for (const scenario of scenarios) {
    const repeats: Summary[] = []
    for (let i = 0; i < scenario.scenario.repeat && !asked.signal.aborted; i += 1) {
      const index = all.length + repeats.length
      const summary = await runOnce(scenario, { ...asked, index, of })
      if (summary !== null) repeats.push(summary)
    }
    if (scenario.scenario.repeat > 1) process.stderr.write(`\n${repeatTable(repeats)}`)
    all.push(...repeats)
  }
  return all
}

/** Null when it was interrupted. */
async function runOnce(
  loaded: LoadedScenario,
  { options, wanted, signal, index, of }: Asked & { readonly index: number; readonly of: number },
): Promise<Summary | null> {
  const observer = observerFor(options.progress, options.events)
  const directory = await executeRun(loaded, {
    // The registries' members take their own options; the schema has checked which belongs to which.
    pipelines: pipelines,
    faults: faults,
    loads,
    root: options.out,
    signal,
    observer,
    keepData: options.keepData,
  }).finally(() => observer.end())
  if (signal.aborted) {
    process.stderr.write(`what was measured is in ${directory}\n`)
    return null
  }
  const { analysis } = await drawRun(directory, { json: false })
  await handOut(wanted, { directory, index, of })
  return analysis.summary
}

function worst(summaries: readonly Summary[]): number {
  const codes = summaries.map(({ verdict }) => exitOfVerdict(verdict))
  return [EXIT.fail, EXIT.inconclusive].find((code) => codes.includes(code)) ?? EXIT.pass
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
