// Runs a command with a Docker Engine at hand: `node ci/with-docker.mjs COMMAND [ARGUMENTS]`.
// As root on Debian one is installed and started when none answers, and stopped again afterwards.
// Exit code 3 when there can be none: then whoever asked has to count its tests as skipped.
import { dockerEngine } from './steps/engine.mjs'
import { run, say } from './steps/run.mjs'

const ENVIRONMENT = 3

async function main(command) {
  if (command.length === 0) {
    say('usage: node ci/with-docker.mjs COMMAND [ARGUMENTS]')
    return 2
  }
  const engine = await dockerEngine()
  if (engine.state === 'absent') {
    say(`docker: skipped, ${engine.reason}`)
    return ENVIRONMENT
  }
  try {
    return await run(command)
  } finally {
    await engine.stop()
  }
}

process.exitCode = await main(process.argv.slice(2))
