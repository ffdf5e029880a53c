import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monotonicClock } from '../../harness/lib/clock.ts'
import { Scope } from '../../harness/lib/scope.ts'
import { kafkajsProducer } from '../../harness/load/kafkajs-producer.ts'
import { memoryProducer } from '../../harness/load/memory-producer.ts'
import { payloads } from '../../harness/load/payload.ts'
import type { OutgoingEvent, Producer } from '../../harness/load/producer.ts'
import { Journal, openJournals } from '../../harness/runtime/journal.ts'
import { processRuntime } from '../../harness/runtime/process.ts'
import type { Runtime, ServiceSpec } from '../../harness/runtime/runtime.ts'
import { cachePaths } from '../../harness/setup/paths.ts'
import type { SourceSpec, TargetEnv } from '../target.ts'

export const LANES = 2
let rigs = 0

/** Everything that a pipeline needs to start, and what shows what it left behind. */
export interface Rig extends AsyncDisposable {
  env(signal?: AbortSignal): TargetEnv
  /** What was asked of the runtime so far. */
  readonly specs: readonly ServiceSpec[]
  /** A port that was not asked of the runtime. */
  watch(port: number): void
  /** Names of processes that still run, and ports that still answer. */
  left(): Promise<{ readonly processes: readonly string[]; readonly ports: readonly number[] }>
}

/** `change` may replace what a service runs, to let it fail. */
export async function openRig(change = (spec: ServiceSpec): ServiceSpec => spec): Promise<Rig> {
  const scope = new Scope()
  const directory = mkdtempSync(join(tmpdir(), 'freshet-contract-'))
  scope.defer(() => Promise.resolve(rmSync(directory, { recursive: true, force: true })))
  rigs += 1
  const runId = `contract-${process.pid}-${rigs}`
  const journal = Journal.open(runId, directory)
  scope.defer(() => Promise.resolve(journal.close()))
  const never = new AbortController().signal
  const toxiproxyPath = cachePaths().toxiproxy
  const real = scope.use(await processRuntime({ directory, journal, toxiproxyPath, signal: never }))
  const specs: ServiceSpec[] = []
  const ports: number[] = []
  const runtime: Runtime = {
    kind: real.kind,
    capabilities: real.capabilities,
    directory,
    dataDirectory: real.dataDirectory,
    start: (spec, signal) => {
      specs.push(spec)
      return real.start(change(spec), signal)
    },
    link: (spec, signal) => real.link(spec, signal),
    freePorts: async (count) => {
      const free = await real.freePorts(count)
      ports.push(...free)
      return free
    },
    doubts: () => real.doubts(),
    [Symbol.asyncDispose]: () => real[Symbol.asyncDispose](),
  }
  return {
    env: (signal = never) => ({ runId, runtime, clock: monotonicClock(), signal }),
    specs,
    watch: (port) => void ports.push(port),
    left: async () => ({
      processes: openJournals()
        .filter((one) => one.runId === runId)
        .flatMap((one) => one.running.map(({ name }) => name)),
      ports: (await Promise.all(ports.map(answers))).flatMap((open, i) =>
        open ? [ports[i] ?? 0] : [],
      ),
    }),
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })
}

/** The port that the ClickHouse of a pipeline was started on; null when it has none. */
export function clickhousePort(rig: Rig): number | null {
  const sink = rig.specs.find((one) => one.name === 'sink')
  const at = sink?.command.indexOf('--port') ?? -1
  return at < 0 ? null : Number(sink?.command[at + 1])
}

export function producerOf(source: SourceSpec): Promise<Producer> {
  switch (source.kind) {
    case 'memory':
      return memoryProducer(source.port, (index) => index)
    case 'kafka':
      return kafkajsProducer({ ...source, lanes: LANES, acks: 'all', idempotent: false })
  }
}

/** Events by lane and partition, as the load worker would send them. */
export function batchesOf(run: string, count: number, producer: Producer): OutgoingEvent[][] {
  const batches = new Map<string, OutgoingEvent[]>()
  const payloadOf = payloads(1, 200)
  for (let index = 0; index < count; index++) {
    const [lane, seq, key] = [index % LANES, Math.floor(index / LANES), `k${index % 97}`]
    const fields = { run, lane, seq, key, intended: index.toFixed(3) }
    const name = `${lane}/${producer.partitionOf(key)}`
    const batch = batches.get(name) ?? []
    batches.set(name, batch)
    batch.push({ index, lane, seq, key, value: payloadOf(index, fields) })
  }
  return [...batches.values()]
}
