import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Engine } from './engine.ts'
import { createFront } from './front.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    data: { type: 'string' },
    sessions: { type: 'string', default: '8' },
    'max-body-bytes': { type: 'string', default: String(256 * 1024 ** 2) },
  },
})
const port = Number(values.port)
if (values.data === undefined || !Number.isInteger(port)) {
  console.error('usage: front-main --port P --data DIR [--sessions 8] [--max-body-bytes 268435456]')
  process.exit(2)
}

/** Node reads the size of its thread pool before this file runs; a query beyond it would wait unseen. */
const SPARE_THREADS = 2
const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4)
const sessions = Math.max(1, Math.min(Number(values.sessions), threads - SPARE_THREADS))
/** Less than the time after which a supervisor sends SIGKILL. */
const DRAIN_MS = 2000
const MAX_WAITING = 1000

mkdirSync(values.data, { recursive: true })
const engine = new Engine({ dataDirectory: values.data, sessions, maxWaiting: MAX_WAITING })
const server = createFront({ engine, maxBodyBytes: Number(values['max-body-bytes']) })
server.on('error', (failure) => {
  console.error(`cannot listen on 127.0.0.1:${port}: ${failure.message}`)
  process.exit(1)
})
server.listen(port, '127.0.0.1', () =>
  console.log(`listening on 127.0.0.1:${port}, ${sessions} sessions`),
)

async function stop(): Promise<void> {
  server.close()
  server.closeIdleConnections()
  if (await engine.drain(DRAIN_MS)) engine.close()
  process.exit(0)
}
let stopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (!stopping) void stop()
    stopping = true
  })
}
