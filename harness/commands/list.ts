import { faults } from '../faults/index.ts'
import { loads } from '../load/index.ts'
import { MEASURES } from '../scenario/schema.ts'
import { pipelines } from '../../targets/pipelines/index.ts'

const KINDS = {
  pipelines: pipelines.map(({ kind, summary }) => ({ name: kind, summary })),
  faults: faults.map(({ kind, summary }) => ({ name: kind, summary })),
  loads: loads.map(({ kind, summary }) => ({ name: kind, summary })),
  measures: MEASURES.map((name) => ({ name, summary: '' })),
} as const
export const LISTS = ['pipelines', 'faults', 'loads', 'measures'] as const

/** What there is to name in a scenario. */
export function listCommand(
  kinds: readonly (keyof typeof KINDS)[],
  options: { readonly json: boolean },
): number {
  const chosen = Object.fromEntries(kinds.map((kind) => [kind, KINDS[kind]]))
  if (options.json) {
    process.stdout.write(`${JSON.stringify(chosen, null, 2)}\n`)
    return 0
  }
  for (const [kind, entries] of Object.entries(chosen)) {
    process.stdout.write(`${kind}\n`)
    for (const { name, summary } of entries)
      process.stdout.write(`  ${name.padEnd(12)} ${summary}\n`)
  }
  return 0
}
