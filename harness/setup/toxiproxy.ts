import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { FreshetError } from '../lib/errors.ts'
import { lastLine, runCommand } from './command.ts'
import type { Component, Verification } from './component.ts'
import type { Hands } from './hands.ts'
import { TOXIPROXY_VERSION, cachePaths } from './paths.ts'
import { place } from './place.ts'
import { countDownloads } from './progress.ts'
import { GO, ensureTool } from './tools.ts'

const MODULE = 'github.com/Shopify/toxiproxy/v2'
const BUILD_MS = 10 * 60_000

/** The Toxiproxy server, built from its pinned source; Go's checksum database vouches for that. */
export const TOXIPROXY: Component = {
  name: 'toxiproxy',
  version: TOXIPROXY_VERSION,
  installed: () => verify(cachePaths().toxiproxy),
  async install(hands) {
    const go = await ensureTool(GO, hands)
    hands.say(`toxiproxy ${TOXIPROXY_VERSION}: building with go install`)
    const executable = cachePaths().toxiproxy
    await place(dirname(executable), async (folder) => {
      const built = join(folder, basename(executable))
      await build(go, built, hands)
      await writeFile(checksumPath(built), await checksumOf(built))
      const found = await verify(built)
      if (found.ok) return
      throw new FreshetError('environment', `the Toxiproxy that Go built: ${found.problem}`)
    })
  },
}

/** Go's builds differ between its versions: the checksum is the one of what was built here. */
const checksumPath = (executable: string): string => `${executable}.sha256`

async function checksumOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

async function verify(executable: string): Promise<Verification> {
  const written = await readFile(checksumPath(executable), 'utf8').catch(() => null)
  const found = await checksumOf(executable).catch(() => null)
  if (found === null) return { ok: false, problem: 'not installed' }
  if (written !== found)
    return { ok: false, problem: 'the executable is not the one that was built' }
  const outcome = await runCommand([executable, '-version'], { timeoutMs: 10_000 })
  const said = lastLine(outcome?.stdout ?? '') || lastLine(outcome?.stderr ?? '')
  if (outcome?.code !== 0 || !said.endsWith(` ${TOXIPROXY_VERSION}`)) {
    return { ok: false, problem: `answered "${said}" when asked for its version` }
  }
  return { ok: true, detail: 'is what was built and answers with its version' }
}

async function build(go: string, executable: string, { say, signal }: Hands): Promise<void> {
  const bin = join(dirname(executable), 'bin')
  await mkdir(bin)
  const flags = `-s -w -X ${MODULE}.Version=${TOXIPROXY_VERSION}`
  const source = `${MODULE}/cmd/server@v${TOXIPROXY_VERSION}`
  const { onLine, end } = countDownloads(`toxiproxy ${TOXIPROXY_VERSION}`, say)
  const outcome = await runCommand([go, 'install', '-trimpath', '-ldflags', flags, source], {
    timeoutMs: BUILD_MS,
    // With GOOS or GOARCH set Go refuses GOBIN; GOFLAGS such as -mod=vendor would break the build.
    env: { GOBIN: bin, CGO_ENABLED: '0', GOFLAGS: '', GOOS: '', GOARCH: '' },
    signal,
    onLine,
  }).finally(end)
  if (outcome?.code !== 0) {
    const said = lastLine(outcome?.stderr ?? '')
    throw new FreshetError('environment', `go install ${source} failed: ${said}`, {
      hint: 'is the Go module proxy (GOPROXY) reachable?',
    })
  }
  await rename(join(bin, 'server'), executable)
  await rm(bin, { recursive: true })
}
