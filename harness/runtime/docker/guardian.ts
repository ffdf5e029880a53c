import { startWatcher, type Watcher } from '../watcher.ts'

/** Sweeps the run out of the engine when the run's own process dies. */
export const startDockerGuardian = (options: {
  readonly runId: string
  readonly directory: string
}): Watcher =>
  startWatcher({
    name: 'docker-guardian',
    program: new URL('./guardian-main', import.meta.url),
    argument: options.runId,
    directory: options.directory,
  })
