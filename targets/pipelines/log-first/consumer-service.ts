import { ownProgram } from '../../../harness/runtime/own-program.ts'
import type { ServiceSpec } from '../../../harness/runtime/runtime.ts'
import type { ConsumerConfig } from './consumer-config.ts'
import { hasJoined } from './status.ts'

/** For starting and joining, beyond the session of a killed consumer, which the group waits for. */
const READY_TIMEOUT_MS = 60_000

/** One consumer process. Ready: it has joined the group. */
export function consumerService(config: ConsumerConfig): ServiceSpec {
  return {
    name: config.name,
    command: [
      process.execPath,
      ...ownProgram(new URL('./consumer-main', import.meta.url)),
      JSON.stringify(config),
    ],
    ready: () => hasJoined(config.statusFile),
    readyTimeoutMs: config.sessionMs + READY_TIMEOUT_MS,
  }
}
