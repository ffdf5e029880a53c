// A run that starts a guardian and a service, says which, and then waits to be killed.
import { startGuardian } from './guardian.ts'
import { Journal } from './journal.ts'
import { processRuntime } from './process.ts'

const directory = process.argv[2] ?? ''
const journal = Journal.open('fixture', directory)
const guardian = startGuardian({ journal, directory })
const signal = new AbortController().signal
const runtime = await processRuntime({ directory, journal, toxiproxyPath: 'none', signal })
const command = ['sh', '-c', 'trap "" TERM; sleep 600 & while true; do sleep 1; done'] as const
await runtime.start({ name: 'stubborn', command: [...command], readyTimeoutMs: 1000 }, signal)
const paused = await runtime.start(
  { name: 'paused', command: ['sleep', '600'], readyTimeoutMs: 1000 },
  signal,
)
await paused.pause?.()
console.log(JSON.stringify({ guardian: guardian.pid, journal: journal.path }))
setInterval(() => undefined, 1000)
