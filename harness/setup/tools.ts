import { FreshetError } from '../lib/errors.ts'
import { aptAccess, aptInstall, aptUpdate, offersOf } from './apt.ts'
import { runCommand } from './command.ts'
import type { Hands } from './hands.ts'
import { cachePaths } from './paths.ts'
import { goodOffer, isEnough, remedyFor, type Situation } from './remedy.ts'

/** A program of the operating system's that we use but do not bring ourselves. */
export interface Tool {
  readonly name: string
  /** As people call it. */
  readonly title: string
  /** Lowest version that works, as [major, minor]. */
  readonly atLeast: readonly [number, number]
  /** Debian packages, best first; the first that is new enough is taken. */
  readonly apt: readonly string[]
  /** Where to get it when apt does not have it. */
  readonly elsewhere: string
  /** Programs that may be it, each with the arguments that make it print its version. */
  commands(): readonly (readonly [string, ...string[]])[]
}
export type ToolState =
  | { readonly state: 'ok' | 'old'; readonly version: string; readonly program: string }
  | { readonly state: 'missing' }

const GO_RELEASES = ['1.25', '1.24', '1.23', '1.22', '1.21']

export const JAVA: Tool = {
  name: 'java',
  title: 'a JDK',
  atLeast: [17, 0],
  apt: ['openjdk-17-jre-headless', 'openjdk-21-jre-headless', 'openjdk-25-jre-headless'],
  elsewhere: 'https://adoptium.net, or brew install openjdk@17',
  commands: () => [[cachePaths().java, '-version']],
}
export const MAVEN: Tool = {
  name: 'maven',
  title: 'Maven',
  atLeast: [3, 6],
  apt: ['maven'],
  elsewhere: 'https://maven.apache.org/download.cgi, or brew install maven',
  commands: () => [['mvn', '-B', '--version']],
}
export const GO: Tool = {
  name: 'go',
  title: 'Go',
  // From 1.21 on Go fetches the newer toolchain that Toxiproxy asks for by itself.
  atLeast: [1, 21],
  // Debian 12 has 1.19 as golang-go; newer ones come from its backports, outside of PATH.
  apt: ['golang-go', ...GO_RELEASES.map((release) => `golang-${release}-go`)],
  elsewhere: 'https://go.dev/dl, on Debian 12 bookworm-backports, or brew install go',
  commands: () => [
    ['go', 'version'],
    ...GO_RELEASES.map((release) => [`/usr/lib/go-${release}/bin/go`, 'version'] as const),
  ],
}
/** Reads the kernel's byte counters of a link's connections: the proof that a fault on a link acted. */
export const SS: Tool = {
  name: 'ss',
  title: 'iproute2',
  atLeast: [5, 0],
  apt: ['iproute2'],
  elsewhere: "the system's package manager has it",
  commands: () => [['ss', '-V']],
}
export const DOCKER: Tool = {
  name: 'docker',
  title: 'Docker',
  atLeast: [20, 10],
  apt: ['docker.io'],
  elsewhere: 'https://docs.docker.com/engine/install',
  commands: () => [['docker', '--version']],
}
export const CHROMIUM: Tool = {
  name: 'chromium',
  title: 'Chromium',
  atLeast: [100, 0],
  apt: ['chromium', 'chromium-browser'],
  elsewhere: 'brew install chromium',
  commands: () =>
    ['chromium', 'chromium-browser', 'google-chrome'].map((name) => [name, '--version']),
}

/** The first of the tool's programs that is new enough, else the first that is there at all. */
export async function toolState(tool: Tool): Promise<ToolState> {
  let old: ToolState = { state: 'missing' }
  for (const command of tool.commands()) {
    const outcome = await runCommand(command, { timeoutMs: 20_000 })
    const version = /\d+(?:\.\d+)+|(?<=version ")\d+/.exec(
      `${outcome?.stdout ?? ''}\n${outcome?.stderr ?? ''}`,
    )?.[0]
    if (outcome?.code !== 0 || version === undefined) continue
    const program = command[0]
    if (isEnough(version, tool.atLeast)) return { state: 'ok', version, program }
    if (old.state === 'missing') old = { state: 'old', version, program }
  }
  return old
}

/** How a tool stands on this machine and what apt could do about it. */
export async function situationOf(tool: Tool): Promise<Situation> {
  const state = await toolState(tool)
  if (state.state === 'ok') return { state, access: 'none', offers: [] }
  const access = await aptAccess()
  return { state, access, offers: access === 'none' ? [] : await offersOf(tool.apt) }
}

/** Makes sure that a tool is there and resolves with its program. As root on Debian and Ubuntu it is installed, elsewhere the error says how. */
export async function ensureTool(tool: Tool, hands: Hands): Promise<string> {
  let situation = await situationOf(tool)
  if (situation.access === 'root' && goodOffer(tool, situation.offers) === null) {
    await aptUpdate(hands)
    situation = { ...situation, offers: await offersOf(tool.apt) }
  }
  const remedy = remedyFor(tool, situation)
  if (remedy.do === 'apt') {
    await aptInstall(remedy.name, hands)
    situation = { state: await toolState(tool), access: 'none', offers: [] }
  }
  const { state } = situation
  if (state.state === 'ok') return state.program
  const left = remedyFor(tool, situation)
  if (left.do !== 'tell') throw new Error(`${tool.name}: not ok, and nothing to tell`)
  throw new FreshetError('environment', left.problem, { hint: left.hint })
}
