import { whyNoContainers } from './docker/local-images.fixture.ts'
import { dockerRuntime } from './docker/docker.ts'
import { dockerClient } from './docker/engine.ts'
import { dockerRuns, sweepRun } from './docker/sweep.ts'
import { endRun } from './end-run.ts'
import { startGuardian } from './guardian.ts'
import { Journal, openJournals } from './journal.ts'
import { processRuntime } from './process.ts'
import type { Runtime } from './runtime.ts'
import { cachePaths } from '../setup/paths.ts'

export type ContractKind = 'process' | 'docker'
export interface Opened extends AsyncDisposable {
  readonly runtime: Runtime
}
/** One runtime as the contract sees it. */
export interface ContractRuntime {
  readonly kind: ContractKind
  /** Why it cannot be tested here; null when it can. */
  readonly skipped: string | null
  open(runId: string, directory: string): Promise<Opened>
  /** Names of what is there of the run: processes, or containers, networks and volumes. */
  left(runId: string): Promise<readonly string[]>
  /** So that a test that fails leaves nothing to the next one. */
  clear(runId: string): Promise<void>
}

/** From before a test moves the cache; programs that the test starts inherit it. */
const toxiproxyPath = (process.env['FRESHET_TEST_TOXIPROXY'] ??= cachePaths().toxiproxy)
const signal = new AbortController().signal

const inProcesses: ContractRuntime = {
  kind: 'process',
  skipped: null,
  async open(runId, directory) {
    const journal = Journal.open(runId, directory)
    const guardian = startGuardian({ journal, directory })
    const runtime = await processRuntime({ directory, journal, toxiproxyPath, signal })
    const close = async (): Promise<void> => {
      await runtime[Symbol.asyncDispose]()
      await guardian[Symbol.asyncDispose]()
      journal.close()
    }
    return { runtime, [Symbol.asyncDispose]: close }
  },
  async left(runId) {
    const own = openJournals().filter((journal) => journal.runId === runId)
    return own.flatMap(({ running }) => running.map(({ name }) => name))
  },
  async clear(runId) {
    const own = openJournals().filter((journal) => journal.runId === runId)
    for (const journal of own) await endRun(journal, 5000)
  },
}

async function inContainers(): Promise<ContractRuntime> {
  const skipped = await whyNoContainers()
  const volumesBefore = skipped === null ? await volumes() : []
  return {
    kind: 'docker',
    skipped,
    async open(runId, directory) {
      const runtime = await dockerRuntime({ runId, directory, signal })
      return { runtime, [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose]() }
    },
    async left(runId) {
      const docker = await dockerClient()
      const own = (await dockerRuns(docker)).filter((run) => run.runId === runId)
      const labelled = own.flatMap(({ things }) =>
        things.map(({ kind, name }) => `${kind} ${name}`),
      )
      // Volumes that an image asks for carry no labels.
      const others = (await volumes()).filter((name) => !volumesBefore.includes(name))
      return [...labelled, ...others.map((name) => `volume ${name}`)]
    },
    async clear(runId) {
      await sweepRun(await dockerClient(), runId, { timeoutMs: 20_000 })
    },
  }
}

async function volumes(): Promise<readonly string[]> {
  const docker = await dockerClient()
  return ((await docker.listVolumes()).Volumes ?? []).map(({ Name }) => Name)
}

export async function contractRuntimes(): Promise<readonly ContractRuntime[]> {
  return [inProcesses, await inContainers()]
}
