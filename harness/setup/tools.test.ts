import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FreshetError } from '../lib/errors.ts'
import { ensureTool, GO, MAVEN, toolState } from './tools.ts'

const isDebianRoot = process.getuid?.() === 0 && existsSync('/etc/debian_version')
/** An apt that has maven, an old golang-go and nothing else; it notes what it is asked for. */
const APT_CACHE = `case "$2" in
  maven) echo "  Candidate: 3.8.7-1" ;;
  golang-go) echo "  Candidate: 2:1.19~1" ;;
  *) echo "  Candidate: (none)" ;;
esac`
const aptGet = (folder: string): string => `echo "$@" >> ${folder}/asked
if [ "$1" = install ]; then
  printf '#!/bin/sh\\necho Apache Maven 3.8.7\\n' > ${folder}/mvn
  /bin/chmod +x ${folder}/mvn
fi`

describe('a machine with a PATH of its own', () => {
  let folder: string
  const said: string[] = []
  const hands = {
    say: (line: string): void => void said.push(line),
    signal: new AbortController().signal,
  }
  const program = (name: string, script: string): Promise<void> =>
    writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  const asked = async (): Promise<string[]> => {
    const text = await readFile(join(folder, 'asked'), 'utf8')
    return text.split('\n').filter((line) => line !== '' && line !== '--version')
  }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'freshet-tools-'))
    said.length = 0
    vi.stubEnv('PATH', folder)
    await program('apt-cache', APT_CACHE)
    await program('apt-get', aptGet(folder))
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true, force: true })
  })

  it.each([
    ['Apache Maven 3.8.7 (x)', 'ok', '3.8.7'],
    ['Apache Maven 3.5.4', 'old', '3.5.4'],
  ])('reads %s', async (text, state, version) => {
    await program('mvn', `echo "${text}"`)
    expect(await toolState(MAVEN)).toEqual({ state, version, program: 'mvn' })
  })

  it('does not take a program for good that fails', async () => {
    await program('mvn', 'echo Apache Maven 3.8.7; exit 1')
    expect(await toolState(MAVEN)).toEqual({ state: 'missing' })
  })

  it.runIf(isDebianRoot)('gets a missing system package from apt, after saying so', async () => {
    expect(await ensureTool(MAVEN, hands)).toBe('mvn')
    expect(said).toEqual(['installing the system package maven (apt-get install)'])
    expect(await asked()).toEqual([
      'install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 maven',
    ])
  })

  it.runIf(isDebianRoot)('looks for a newer list before it gives up, then says why', async () => {
    const go = { ...GO, commands: () => [['go', 'version'] as const] }
    const failure: unknown = await ensureTool(go, hands).catch((thrown: unknown) => thrown)
    expect(await asked()).toEqual(['update -q'])
    expect(failure).toBeInstanceOf(FreshetError)
    expect(failure).toMatchObject({
      code: 'environment',
      message: 'go is missing',
      hint: expect.stringContaining('apt here has only golang-go 1.19') as string,
    })
  })
})
