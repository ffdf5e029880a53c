import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Verification } from './component.ts'

/** File name to SHA-256, from the text that `sha256sum` writes. */
export function parseArtifacts(text: string): ReadonlyMap<string, string> {
  const artifacts = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line)
    if (match?.[1] !== undefined && match[2] !== undefined) artifacts.set(match[2], match[1])
  }
  return artifacts
}

/** Whether a folder holds exactly the listed files: a jar too many on a class path is as wrong as one too few. */
export async function verifyArtifacts(
  folder: string,
  artifacts: ReadonlyMap<string, string>,
): Promise<Verification> {
  const names = await readdir(folder).catch(() => null)
  if (names === null) return { ok: false, problem: 'not installed' }
  const extra = names.find((name) => !artifacts.has(name))
  if (extra !== undefined) return { ok: false, problem: `${extra} does not belong there` }
  for (const [name, sha256] of artifacts) {
    const bytes = await readFile(join(folder, name)).catch(() => null)
    if (bytes === null) return { ok: false, problem: `${name} is missing` }
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
      return { ok: false, problem: `${name} differs from the one that is pinned` }
    }
  }
  return { ok: true, detail: `${artifacts.size} artifacts` }
}
