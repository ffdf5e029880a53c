// The settings of clickhouse/clickhouse-server that a run uses: http_port from /etc/clickhouse-server/config.d.
import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { Engine } from './dist/targets/services/clickhouse/engine.js'
import { createFront } from './dist/targets/services/clickhouse/front.js'

const CONFIG = '/etc/clickhouse-server/config.d'
const DATA = '/var/lib/clickhouse'
const DRAIN_MS = 2000

function httpPort() {
  const files = readdirSync(CONFIG, { withFileTypes: true }).filter(({ name }) =>
    /\.xml$/.test(name),
  )
  const texts = files.map(({ name }) => readFileSync(`${CONFIG}/${name}`, 'utf8'))
  return Number(/<http_port>(\d+)<\/http_port>/.exec(texts.join('\n'))?.[1] ?? 8123)
}

mkdirSync(CONFIG, { recursive: true })
mkdirSync(DATA, { recursive: true })
const engine = new Engine({ dataDirectory: DATA, sessions: 8, maxWaiting: 1000 })
const server = createFront({ engine, maxBodyBytes: 256 * 1024 ** 2 })
const port = httpPort()
server.listen(port, '0.0.0.0', () => console.log(`listening on ${port}`))

async function stop() {
  server.close()
  server.closeIdleConnections()
  if (await engine.drain(DRAIN_MS)) engine.close()
  process.exit(0)
}
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, stop)
