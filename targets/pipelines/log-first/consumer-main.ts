import { messageOf } from '../../../harness/lib/errors.ts'
import { Batcher } from './batcher.ts'
import { CONSUMER_TIMES, consumerConfig } from './consumer-config.ts'
import { insertRows, insertUntilDone } from './inserter.ts'
import { consumeWithKafkajs } from './kafkajs-consumer.ts'
import { consumeWithPlatformatic } from './platformatic-consumer.ts'
import { StatusReport } from './status.ts'

const STATUS_EVERY_MS = 500
const CLIENTS = { kafkajs: consumeWithKafkajs, platformatic: consumeWithPlatformatic }

const config = consumerConfig.parse(JSON.parse(process.argv[2] ?? '{}'))
const status = new StatusReport(config.statusFile)
let client = new AbortController()

const batcher = new Batcher({
  batchRows: config.batchRows,
  lingerMs: config.lingerMs,
  insert: async (body, rows, dropped) => {
    const { sinkUrl, insertTimeoutMs: timeoutMs } = config
    const startedAt = performance.now()
    const written = await insertUntilDone(() => insertRows({ sinkUrl, body, timeoutMs }), {
      dropped,
      onFailure: (message) => status.insertFailed(message),
    })
    if (written === undefined) return status.log('batch-dropped', { rows })
    status.inserted(written, performance.now() - startedAt)
    if (written < rows) status.skipped(rows - written, { by: 'sink' })
  },
})

async function reportForever(): Promise<never> {
  for (;;) {
    if (status.silentMs > CONSUMER_TIMES.silenceMs)
      client.abort(`the client was silent for ${Math.round(status.silentMs)} ms`)
    await status
      .write()
      .catch((failure: unknown) => status.log('status-failed', { message: messageOf(failure) }))
    await new Promise((resolve) => setTimeout(resolve, STATUS_EVERY_MS))
  }
}

async function consumeForever(): Promise<never> {
  for (;;) {
    client = new AbortController()
    status.alive()
    const { signal } = client
    status.restarted(await CLIENTS[config.client]({ config, batcher, status, signal }))
    await new Promise((resolve) => setTimeout(resolve, CONSUMER_TIMES.restartDelayMs))
  }
}

// Only a client library's own callbacks can get here: it is made anew like one that gave up, and counted.
process.on('uncaughtException', (failure) => {
  status.log('uncaught', { message: failure.stack ?? failure.message })
  client.abort(`uncaught in the client: ${failure.message}`)
})
status.log('started', { pid: process.pid, client: config.client })
await Promise.all([reportForever(), consumeForever()])
