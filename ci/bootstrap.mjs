// From a fresh clone to a running demo or test suite: `node ci/bootstrap.mjs build|demo|test|setup [args]`.
// Uses nothing but Node, as nothing else is installed yet. Every step is skipped when it is done
// already, and leaves its stamp only after it has succeeded, so it can be interrupted anywhere.
import { build } from './steps/build.mjs'
import { check } from './steps/check.mjs'
import { packages } from './steps/packages.mjs'
import { run, say } from './steps/run.mjs'

const NEEDED = [20, 19]
const DEMO = 'scenarios/catalog/broker-kill.yaml'
const CLI = 'dist/harness/cli.js'
const USAGE = 2
const ENVIRONMENT = 3

function nodeIsNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return true
  say(`node: ${process.versions.node} is too old, install ${NEEDED.join('.')} or newer`)
  return false
}

const setup = () => run([process.execPath, CLI, 'setup'])
/** The steps of each mode, in order; the first that fails ends the bootstrap. */
const STEPS = {
  build: () => [packages, build],
  setup: () => [packages, build, setup],
  demo: (args) => [
    packages,
    build,
    setup,
    () => run([process.execPath, CLI, 'run', DEMO, ...args]),
  ],
  test: (args) => [() => check(args)],
}

async function main([mode, ...args]) {
  if (!Object.hasOwn(STEPS, mode ?? '')) {
    say('usage: node ci/bootstrap.mjs build|demo|test|setup [arguments of freshet run or vitest]')
    return USAGE
  }
  if (!nodeIsNewEnough()) return ENVIRONMENT
  for (const step of STEPS[mode](args)) {
    const code = await step()
    if (code !== 0) return code
  }
  return 0
}

process.exitCode = await main(process.argv.slice(2))
