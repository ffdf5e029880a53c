import type { Offer } from './apt.ts'
import type { Tool, ToolState } from './tools.ts'

/** What to do about a tool. `offers` are apt's, best first; empty where there is no apt. */
export interface Situation {
  readonly state: ToolState
  readonly access: 'root' | 'user' | 'none'
  readonly offers: readonly Offer[]
}
export type Remedy =
  | { readonly do: 'nothing' }
  | { readonly do: 'apt'; readonly name: string }
  | { readonly do: 'tell'; readonly problem: string; readonly hint: string }

/** Pure: the machine's situation in, what to do out. */
export function remedyFor(tool: Tool, situation: Situation): Remedy {
  const { state, access, offers } = situation
  if (state.state === 'ok') return { do: 'nothing' }
  const offer = goodOffer(tool, offers)
  if (offer !== null && access === 'root') return { do: 'apt', name: offer.name }
  const problem =
    state.state === 'old'
      ? `${tool.name} ${state.version} is too old (${state.program})`
      : `${tool.name} is missing`
  return { do: 'tell', problem, hint: howToInstall(tool, situation) }
}

/** The first package that is new enough. */
export function goodOffer(tool: Tool, offers: readonly Offer[]): Offer | null {
  return (
    offers.find(({ version }) => version !== null && isEnough(upstreamOf(version), tool.atLeast)) ??
    null
  )
}

/** One line: which version is needed, where it is to be had here, and the way around it. */
export function howToInstall(tool: Tool, { access, offers }: Omit<Situation, 'state'>): string {
  const wanted = `${tool.title} ${tool.atLeast.join('.').replace(/\.0$/, '')} or newer`
  return `install ${wanted}: ${source(tool, access, offers)}`
}

function source(tool: Tool, access: Situation['access'], offers: readonly Offer[]): string {
  if (access === 'none') return tool.elsewhere
  const offer = goodOffer(tool, offers)
  if (offer !== null) return `${access === 'user' ? 'sudo ' : ''}apt install ${offer.name}`
  const old = offers.flatMap(({ name, version }) =>
    version === null ? [] : [`apt here has only ${name} ${upstreamOf(version)}; `],
  )
  return `${old[0] ?? ''}${tool.elsewhere}`
}

/** `2:1.19~1` is 1.19 upstream. */
function upstreamOf(debianVersion: string): string {
  return /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(debianVersion)?.[1] ?? ''
}

export function isEnough(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ourMajor = 0, ourMinor = 0] = version.split('.').map(Number)
  return ourMajor > major || (ourMajor === major && ourMinor >= minor)
}
