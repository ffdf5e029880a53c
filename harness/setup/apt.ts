import { existsSync } from 'node:fs'
import { FreshetError } from '../lib/errors.ts'
import { lastLine, runCommand } from './command.ts'

const UPDATE_MS = 5 * 60_000
const INSTALL_MS = 15 * 60_000

/** Whether system packages can be installed here without asking: as root on Debian or Ubuntu. */
export async function canApt(): Promise<boolean> {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false
  return (await runCommand(['apt-get', '--version'], { timeoutMs: 10_000 }))?.code === 0
}

/** Installs the first of `candidates` that this release has, after saying so. */
export async function aptInstall(
  candidates: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  let name = await firstKnown(candidates)
  if (name === null) {
    say('apt-get update')
    await runCommand(['apt-get', 'update', '-q'], { timeoutMs: UPDATE_MS })
    name = await firstKnown(candidates)
  }
  if (name === null) {
    throw new FreshetError('environment', `apt knows none of ${candidates.join(', ')}`)
  }
  say(`installing the system package ${name} (apt-get install)`)
  let outcome = await install(name)
  if (outcome?.code !== 0) {
    // Package lists that are out of date name files that are gone.
    await runCommand(['apt-get', 'update', '-q'], { timeoutMs: UPDATE_MS })
    outcome = await install(name)
  }
  if (outcome?.code === 0) return
  throw new FreshetError(
    'environment',
    `apt-get install ${name} failed: ${lastLine(outcome?.stderr ?? '')}`,
  )
}

function install(name: string): ReturnType<typeof runCommand> {
  return runCommand(
    [
      'apt-get',
      'install',
      '-y',
      '-q',
      '--no-install-recommends',
      '-o',
      'DPkg::Lock::Timeout=120',
      name,
    ],
    { timeoutMs: INSTALL_MS, env: { DEBIAN_FRONTEND: 'noninteractive' } },
  )
}

async function firstKnown(candidates: readonly string[]): Promise<string | null> {
  for (const name of candidates) {
    const policy = await runCommand(['apt-cache', 'policy', name], { timeoutMs: 30_000 })
    if (/Candidate: (?!\(none\))/.test(policy?.stdout ?? '')) return name
  }
  return null
}
