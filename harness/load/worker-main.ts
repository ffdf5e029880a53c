import { writeFile } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { messageOf } from '../lib/errors.ts'
import { monotonicClock, type Clock } from '../lib/clock.ts'
import { watchSelf } from '../probes/self.ts'
import { emptyLedger, firstEvents } from '../run/ledger.ts'
import { LOAD_COLUMNS, writeColumns } from '../run/ledger-file.ts'
import { writeJson } from '../run/run-directory.ts'
import { Generator } from './generator.ts'
import { kafkajsProducer } from './kafkajs-producer.ts'
import { memoryProducer } from './memory-producer.ts'
import { platformaticProducer } from './platformatic-producer.ts'
import type { Producer } from './producer.ts'
import { scheduleOf } from './schedule.ts'
import type { FromWorker, ToWorker } from './worker-protocol.ts'

/** The load worker: a process of its own, so that nothing the harness does can delay an event. */
type Prepare = Extract<ToWorker, { type: 'prepare' }>
const PRODUCERS = { kafkajs: kafkajsProducer, platformatic: platformaticProducer }
const PRIORITY = -10
let prepared:
  { message: Prepare; producer: Producer; clock: Clock; startMs: { value: number } } | undefined
let generator: Generator | undefined

const say = (message: FromWorker): void => void process.send?.(message)
const fail = (failure: unknown): void => say({ type: 'failed', message: messageOf(failure) })

process.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'prepare':
      return void prepare(message).catch(fail)
    case 'go':
      return void drive(message.startMs, message.answerLimitMs).catch(fail)
    case 'end':
      return generator?.endAt(message.atMs, message.answerLimitMs)
  }
})
// Without its harness there is nothing to measure: leave what is known, and end.
process.on('disconnect', () => process.exit(0))

/**
 * The generator must not wait for the processor behind what it measures. Linux weighs sessions before processes
 * (autogroup), and this process leads a session of its own: its priority has to be the session's too.
 */
async function askForPriority(): Promise<void> {
  try {
    setPriority(PRIORITY)
    await writeFile('/proc/self/autogroup', String(PRIORITY))
  } catch {
    // Not permitted, or no such Linux: the send delay shows what it costs.
  }
}

async function prepare(message: Prepare): Promise<void> {
  await askForPriority()
  const startMs = { value: 0 }
  const schedule = scheduleOf(message.plan.segments)
  const intended = (index: number): number => startMs.value + schedule.intendedMs(index)
  const producer = await producerFor(message, intended)
  prepared = { message, producer, clock: monotonicClock(BigInt(message.originNs)), startMs }
  say({ type: 'ready', count: schedule.count })
}

function producerFor(
  { source, plan }: Prepare,
  intended: (index: number) => number,
): Promise<Producer> {
  switch (source.kind) {
    case 'memory':
      return memoryProducer(source.port, intended)
    case 'kafka':
      return PRODUCERS[plan.producer.client]({ ...source, ...plan.producer })
  }
}

async function drive(startMs: number, answerLimitMs: number): Promise<void> {
  if (prepared === undefined) throw new Error('told to go before it was prepared')
  const { message, producer, clock } = prepared
  prepared.startMs.value = startMs
  const ledger = emptyLedger(scheduleOf(message.plan.segments).count, message.plan.lanes)
  const self = watchSelf()
  const driver = new Generator({
    runId: message.runId,
    plan: message.plan,
    producer,
    ledger,
    clock,
    startMs,
  })
  generator = driver
  const reporter = setInterval(() => say({ type: 'progress', progress: driver.progress() }), 200)
  await driver.run()
  await driver.finish(answerLimitMs)
  clearInterval(reporter)
  const { count } = driver
  await writeColumns(message.directory, firstEvents(ledger, count), LOAD_COLUMNS)
  const { heldMs, tally } = driver
  await writeJson(message.directory, 'load.json', { ...self(), ...producer.counts, heldMs, tally })
  say({ type: 'done', progress: driver.progress(), count })
  await producer[Symbol.asyncDispose]()
  process.disconnect()
}
