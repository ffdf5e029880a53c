import { createHash } from 'node:crypto'
import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT, run, say, tool } from './run.mjs'

const FOLDERS = ['harness', 'targets', 'reports']
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json']
const STAMP = join(ROOT, 'dist/.stamp')

/** `tsc` to dist/, unless the sources are those it was built from. */
export async function build() {
  const wanted = await hashOfSources()
  if ((await readFile(STAMP, 'utf8').catch(() => '')) === wanted) {
    say('build: up to date')
    return 0
  }
  say('build: tsc')
  await rm(join(ROOT, 'dist'), { recursive: true, force: true })
  const code = await run([...tool('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    stdout: 'stderr',
  })
  if (code === 0) await writeFile(STAMP, wanted)
  else say(`build: tsc failed with code ${code}`)
  return code
}

async function hashOfSources() {
  const hash = createHash('sha256')
  const lists = await Promise.all(
    FOLDERS.map((folder) => readdir(join(ROOT, folder), { recursive: true, withFileTypes: true })),
  )
  const sources = lists
    .flat()
    .filter((entry) => entry.isFile() && /(?<!\.test|\.fixture)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const path of [...SETTINGS.map((name) => join(ROOT, name)), ...sources]) {
    hash
      .update(`${path.slice(ROOT.length)}\0`)
      .update(await readFile(path))
      .update('\0')
  }
  return hash.digest('hex')
}
