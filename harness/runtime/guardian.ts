import type { Journal } from './journal.ts'
import { startWatcher, type Watcher } from './watcher.ts'

/** Ends what the run has started when the run's own process dies. */
export const startGuardian = (options: {
  readonly journal: Journal
  readonly directory: string
}): Watcher =>
  startWatcher({
    name: 'guardian',
    program: new URL('./guardian-main', import.meta.url),
    argument: options.journal.path,
    directory: options.directory,
  })
