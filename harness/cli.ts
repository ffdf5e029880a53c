#!/usr/bin/env node
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { checkCommand } from './commands/check.ts'
import { cleanCommand } from './commands/clean.ts'
import { doctorCommand } from './commands/doctor.ts'
import { EXIT, exitOfError } from './commands/exit-codes.ts'
import { initCommand } from './commands/init.ts'
import { LISTS, listCommand } from './commands/list.ts'
import { PROGRESS_MODES } from './commands/progress.ts'
import { reportCommand } from './commands/report.ts'
import { runCommand, type RunCommandOptions } from './commands/run.ts'
import { schemaCommand } from './commands/schema.ts'
import { COMPONENT_NAMES, setupCommand } from './commands/setup.ts'
import { FreshetError, type ErrorCode } from './lib/errors.ts'
import { packageVersion } from './run/meta.ts'

const FIRST_STEPS = `
First steps:
  freshet setup              once: Kafka, Toxiproxy, ClickHouse
  freshet list scenarios     what there is to run
  freshet init               a scenario of your own
  freshet run scenario.yaml  runs, judges, writes a report

Exit codes: 0 pass, 99 fail, 97 inconclusive, 2 usage,
3 this machine lacks something (freshet doctor says what).`

/** Every command; the reference pages are made of it too. */
export const program = new Command('freshet')
  .description('Benchmark and chaos-testing harness for real-time analytics ingestion.')
  .version(packageVersion())
  .exitOverride()
  .configureHelp({ optionDescription, minWidthToWrap: 20 })
  .configureOutput({
    getOutHelpWidth: () => helpWidth(process.stdout),
    getErrHelpWidth: () => helpWidth(process.stderr),
  })
  .showHelpAfterError('(freshet --help)')
  .addHelpText('after', FIRST_STEPS)
let exitCode = 0
const finish = (code: number): void => void (exitCode = code)
const collect = (value: string, before: readonly string[]): string[] => [...before, value]

program
  .command('run')
  .description('run scenarios and judge them')
  .argument('<scenario...>', 'scenario files')
  .option('--set <key=value>', 'override one value, e.g. load.rate=5k/s', collect, [])
  .option('--seed <n>', 'override load.seed', wholeNumber)
  .option('--repeat <n>', 'run it so often; each run has a directory of its own', wholeNumber)
  .option('--json', 'print summary.json on stdout', false)
  .option('-o, --output <file>', 'write a report: .html, .md, .json or .xml', collect, [])
  .option('--reporter <name[=file]>', 'html, markdown, json or junit', collect, [])
  .option('--events', 'print progress as NDJSON on stdout', false)
  .option('--dry-run', 'print the plan and start nothing', false)
  .option('--keep-data', 'leave what brokers and sink stored in the run directory', false)
  .option('--out <dir>', 'where run directories go', 'runs')
  .addOption(
    new Option('--progress <mode>', 'how to show progress').choices(PROGRESS_MODES).default('auto'),
  )
  .action(async (files: string[], options: RunCommandOptions) =>
    finish(await runCommand(files, options)),
  )
program
  .command('check')
  .description('check scenarios and start nothing')
  .argument('<scenario...>', 'scenario files')
  .option('--set <key=value>', 'override one value', collect, [])
  .action(async (files: string[], options: { set: string[] }) =>
    finish(await checkCommand(files, options)),
  )
program
  .command('report')
  .description('draw the reports of a run again, from its directory alone')
  .argument('<run>', 'run directory')
  .option('--json', 'print summary.json on stdout', false)
  .action(async (run: string, options: { json: boolean }) =>
    finish(await reportCommand(run, options)),
  )
program
  .command('list')
  .description('what there is to name in a scenario')
  .addArgument(new Argument('[kind]', 'one kind').choices(LISTS))
  .option('--json', 'as JSON', false)
  .action((kind: (typeof LISTS)[number] | undefined, options: { json: boolean }) =>
    finish(listCommand(kind === undefined ? LISTS : [kind], options)),
  )
program
  .command('init')
  .description('write a scenario to start from')
  .argument('[file]', 'file to write', 'scenario.yaml')
  .action(async (file: string) => finish(await initCommand(file)))
program
  .command('setup')
  .description('bring Kafka, Toxiproxy and ClickHouse into the per-user cache')
  .addArgument(
    new Argument('[component...]', 'only these').choices(COMPONENT_NAMES).default([], 'all'),
  )
  .action(async (names: string[]) => finish(await setupCommand(names)))
program
  .command('doctor')
  .description('report what this machine has and lacks')
  .option('--json', 'as JSON', false)
  .action(async (options: { json: boolean }) => finish(await doctorCommand(options)))
program
  .command('clean')
  .description('finish what a killed run left behind')
  .option('--json', 'as JSON', false)
  .action(async (options: { json: boolean }) => finish(await cleanCommand(options)))
program
  .command('schema')
  .description("print the scenario's JSON Schema")
  .action(() => finish(schemaCommand()))

/** A terminal's width; elsewhere that of COLUMNS. */
function helpWidth(stream: NodeJS.WriteStream): number {
  return stream.isTTY ? stream.columns : Number(process.env['COLUMNS'] ?? '') || 80
}

/** As commander's, without the defaults that say nothing: off, and no entry. */
function optionDescription({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? [] : [argChoices.join(', ')]
  const fallback = typeof defaultValue === 'string' ? [`default: ${defaultValue}`] : []
  const notes = [...choices, ...fallback].join('; ')
  return notes === '' ? description : `${description} (${notes})`
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number')
  return Number(text)
}

async function main(): Promise<void> {
  // A reader such as `head` that has had enough is no failure; a run goes on and heals.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe)
  try {
    await program.parseAsync()
  } catch (failure) {
    exitCode = explain(failure)
  }
  process.exitCode = exitCode
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

const HINTS: Partial<Record<ErrorCode, string>> = {
  environment: 'freshet doctor says what this machine lacks, freshet setup brings it',
  'open-journal': 'freshet clean',
}

function explain(failure: unknown): number {
  if (failure instanceof CommanderError) return failure.exitCode === 0 ? EXIT.pass : EXIT.usage
  if (failure instanceof FreshetError) {
    const hint = failure.hint ?? HINTS[failure.code]
    process.stderr.write(`${failure.message}\n${hint === undefined ? '' : `hint: ${hint}\n`}`)
    return exitOfError(failure.code)
  }
  process.stderr.write(
    `${failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)}\n`,
  )
  return EXIT.harness
}

const started = process.argv[1]
if (started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url)) await main()
