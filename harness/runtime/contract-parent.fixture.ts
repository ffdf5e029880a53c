// A run that starts a link and two services, says how far it is, and then waits to be killed.
import { contractRuntimes } from './contract.fixture.ts'

const [, , kind, runId = '', directory = ''] = process.argv
const chosen = (await contractRuntimes()).find((one) => one.kind === kind)
if (chosen === undefined) throw new Error(`no runtime ${kind}`)
const { runtime } = await chosen.open(runId, directory)
console.log('opened')
const signal = new AbortController().signal
const [port = 0, listenPort = 0] = await runtime.freePorts(2)
await runtime.link(
  { name: 'sink', upstreams: [{ host: '127.0.0.1', port }], listenPorts: [listenPort] },
  signal,
)
const sleep = ['sleep', '600'] as const
await runtime.start(
  // An image with volumes of its own.
  { name: 'one', command: sleep, container: { image: 'kafka', command: sleep }, readyTimeoutMs: 1 },
  signal,
)
const two = await runtime.start(
  {
    name: 'two',
    command: sleep,
    container: { image: 'worker', command: sleep },
    readyTimeoutMs: 1,
  },
  signal,
)
await two.pause?.()
console.log('started')
setInterval(() => undefined, 1000)
