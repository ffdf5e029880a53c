import { existsSync } from 'node:fs'
import { FreshetError } from '../lib/errors.ts'
import { lastLine, runCommand, type Outcome } from './command.ts'
import type { Hands } from './hands.ts'

const ASK_MS = 30_000
const UPDATE_MS = 5 * 60_000
const INSTALL_MS = 15 * 60_000

/** A package as apt would install it; version null: apt does not know it. */
export interface Offer {
  readonly name: string
  readonly version: string | null
}

/** Whether this is Debian or a child of its, and whether packages can be installed without asking. */
export async function aptAccess(): Promise<'root' | 'user' | 'none'> {
  if (!existsSync('/etc/debian_version')) return 'none'
  const answer = await runCommand(['apt-get', '--version'], { timeoutMs: ASK_MS })
  if (answer?.code !== 0) return 'none'
  return process.getuid?.() === 0 ? 'root' : 'user'
}

export async function offersOf(names: readonly string[]): Promise<readonly Offer[]> {
  const offers: Offer[] = []
  for (const name of names) {
    const policy = await runCommand(['apt-cache', 'policy', name], { timeoutMs: ASK_MS })
    const version = /Candidate: (?!\(none\))(\S+)/.exec(policy?.stdout ?? '')?.[1]
    offers.push({ name, version: version ?? null })
  }
  return offers
}

export async function aptUpdate(hands: Hands): Promise<void> {
  hands.say('apt-get update')
  await apt(['update', '-q'], UPDATE_MS, hands)
}

/** Installs one system package, after saying so. */
export async function aptInstall(name: string, hands: Hands): Promise<void> {
  hands.say(`installing the system package ${name} (apt-get install)`)
  const wait = ['-o', 'DPkg::Lock::Timeout=120']
  const install = ['install', '-y', '-q', '--no-install-recommends', ...wait, name]
  let outcome = await apt(install, INSTALL_MS, hands)
  if (outcome?.code !== 0) {
    // Package lists that are out of date name files that are gone.
    await aptUpdate(hands)
    outcome = await apt(install, INSTALL_MS, hands)
  }
  if (outcome?.code === 0) return
  const said = lastLine(outcome?.stderr ?? '')
  throw new FreshetError('environment', `apt-get install ${name} failed: ${said}`)
}

/** Not given the signal: a package manager that is killed halfway leaves the machine broken. We stop after it. */
async function apt(
  args: readonly string[],
  timeoutMs: number,
  { signal }: Hands,
): Promise<Outcome | null> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const outcome = await runCommand(['apt-get', ...args], { timeoutMs, env })
  if (signal.aborted) throw new FreshetError('interrupted', 'the set-up was interrupted')
  return outcome
}
