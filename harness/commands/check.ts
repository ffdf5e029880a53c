import { loadScenario } from '../scenario/load.ts'

/** Checks scenarios and starts nothing. */
export async function checkCommand(
  files: readonly string[],
  options: { readonly set: readonly string[] },
): Promise<number> {
  for (const file of files) {
    const { scenario } = await loadScenario(file, options.set)
    process.stderr.write(`${file}: ok (${scenario.name})\n`)
  }
  return 0
}
