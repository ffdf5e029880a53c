import { scenarioJsonSchema } from '../scenario/json-schema.ts'

/** Prints the scenario's JSON Schema. */
export function schemaCommand(): number {
  process.stdout.write(scenarioJsonSchema())
  return 0
}
