import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT, run, say } from './run.mjs'

const STAMP = join(ROOT, 'node_modules/.freshet-stamp')

/**
 * The lock file's packages, unless node_modules is what package-lock.json asks for. Not `npm ci`: that one refuses a lock
 * file without every other platform's optional binaries, and a registry mirror need not hold them.
 */
export async function packages() {
  const lock = await readFile(join(ROOT, 'package-lock.json'), 'utf8')
  const wanted = createHash('sha256').update(lock).digest('hex')
  const stamp = await readFile(STAMP, 'utf8').catch(() => '')
  if (stamp === wanted || (stamp === '' && (await isInstalled(lock)))) {
    if (stamp === '') await writeFile(STAMP, wanted)
    say('npm packages: up to date')
    return 0
  }
  say('npm packages: installing from the lock file')
  // An outer `npm pack --json --dry-run` hands its flags on: this install is never dry.
  const flags = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  const code = await run(['npm', 'install', ...flags, '--no-json', '--no-dry-run'], {
    stdout: 'stderr',
  })
  if (code === 0) await writeFile(STAMP, wanted)
  else say(`npm packages: npm install failed with code ${code}`)
  return code
}

/** Whether npm, run by hand, has done it already: npm writes its hidden lock file last. */
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
