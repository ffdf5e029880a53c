import { EXIT, EXIT_MEANINGS } from '../../harness/commands/exit-codes.ts'
import { faults } from '../../harness/faults/index.ts'
import { loads } from '../../harness/load/index.ts'
import { scenarioJsonSchema } from '../../harness/scenario/json-schema.ts'
import { measures } from '../../harness/scenario/measures.ts'
import { scenarioSchema } from '../../harness/scenario/schema.ts'
import { charts } from '../../reports/charts/index.ts'
import { pipelines } from '../../targets/pipelines/index.ts'
import { commandsPage } from './commands.ts'
import { DOUBTS } from './doubts.ts'
import { optionTable, page, table } from './markdown.ts'
import { rowsOf } from './options.ts'
import { summaryPage } from './summary.ts'

interface Kind {
  readonly kind: string
  readonly summary: string
  readonly options: Parameters<typeof rowsOf>[0]
}
const section = ({ kind, summary, options }: Kind, notes = ''): string =>
  [`## ${kind}`, summary, notes, optionTable(rowsOf(options))]
    .filter((one) => one !== '')
    .join('\n\n')

const ON = { service: '`on`: `service:name`.', link: '`on`: `link:name`.', load: '', none: '' }

const scenarioPage = page(
  'Scenario keys',
  'Unknown keys are errors. What `pipeline.with`, a shape of `load.rate`, a fault and an objective take: [pipelines](pipelines.md), [loads](loads.md), [faults](faults.md), [measures](measures.md). How to write one: [writing a scenario](../writing-a-scenario.md).',
  optionTable(rowsOf(scenarioSchema)),
)
const faultsPage = page(
  'Faults',
  'Each has an `id`, a `fault` (the name), `at` (from the start of the faults phase) and `for`, and these options.',
  ...faults.map((one) => section(one, ON[one.subject])),
)
const loadsPage = page(
  'Loads',
  '`load.rate` is a rate, or one of these shapes.',
  ...loads.map((one) => section(one)),
)
const pipelinesPage = page(
  'Pipelines',
  '`pipeline.use` names one, `pipeline.with` holds these options.',
  ...pipelines.map((one) => section(one)),
)
const measuresPage = page(
  'Measures',
  'What an objective can bound. Definitions: [concepts](../concepts.md); formulas and errors: [measurement](../measurement.md).',
  ...measures.map((one) => section(one)),
)
const chartsPage = page(
  'Charts',
  'The charts of the report, in its order.',
  table(
    ['Chart', 'Question', 'How to read it'],
    charts.map(({ name, question, note }) => [`\`${name}\``, question, note]),
  ),
)
const exitCodesPage = page(
  'Exit codes',
  '1 is never a verdict: Node uses it for its own crashes.',
  table(
    ['Code', 'Meaning'],
    Object.entries(EXIT_MEANINGS).map(([name, meaning]) => [
      String(EXIT[name as keyof typeof EXIT]),
      meaning,
    ]),
  ),
)
const doubtsPage = page(
  'Doubts',
  'A doubt is a recorded reason not to trust a measurement; with one a run is never a pass. The rules: [measurement](../measurement.md#doubts). What to do: [troubleshooting](../troubleshooting.md).',
  table(
    ['Doubt', 'What it says'],
    Object.entries(DOUBTS).map(([code, text]) => [`\`${code}\``, text]),
  ),
)

const PAGES: readonly (readonly [string, string])[] = [
  ['scenario.md', scenarioPage],
  ['pipelines.md', pipelinesPage],
  ['loads.md', loadsPage],
  ['faults.md', faultsPage],
  ['measures.md', measuresPage],
  ['charts.md', chartsPage],
  ['commands.md', commandsPage()],
  ['exit-codes.md', exitCodesPage],
  ['doubts.md', doubtsPage],
  ['summary.md', summaryPage()],
]

const titleOf = (text: string): string => /^# (.*)$/m.exec(text)?.[1] ?? ''
const index = page(
  'Reference',
  'Made from the sources; a check fails when a page is stale.',
  PAGES.map(([name, text]) => `- [${titleOf(text)}](${name})`).join('\n'),
)

/** Everything in the repository that follows from the sources: path to text. */
export const generated: ReadonlyMap<string, string> = new Map([
  ['scenarios/scenario.schema.json', scenarioJsonSchema()],
  ['docs/reference/README.md', index],
  ...PAGES.map(([name, text]) => [`docs/reference/${name}`, text] as const),
])
