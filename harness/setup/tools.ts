import { FreshetError } from '../lib/errors.ts'
import { aptInstall, canApt } from './apt.ts'
import { runCommand } from './command.ts'
import { cachePaths } from './paths.ts'

/** A program of the operating system's that we use but do not bring ourselves. */
export interface Tool {
  readonly name: string
  /** Lowest version that works, as [major, minor]. */
  readonly atLeast: readonly [number, number]
  /** Debian packages, best first; the first one that the machine's release has is taken. */
  readonly apt: readonly string[]
  readonly brew: string
  /** Programs that may be it, each with the arguments that make it print its version. */
  commands(): readonly (readonly [string, ...string[]])[]
}

export const JAVA: Tool = {
  name: 'java',
  atLeast: [17, 0],
  apt: ['openjdk-17-jre-headless', 'openjdk-21-jre-headless'],
  brew: 'openjdk@17',
  commands: () => [[cachePaths().java, '-version']],
}
export const MAVEN: Tool = {
  name: 'maven',
  atLeast: [3, 6],
  apt: ['maven'],
  brew: 'maven',
  commands: () => [['mvn', '-B', '--version']],
}
export const GO: Tool = {
  name: 'go',
  // From 1.21 on Go fetches the newer toolchain that Toxiproxy asks for by itself.
  atLeast: [1, 21],
  apt: ['golang-go'],
  brew: 'go',
  commands: () => [['go', 'version']],
}
export const DOCKER: Tool = {
  name: 'docker',
  atLeast: [20, 10],
  apt: ['docker.io'],
  brew: 'docker',
  commands: () => [['docker', '--version']],
}
export const CHROMIUM: Tool = {
  name: 'chromium',
  atLeast: [100, 0],
  apt: ['chromium', 'chromium-browser'],
  brew: 'chromium',
  commands: () =>
    ['chromium', 'chromium-browser', 'google-chrome'].map((name) => [name, '--version']),
}

export type ToolState =
  { readonly state: 'ok' | 'old'; readonly version: string } | { readonly state: 'missing' }

export async function toolState(tool: Tool): Promise<ToolState> {
  for (const command of tool.commands()) {
    const outcome = await runCommand(command, { timeoutMs: 20_000 })
    const version = /\d+(?:\.\d+)+|(?<=version ")\d+/.exec(
      `${outcome?.stdout ?? ''}\n${outcome?.stderr ?? ''}`,
    )?.[0]
    if (outcome?.code === 0 && version !== undefined) {
      return { state: isEnough(version, tool.atLeast) ? 'ok' : 'old', version }
    }
  }
  return { state: 'missing' }
}

function isEnough(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ourMajor = 0, ourMinor = 0] = version.split('.').map(Number)
  return ourMajor > major || (ourMajor === major && ourMinor >= minor)
}

/** What to type for a tool that is missing. */
export function howToInstall(tool: Tool): string {
  return `apt install ${tool.apt[0] ?? tool.name}, or brew install ${tool.brew} (${tool.name} ${tool.atLeast.join('.')} or newer)`
}

/** Makes sure that a tool is there. As root on Debian and Ubuntu it is installed, elsewhere the error says how. */
export async function ensureTool(tool: Tool, say: (line: string) => void): Promise<void> {
  let found = await toolState(tool)
  if (found.state === 'missing' && (await canApt())) {
    await aptInstall(tool.apt, say)
    found = await toolState(tool)
  }
  if (found.state === 'ok') return
  const what =
    found.state === 'old' ? `${tool.name} ${found.version} is too old` : `${tool.name} is missing`
  throw new FreshetError('environment', what, { hint: howToInstall(tool) })
}
