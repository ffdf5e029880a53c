import { fileURLToPath } from 'node:url'
import type { ServiceSpec } from '../../../harness/runtime/runtime.ts'
import type { ConsumerConfig } from './consumer-config.ts'
import { hasJoined } from './status.ts'

/** For starting and joining, beyond the session of a killed consumer, which the group waits for. */
const READY_TIMEOUT_MS = 60_000

/** One consumer process. Ready: it has joined the group. */
export function consumerService(config: ConsumerConfig): ServiceSpec {
  return {
    name: config.name,
    command: [process.execPath, ...program(), JSON.stringify(config)],
    ready: () => hasJoined(config.statusFile),
    readyTimeoutMs: config.sessionMs + READY_TIMEOUT_MS,
  }
}

/** Beside this file, in the language this file is in: TypeScript in development, JavaScript in `dist/`. */
function program(): string[] {
  const typescript = import.meta.url.endsWith('.ts')
  const path = fileURLToPath(
    new URL(typescript ? 'consumer-main.ts' : 'consumer-main.js', import.meta.url),
  )
  return typescript ? ['--import', import.meta.resolve('tsx'), path] : [path]
}
