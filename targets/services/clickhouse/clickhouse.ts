import { ownProgram } from '../../../harness/runtime/own-program.ts'
import type { ServiceSpec } from '../../../harness/runtime/runtime.ts'

export interface ClickHouseOptions {
  readonly name: string
  /** On 127.0.0.1. */
  readonly port: number
  /** Kept over restarts; made when it is missing. */
  readonly dataDirectory: string
}

const READY_TIMEOUT_MS = 30_000
const CHECK_TIMEOUT_MS = 2000
/** More than the front's eight sessions: each running query holds a thread. */
const THREADS = 16

/** The ClickHouse engine behind its HTTP interface, as a process of its own. */
export function clickhouseService({ name, port, dataDirectory }: ClickHouseOptions): ServiceSpec {
  return {
    name,
    command: [
      process.execPath,
      ...ownProgram(new URL('./front-main', import.meta.url)),
      '--port',
      String(port),
      '--data',
      dataDirectory,
    ],
    env: { UV_THREADPOOL_SIZE: String(THREADS) },
    ready: () => answers(`http://127.0.0.1:${port}`),
    readyTimeoutMs: READY_TIMEOUT_MS,
  }
}

async function answers(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS)
  const ping = await fetch(`${url}/ping`, { signal })
  if ((await ping.text()) !== 'Ok.\n') return false
  const select = await fetch(url, { method: 'POST', body: 'SELECT 1', signal })
  return (await select.text()) === '1\n'
}
