import { createHash } from 'node:crypto'
import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Of everything that an image is made from: its recipe, its inputs and what it stands on. */
export async function hashOf(image, baseHash) {
  const hash = createHash('sha256').update(baseHash).update(image.make.toString())
  for (const input of image.inputs) {
    for (const file of await filesOf(input))
      hash
        .update(`${file}\0`)
        .update(await fingerprint(file))
        .update('\0')
  }
  return hash.digest('hex')
}

async function filesOf(path) {
  if ((await stat(path)).isFile()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** Large files come from pinned archives: their size tells versions apart well enough. */
const LARGE_BYTES = 4 * 1024 ** 2

async function fingerprint(file) {
  const { size } = await stat(file)
  return size > LARGE_BYTES ? String(size) : readFile(file)
}
