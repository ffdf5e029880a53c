import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT, run, say } from './run.mjs'

const STAMP = join(ROOT, 'node_modules/.freshet-stamp')

/** `npm ci`, unless node_modules is what package-lock.json asks for. */
export async function packages() {
  const lock = await readFile(join(ROOT, 'package-lock.json'), 'utf8')
  const wanted = createHash('sha256').update(lock).digest('hex')
  const stamp = await readFile(STAMP, 'utf8').catch(() => '')
  if (stamp === wanted || (stamp === '' && (await isInstalled(lock)))) {
    if (stamp === '') await writeFile(STAMP, wanted)
    say('npm packages: up to date')
    return 0
  }
  say('npm packages: npm ci')
  const code = await run(['npm', 'ci', '--no-audit', '--no-fund'], { stdout: 'stderr' })
  if (code === 0) await writeFile(STAMP, wanted)
  else say(`npm packages: npm ci failed with code ${code}`)
  return code
}

/** Whether an `npm ci` by hand has done it already: npm writes its hidden lock file last. */
async function isInstalled(lock) {
  const hidden = await readFile(join(ROOT, 'node_modules/.package-lock.json'), 'utf8').catch(
    () => null,
  )
  if (hidden === null) return false
  const wanted = Object.entries(JSON.parse(lock).packages).filter(([path]) => path !== '')
  const { packages: found } = JSON.parse(hidden)
  return wanted.every(([path, { version, optional }]) =>
    found[path] === undefined ? optional === true : found[path].version === version,
  )
}
