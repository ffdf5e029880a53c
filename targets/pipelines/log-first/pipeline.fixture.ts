import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { Kafka, logLevel, type Producer } from 'kafkajs'
import { monotonicClock } from '../../../harness/lib/clock.ts'
import { Scope } from '../../../harness/lib/scope.ts'
import { until } from '../../../harness/lib/until.ts'
import { Journal } from '../../../harness/runtime/journal.ts'
import { processRuntime } from '../../../harness/runtime/process.ts'
import { cachePaths } from '../../../harness/setup/paths.ts'
import type { Target } from '../../target.ts'
import { logFirst } from './target.ts'

/** A log-first pipeline that runs, and events that are known to be in its log. */
export interface Pipeline extends AsyncDisposable {
  readonly target: Target
  /** How many events were acknowledged so far: sequence numbers from 0 on, lane 0. */
  readonly acked: number
  /** Sends that many more; resolves when all are acknowledged. */
  send(events: number): Promise<void>
  /** Writes a message of any content to partition 0. */
  sendRaw(value: string): Promise<void>
  /** Resolves when every event is in the sink; says where the missing ones are if that takes too long. */
  untilAllLanded(timeoutMs?: number): Promise<void>
  gauge(name: string): Promise<number | undefined>
}

export const { signal }: { readonly signal: AbortSignal } = new AbortController()

export async function startPipeline(options: object): Promise<Pipeline> {
  const scope = new Scope()
  const runId = `log-first-test-${process.pid}-${Date.now()}`
  try {
    const directory = mkdtempSync(join(tmpdir(), 'freshet-log-first-'))
    scope.defer(() => Promise.resolve(rmSync(directory, { recursive: true })))
    const journal = Journal.open(runId, directory)
    scope.defer(() => Promise.resolve(journal.close()))
    const toxiproxyPath = cachePaths().toxiproxy
    const runtime = scope.use(await processRuntime({ directory, journal, toxiproxyPath, signal }))
    const clock = monotonicClock()
    const parsed = logFirst.options.parse(options)
    const target = scope.use(await logFirst.start(parsed, { runId, runtime, clock, signal }))
    scope.use(target.sink)
    const producer = await connectProducer(target, scope)
    return pipeline({ runId, target, producer, scope })
  } catch (failure) {
    await scope[Symbol.asyncDispose]()
    throw failure
  }
}

async function connectProducer(target: Target, scope: Scope): Promise<Producer> {
  if (target.source.kind !== 'kafka') throw new Error('no Kafka source')
  const { brokers } = target.source
  const retry = { retries: 60, maxRetryTime: 1000 } // a majority may be down for long
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, retry })
  const producer = kafka.producer()
  await producer.connect()
  scope.defer(() => producer.disconnect())
  return producer
}

interface Parts {
  readonly runId: string
  readonly target: Target
  readonly producer: Producer
  readonly scope: Scope
}

function pipeline({ runId, target, producer, scope }: Parts): Pipeline {
  const { source } = target
  if (source.kind !== 'kafka') throw new Error('no Kafka source')
  const landed = new Set<number>()
  let acked = 0
  const message = (seq: number): string => {
    const [key, intended, body] = [`key-${seq % 97}`, (seq * 1.5).toFixed(3), 'x'.repeat(100)]
    const sum = crc32(`${runId}|0|${seq}|${key}|${intended}|${body}`)
    return JSON.stringify({ run: runId, lane: 0, seq, key, intended, body, sum })
  }
  return {
    target,
    get acked() {
      return acked
    },
    async send(events) {
      const seqs = Array.from({ length: events }, (_, index) => acked + index)
      // One send per partition: over several, kafkajs may acknowledge what it never sent.
      for (let partition = 0; partition < source.partitions; partition++) {
        const messages = seqs
          .filter((seq) => seq % source.partitions === partition)
          .map((seq) => ({ partition, value: message(seq) }))
        if (messages.length > 0) await producer.send({ topic: source.topic, acks: -1, messages })
      }
      acked += events
    },
    async sendRaw(value) {
      await producer.send({ topic: source.topic, acks: -1, messages: [{ partition: 0, value }] })
    },
    async untilAllLanded(timeoutMs = 60_000) {
      const all = async (): Promise<boolean> => {
        for (const seq of (await target.sink.landed(signal)).seq) landed.add(seq)
        return landed.size === acked
      }
      await until(all, { timeoutMs, what: `${acked} events in the sink` }).catch((failure) =>
        diagnose({ target, landed, acked, failure }),
      )
    },
    gauge: async (name) => (await target.gauges?.(signal))?.[name],
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  }
}

async function diagnose(seen: {
  target: Target
  landed: ReadonlySet<number>
  acked: number
  failure: unknown
}): Promise<never> {
  const { target, landed, acked, failure } = seen
  const stored = new Set((await target.sink.audit(signal)).seq)
  const missing = Array.from({ length: acked }, (_, seq) => seq).filter((seq) => !stored.has(seq))
  const asked = { lane: new Uint16Array(missing.length), seq: Uint32Array.from(missing) }
  const held = (await target.sink.inLog?.(asked, signal)) ?? new Uint8Array()
  const inLog = held.reduce((sum, mark) => sum + mark, 0)
  throw new Error(
    `landed ${landed.size}, stored ${stored.size}, missing ${missing.length}, in the log ${inLog}`,
    { cause: failure },
  )
}
