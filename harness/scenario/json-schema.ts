import * as z from 'zod'
import { scenarioSchema } from './schema.ts'

/** draft-07, for the editors' language servers; committed as scenarios/scenario.schema.json. */
export function scenarioJsonSchema(): string {
  const schema = z.toJSONSchema(scenarioSchema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
  })
  return `${JSON.stringify({ title: 'Freshet scenario', ...schema }, null, 2)}\n`
}
