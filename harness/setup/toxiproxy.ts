import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { FreshetError } from '../lib/errors.ts'
import { lastLine, runCommand } from './command.ts'
import type { Component, Verification } from './component.ts'
import { TOXIPROXY_VERSION, cachePaths } from './paths.ts'
import { place } from './place.ts'
import { GO, ensureTool } from './tools.ts'

const MODULE = 'github.com/Shopify/toxiproxy/v2'
const BUILD_MS = 10 * 60_000

/** The Toxiproxy server, built from its pinned source; Go's checksum database vouches for that. */
export const TOXIPROXY: Component = {
  name: 'toxiproxy',
  version: TOXIPROXY_VERSION,
  installed: () => verify(cachePaths().toxiproxy),
  async install(say) {
    await ensureTool(GO, say)
    say(`toxiproxy ${TOXIPROXY_VERSION}: building with go install`)
    const executable = cachePaths().toxiproxy
    await place(dirname(executable), (folder) => build(join(folder, basename(executable))))
  },
}

async function verify(executable: string): Promise<Verification> {
  const outcome = await runCommand([executable, '-version'], { timeoutMs: 10_000 })
  if (outcome === null) return { ok: false, problem: 'not installed' }
  const said = lastLine(outcome.stdout) || lastLine(outcome.stderr)
  if (outcome.code !== 0 || !said.endsWith(` ${TOXIPROXY_VERSION}`)) {
    return { ok: false, problem: `answered "${said}" when asked for its version` }
  }
  return { ok: true, detail: 'answers with its version' }
}

async function build(executable: string): Promise<void> {
  const bin = join(dirname(executable), 'bin')
  await mkdir(bin)
  const flags = `-s -w -X ${MODULE}.Version=${TOXIPROXY_VERSION}`
  const source = `${MODULE}/cmd/server@v${TOXIPROXY_VERSION}`
  const outcome = await runCommand(['go', 'install', '-trimpath', '-ldflags', flags, source], {
    timeoutMs: BUILD_MS,
    // With GOOS or GOARCH set Go refuses GOBIN; GOFLAGS such as -mod=vendor would break the build.
    env: { GOBIN: bin, CGO_ENABLED: '0', GOFLAGS: '', GOOS: '', GOARCH: '' },
  })
  if (outcome?.code !== 0) {
    const said = lastLine(outcome?.stderr ?? '')
    throw new FreshetError('environment', `go install ${source} failed: ${said}`, {
      hint: 'is the Go module proxy (GOPROXY) reachable?',
    })
  }
  await rename(join(bin, 'server'), executable)
  await rm(bin, { recursive: true })
  const found = await verify(executable)
  if (!found.ok) throw new FreshetError('environment', `the Toxiproxy we built ${found.problem}`)
}
