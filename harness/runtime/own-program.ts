import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * Arguments for Node to run a program of ours, given without its file's ending: in the language that this file is in,
 * TypeScript through tsx in development, JavaScript in `dist/`.
 */
export function ownProgram(program: URL): readonly string[] {
  const isSource = import.meta.url.endsWith('.ts')
  const main = `${fileURLToPath(program)}.${isSource ? 'ts' : 'js'}`
  if (!isSource) return [main]
  // By address: a bare name would be looked up from the folder the user is in.
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  return ['--import', loader, main]
}
