import { createLogUpdate } from 'log-update'
import pc from 'picocolors'
import { formatMs } from '../lib/quantity.ts'
import type { Observer } from '../run/observer.ts'
import type { LogEntry } from '../run/log.ts'

export const PROGRESS_MODES = ['auto', 'tty', 'plain', 'json', 'quiet'] as const
export type ProgressMode = (typeof PROGRESS_MODES)[number]
type Watching = Observer & { end(): void }

const PLAIN_EVERY_MS = 10_000

export function observerFor(mode: ProgressMode, events: boolean): Watching {
  if (events || mode === 'json') return jsonObserver()
  const terminal =
    mode === 'tty' || (mode === 'auto' && process.stderr.isTTY && process.env['CI'] === undefined)
  if (mode === 'quiet')
    return {
      started: () => undefined,
      entry: () => undefined,
      progress: () => undefined,
      end: () => undefined,
    }
  return terminal ? terminalObserver() : plainObserver()
}

/** NDJSON on stdout, one line an event. */
function jsonObserver(): Watching {
  const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
  return {
    started: ({ directory, scenario }) =>
      say({ type: 'started', directory, scenario: scenario.name }),
    entry: (entry) => {
      if (!['probe', 'gauge', 'progress'].includes(entry.type)) say(entry)
    },
    progress: (now) => say({ type: 'progress', ...now }),
    end: () => undefined,
  }
}

function plainObserver(): Watching {
  const say = (text: string): void => void process.stderr.write(`${text}\n`)
  let next = 0
  return {
    started: ({ directory, scenario }) => say(`${scenario.name} -> ${directory}`),
    entry: (entry) => {
      const text = sentenceOf(entry)
      if (text !== null) say(text)
    },
    progress: (now) => {
      if (now.atMs < next) return
      next = now.atMs + PLAIN_EVERY_MS
      say(countsOf(now))
    },
    end: () => undefined,
  }
}

function terminalObserver(): Watching {
  const block = createLogUpdate(process.stderr)
  const active = new Set<string>()
  let phase = 'setup'
  let counts = 'starting services'
  const draw = (): void =>
    block(
      `${pc.bold(phase)}${active.size > 0 ? pc.yellow(`  ${[...active].join(', ')} in force`) : ''}\n${counts}`,
    )
  return {
    started: ({ directory, scenario }) =>
      void process.stderr.write(`${pc.bold(scenario.name)} -> ${directory}\n`),
    entry: (entry) => {
      if (entry.type === 'phase') phase = entry.phase
      if (entry.type === 'fault' && entry.edge === 'in-force') active.add(entry.id)
      if (entry.type === 'fault' && (entry.edge === 'healed' || entry.edge === 'failed'))
        active.delete(entry.id)
      const text = sentenceOf(entry)
      if (text !== null) block.clear()
      if (text !== null) process.stderr.write(`${text}\n`)
      draw()
    },
    progress: (now) => {
      counts = countsOf(now)
      draw()
    },
    end: () => block.clear(),
  }
}

function countsOf({ atMs, load, landed }: Parameters<Observer['progress']>[0]): string {
  const at = formatMs(Math.max(0, atMs)).padStart(8)
  return `${at}  offered ${load.offered}  acked ${load.acked}  landed ${landed}  waiting ${load.pending}  unsent ${load.unsent}`
}

function sentenceOf(entry: LogEntry): string | null {
  switch (entry.type) {
    case 'phase':
      return `== ${entry.phase}`
    case 'fault':
      return `   ${entry.id}: ${entry.edge}${entry.detail === undefined ? '' : ` (${entry.detail})`}`
    case 'doubt':
      return `   doubt ${entry.code}: ${entry.detail}`
    case 'gauge':
    case 'probe':
    case 'progress':
    case 'note':
      return null
  }
}
