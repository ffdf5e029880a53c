import * as z from 'zod'
import { scenarioSchema } from '../scenario/schema.ts'

/** The scenario's JSON Schema, draft-07 for the editors' language servers. */
export function schemaCommand(): number {
  const schema = z.toJSONSchema(scenarioSchema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
  })
  process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`)
  return 0
}
