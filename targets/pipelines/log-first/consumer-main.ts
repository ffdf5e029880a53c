import { messageOf } from '../../../harness/lib/errors.ts'
import { Batcher } from './batcher.ts'
import { CONSUMER_TIMES, consumerConfig } from './consumer-config.ts'
import { insertRows, insertUntilDone } from './inserter.ts'
import { consumeUntilCrash } from './kafkajs-consumer.ts'
import { StatusReport } from './status.ts'

const STATUS_EVERY_MS = 500

const config = consumerConfig.parse(JSON.parse(process.argv[2] ?? '{}'))
const status = new StatusReport(config.statusFile)
const batcher = new Batcher({
  batchRows: config.batchRows,
  lingerMs: config.lingerMs,
  insert: async (body, rows, dropped) => {
    const startedAt = performance.now()
    const done = await insertUntilDone(() => insertRows(config.sinkUrl, body), {
      dropped,
      onFailure: (message) => status.insertFailed(message),
    })
    if (done) status.inserted(rows, performance.now() - startedAt)
    else status.log('batch-dropped', { rows })
  },
})

async function reportForever(): Promise<never> {
  for (;;) {
    await status
      .write()
      .catch((failure: unknown) => status.log('status-failed', { message: messageOf(failure) }))
    await new Promise((resolve) => setTimeout(resolve, STATUS_EVERY_MS))
  }
}

async function consumeForever(): Promise<never> {
  for (;;) {
    status.restarted(await consumeUntilCrash(config, batcher, status))
    await new Promise((resolve) => setTimeout(resolve, CONSUMER_TIMES.restartDelayMs))
  }
}

status.log('started', { pid: process.pid })
await Promise.all([reportForever(), consumeForever()])
