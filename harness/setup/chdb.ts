import { FreshetError } from '../lib/errors.ts'
import { lastLine, runCommand } from './command.ts'
import type { Component, Verification } from './component.ts'
import { packageRoot } from './paths.ts'

const PROBE = `
  import { query } from 'chdb'
  process.stdout.write(query('select version()', 'TabSeparated'))`

/** ClickHouse in process. npm brings it; only a child may load it, as a crash of its takes the process along. */
export const CHDB: Component = {
  name: 'chdb',
  version: '3',
  installed: probe,
  async install() {
    const found = await probe()
    if (found.ok) return
    throw new FreshetError('environment', `chdb does not work: ${found.problem}`, {
      hint: 'npm install brings it (with its optional packages); it runs on Linux (glibc) and macOS, x64 and arm64',
    })
  },
}

async function probe(): Promise<Verification> {
  const outcome = await runCommand([process.execPath, '--input-type=module', '-e', PROBE], {
    timeoutMs: 60_000,
    cwd: packageRoot(),
  })
  const version = outcome?.stdout.trim() ?? ''
  if (outcome?.code === 0 && /^\d+\.\d+/.test(version)) {
    return { ok: true, detail: `ClickHouse ${version}` }
  }
  const error = /^\w*Error.*$/m.exec(outcome?.stderr ?? '')?.[0]
  return {
    ok: false,
    problem: error ?? `ended with code ${outcome?.code} ${lastLine(outcome?.stderr ?? '')}`,
  }
}
