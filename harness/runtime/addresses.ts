import { containerAlias } from './docker/alias.ts'
import type { Runtime } from './runtime.ts'

/**
 * A service has the same ports wherever one looks from; only its host differs. The harness always dials 127.0.0.1.
 * These two say the rest, before anything is started: a broker has to tell its clients where it will be.
 */
type Kind = Pick<Runtime, 'kind'>

/** What a service binds so that all who may can reach it. */
export function listenHost({ kind }: Kind): string {
  return kind === 'docker' ? '0.0.0.0' : '127.0.0.1'
}

/** The host by which the run's services, and its links, reach the service of that name. */
export function hostOf({ kind }: Kind, service: string): string {
  return kind === 'docker' ? containerAlias(service) : '127.0.0.1'
}
