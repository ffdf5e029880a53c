import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServiceSpec } from './runtime.ts'

/** A folder of a test's own; also the cache, so that no test meets a real run's journals. */
export function testDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'freshet-runtime-'))
  process.env['FRESHET_CACHE'] = directory
  return directory
}

/** Runs a line of JavaScript. */
export function nodeSpec(
  name: string,
  script: string,
  rest: Partial<ServiceSpec> = {},
): ServiceSpec {
  return { name, command: [process.execPath, '-e', script], readyTimeoutMs: 5000, ...rest }
}
