import { COMPONENTS } from './index.ts'
import { clockFindings, diskFinding, memoryFinding, portsFinding } from './machine.ts'
import { howToInstall } from './remedy.ts'
import { CHROMIUM, DOCKER, GO, JAVA, MAVEN, SS, situationOf } from './tools.ts'
import type { Tool } from './tools.ts'

/** One prerequisite as it is on this machine. */
export interface Finding {
  readonly name: string
  /** `optional`: not there or not good, and runs work without. */
  readonly state: 'ok' | 'optional' | 'missing'
  /** Its version or size, or what is wrong. */
  readonly detail: string
  /** What a person can do about it; null when there is nothing to do. */
  readonly todo: string | null
}

/** Looks at everything that a run needs; changes nothing. */
export async function examine(): Promise<readonly Finding[]> {
  const components = await Promise.all(COMPONENTS.map(componentFinding))
  const lacks = (name: string): boolean =>
    components.some((finding) => finding.name.startsWith(name) && finding.state === 'missing')
  return [
    nodeFinding(),
    await toolFinding(JAVA, true),
    await toolFinding(MAVEN, lacks('kafka')),
    await toolFinding(GO, lacks('toxiproxy')),
    await toolFinding(SS, process.platform === 'linux'),
    await toolFinding(DOCKER, false),
    await toolFinding(CHROMIUM, false),
    ...components,
    await portsFinding(),
    memoryFinding(),
    await diskFinding(),
    ...(await clockFindings()),
  ]
}

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const ok = major > 20 || (major === 20 && minor >= 19)
  return {
    name: 'node',
    state: ok ? 'ok' : 'missing',
    detail: process.versions.node,
    todo: ok ? null : 'install Node 20.19 or newer',
  }
}

async function toolFinding(tool: Tool, needed: boolean): Promise<Finding> {
  const situation = await situationOf(tool)
  const { state } = situation
  const { name } = tool
  if (state.state === 'ok') return { name, state: 'ok', detail: state.version, todo: null }
  return {
    name,
    state: needed ? 'missing' : 'optional',
    detail: state.state === 'old' ? `${state.version} is too old (${state.program})` : 'not found',
    todo: needed ? howToInstall(tool, situation) : null,
  }
}

async function componentFinding(component: (typeof COMPONENTS)[number]): Promise<Finding> {
  const name = `${component.name} ${component.version}`
  const found = await component.installed()
  return found.ok
    ? { name, state: 'ok', detail: found.detail, todo: null }
    : { name, state: 'missing', detail: found.problem, todo: 'freshet setup' }
}
