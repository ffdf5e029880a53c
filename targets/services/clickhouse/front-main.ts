import { mkdirSync, writeFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Engine } from './engine.ts'
import { createFront } from './front.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    data: { type: 'string' },
    sessions: { type: 'string', default: '8' },
    'max-body-bytes': { type: 'string', default: String(256 * 1024 ** 2) },
    'max-memory-bytes': { type: 'string', default: String(defaultMemoryBytes()) },
  },
})
const port = Number(values.port)
if (values.data === undefined || !Number.isInteger(port)) {
  console.error('usage: front-main --port P --data DIR [--sessions 8] [--max-body-bytes N]')
  process.exit(2)
}

/** Of the process: past it a query fails with MEMORY_LIMIT_EXCEEDED. The answer's copy on its way out comes on top. */
function defaultMemoryBytes(): number {
  return Math.min(4 * 1024 ** 3, Math.floor(totalmem() / 2))
}

/** Node reads the size of its thread pool before this file runs; a query beyond it would wait unseen. */
const SPARE_THREADS = 3
const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4)
const sessions = Math.max(1, Math.min(Number(values.sessions), threads - SPARE_THREADS))
/** Less than the time after which a supervisor sends SIGKILL. */
const DRAIN_MS = 2000
const MAX_WAITING = 1000

/** The engine reads `config.xml` of the folder that it is started in, and nothing else of the server's settings. */
const memory = `<max_server_memory_usage>${Number(values['max-memory-bytes'])}</max_server_memory_usage>`
const dataDirectory = resolve(values.data)
mkdirSync(dataDirectory, { recursive: true })
process.chdir(dataDirectory)
writeFileSync('config.xml', `<clickhouse>${memory}</clickhouse>\n`)

const engine = new Engine({ dataDirectory, sessions, maxWaiting: MAX_WAITING })
const front = createFront({ engine, maxBodyBytes: Number(values['max-body-bytes']) })
front.server.on('error', (failure) => {
  console.error(`cannot listen on 127.0.0.1:${port}: ${failure.message}`)
  process.exit(1)
})
front.server.listen(port, '127.0.0.1', () =>
  console.log(`listening on 127.0.0.1:${port}, ${sessions} sessions`),
)

async function stop(): Promise<void> {
  if (await front.finish(DRAIN_MS)) engine.close()
  process.exit(0)
}
let stopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (!stopping) void stop()
    stopping = true
  })
}
