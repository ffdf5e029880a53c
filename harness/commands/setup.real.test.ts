import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../lib/until.ts'
import { runCommand, type Outcome } from '../setup/command.ts'
import { packageRoot } from '../setup/paths.ts'

/** Downloaders that bring half of what they should and then hang; they note their process id. */
const HANGING = {
  kafka: {
    program: 'mvn',
    script: `[ "$2" = --version ] && echo Apache Maven 3.9.0 && exit 0
for arg in "$@"; do case "$arg" in -DoutputDirectory=*) libs="\${arg#*=}" ;; esac; done
mkdir -p "$libs"; echo half > "$libs/kafka-clients-4.3.1.jar"`,
    artifact: 'kafka-4.3.1/libs/kafka-clients-4.3.1.jar',
  },
  toxiproxy: {
    program: 'go',
    script: `[ "$1" = version ] && echo go version go1.26.0 linux/amd64 && exit 0
echo half > "$GOBIN/server"`,
    artifact: 'toxiproxy-2.12.0/toxiproxy-server',
  },
} as const
const NAMES = ['kafka', 'toxiproxy'] as const
const SIGNALS = ['SIGINT', 'SIGKILL'] as const
const setup = (name: string): [string, ...string[]] => {
  return [process.execPath, '--import', 'tsx', 'harness/cli.ts', 'setup', name]
}

describe('freshet setup', () => {
  let folder: string
  let hanging: number | null
  const cache = (): string => join(folder, 'cache')
  const environment = (): Record<string, string> => ({ FRESHET_CACHE: cache() })
  beforeEach(async () => {
    hanging = null
    folder = await mkdtemp(join(tmpdir(), 'freshet-setup-'))
  })
  afterEach(async () => {
    if (hanging !== null) end(hanging)
    await rm(folder, { recursive: true, force: true })
  })

  const finish = async (name: string): Promise<Outcome> => {
    const options = { timeoutMs: 120_000, cwd: packageRoot(), env: environment() }
    const outcome = await runCommand(setup(name), options)
    if (outcome === null) throw new Error('there is no node')
    return outcome
  }

  async function startHanging(name: (typeof NAMES)[number]): Promise<ChildProcess> {
    const { program, script } = HANGING[name]
    const wait = `echo $$ > ${folder}/pid; exec sleep 600`
    await writeFile(join(folder, program), `#!/bin/sh\n${script}\n${wait}\n`, { mode: 0o755 })
    const [file, ...args] = setup(name)
    const child = spawn(file, args, {
      cwd: packageRoot(),
      stdio: 'ignore',
      env: { ...process.env, ...environment(), PATH: `${folder}:${process.env['PATH']}` },
    })
    const pid = async (): Promise<string> => readFile(join(folder, 'pid'), 'utf8').catch(() => '')
    await until(async () => (await pid()).endsWith('\n'), {
      timeoutMs: 60_000,
      what: `${program} to hang`,
    })
    hanging = Number(await pid())
    return child
  }

  const cases = NAMES.flatMap((name) => SIGNALS.map((signal) => [name, signal] as const))
  it.each(cases)('completes %s after a %s in the middle of it', async (name, signal) => {
    const child = await startHanging(name)
    child.kill(signal)
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(signal === 'SIGINT' ? 130 : null)
    const left = await readdir(cache())
    expect(left).not.toContain(HANGING[name].artifact.split('/')[0])
    if (signal === 'SIGINT') expect(left).toEqual([])
    const again = await finish(name)
    expect(again).toMatchObject({ code: 0 })
    expect(again.stderr).toContain('installed in')
    expect(await readdir(cache())).toEqual([HANGING[name].artifact.split('/')[0]])
  })

  it.each(NAMES)('finds a damaged %s and gets it again', async (name) => {
    expect(await finish(name)).toMatchObject({ code: 0 })
    await appendFile(join(cache(), HANGING[name].artifact), 'x')
    const repair = await finish(name)
    expect(repair.stderr).toMatch(/differs from|is not the one/)
    expect(repair.stderr).toContain('installed in')
    expect((await finish(name)).stderr).toContain('up to date')
  })
})

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended with the set-up.
  }
}
