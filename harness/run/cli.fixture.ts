import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { until } from '../lib/until.ts'
import { allProcesses } from '../runtime/proc.ts'
import { cachePaths, packageRoot } from '../setup/paths.ts'

/** What a command of ours said and how it ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}
export interface Running {
  readonly child: ChildProcess
  /** Everything it has said on stderr so far. */
  readonly said: () => string
  readonly ended: Promise<Ended>
}

/** A folder that only this test's commands know: their cache, run directories and temporary files are in it. */
export class CliFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'freshet-cli-'))
  readonly #cache = join(this.path, 'cache')
  readonly #temporary = join(this.path, 'tmp')

  constructor() {
    mkdirSync(this.#cache)
    mkdirSync(this.#temporary)
    const { kafkaLibs, toxiproxy } = cachePaths()
    for (const component of [dirname(kafkaLibs), dirname(toxiproxy)])
      symlinkSync(component, join(this.#cache, basename(component)))
  }

  start(...args: readonly string[]): Running {
    const cli = [join(packageRoot(), 'harness', 'cli.ts'), ...args]
    const env = { ...process.env, FRESHET_CACHE: this.#cache, TMPDIR: this.#temporary }
    const tsx = import.meta.resolve('tsx')
    const child = spawn(process.execPath, ['--import', tsx, ...cli], { env, cwd: this.path })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = once(child, 'close').then(() => ({
      code: child.exitCode,
      signal: child.signalCode,
      stdout,
      stderr,
    }))
    return { child, said: () => stderr, ended }
  }

  /** `freshet run` of this text, in plain lines. */
  run(scenario: string, ...args: readonly string[]): Running {
    const file = join(this.path, 'scenario.yaml')
    writeFileSync(file, scenario)
    const runs = join(this.path, 'runs')
    return this.start('run', file, '--progress', 'plain', '--out', runs, ...args)
  }

  /** The only run directory. */
  get directory(): string {
    const [scenario = ''] = readdirSync(join(this.path, 'runs'))
    const [run = ''] = readdirSync(join(this.path, 'runs', scenario))
    return join(this.path, 'runs', scenario, run)
  }

  /** Processes that were started from here, by what the kernel knows of them: command line, environment, open files. */
  processes(): readonly number[] {
    return allProcesses()
      .map(({ pid }) => pid)
      .filter((pid) => pid !== process.pid && this.#knows(pid))
  }

  /** Ports on which they listen. */
  ports(): readonly number[] {
    const ours = new Set(this.processes().map(String))
    const lines = execFileSync('ss', ['-ltnpH'], { encoding: 'utf8' }).split('\n')
    return lines.flatMap((line) => {
      const pids = [...line.matchAll(/pid=(\d+)/g)].map((match) => match[1] ?? '')
      const port = /:(\d+)\s/.exec(line)?.[1]
      return port !== undefined && pids.some((pid) => ours.has(pid)) ? [Number(port)] : []
    })
  }

  /** Files that a killed process might forget: temporary ones, journals, a Java machine's counters. */
  leftovers(pids: readonly number[]): readonly string[] {
    const temporary = readdirSync(this.#temporary).filter((name) => !name.startsWith('tsx-'))
    const journals = join(this.#cache, 'state', 'journal')
    const counters = pids
      .map((pid) => `/tmp/hsperfdata_${process.env['USER'] ?? 'root'}/${pid}`)
      .filter(existsSync)
    return [...temporary, ...(existsSync(journals) ? readdirSync(journals) : []), ...counters]
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }

  #knows(pid: number): boolean {
    const text = (name: string): string =>
      quietly(() => readFileSync(`/proc/${pid}/${name}`, 'utf8')) ?? ''
    const files = quietly(() => readdirSync(`/proc/${pid}/fd`)) ?? []
    const links = files.map((fd) => quietly(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? '')
    return [text('cmdline'), text('environ'), ...links].some((one) => one.includes(this.path))
  }
}

/** Resolves when the run has said so. */
export const says = (run: Running, text: string): Promise<void> =>
  until(() => run.said().includes(text) || ended(run), {
    timeoutMs: 60_000,
    what: `"${text}"`,
    everyMs: 5,
  })

function ended({ child, said }: Running): false {
  if (child.exitCode === null && child.signalCode === null) return false
  throw new Error(`it ended before: ${said()}`)
}

function quietly<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
