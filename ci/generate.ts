// Writes what follows from the sources: the scenario's JSON Schema and docs/reference/.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { packageRoot } from '../harness/setup/paths.ts'
import { generated } from './reference/pages.ts'

for (const [path, text] of generated) {
  const file = join(packageRoot(), path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}
process.stderr.write(`wrote ${generated.size} files\n`)
