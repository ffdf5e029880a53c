import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { faults } from '../faults/index.ts'
import { loads } from '../load/index.ts'
import { measures } from '../scenario/measures.ts'
import { packageRoot } from '../setup/paths.ts'
import { charts } from '../../reports/charts/index.ts'
import { pipelines } from '../../targets/pipelines/index.ts'

interface Entry {
  readonly name: string
  readonly summary: string
}
const named = (kinds: readonly { kind: string; summary: string }[]): Entry[] =>
  kinds.map(({ kind, summary }) => ({ name: kind, summary }))

const KINDS = {
  pipelines: () => named(pipelines),
  faults: () => named(faults),
  loads: () => named(loads),
  measures: () => named(measures),
  charts: () => charts.map(({ name, question }) => ({ name, summary: question })),
  scenarios: shippedScenarios,
} as const satisfies Record<string, () => readonly Entry[]>
export const LISTS = ['pipelines', 'faults', 'loads', 'measures', 'charts', 'scenarios'] as const

/** What there is to name in a scenario, and the scenarios that come with Freshet. */
export function listCommand(
  kinds: readonly (typeof LISTS)[number][],
  options: { readonly json: boolean },
): number {
  const chosen = Object.fromEntries(kinds.map((kind) => [kind, KINDS[kind]()]))
  process.stdout.write(
    options.json ? `${JSON.stringify(chosen, null, 2)}\n` : textOf(Object.entries(chosen)),
  )
  return 0
}

function textOf(lists: readonly (readonly [string, readonly Entry[]])[]): string {
  return lists
    .map(([kind, entries]) => {
      const width = Math.max(...entries.map(({ name }) => name.length)) + 2
      const lines = entries.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}\n`)
      return `${kind}\n${lines.join('')}`
    })
    .join('\n')
}

const headline = z.object({ question: z.string().default('') })

/** Named by their path from here, so that the name can be run. */
function shippedScenarios(): Entry[] {
  const folder = join(packageRoot(), 'scenarios')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => {
      const file = join(folder, name)
      const { question } = headline.parse(parse(readFileSync(file, 'utf8')))
      return { name: relative(process.cwd(), file), summary: question }
    })
}
