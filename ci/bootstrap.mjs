// From a fresh clone to a running demo or test suite: `node ci/bootstrap.mjs demo|test|setup [args]`.
// Uses nothing but Node, as nothing else is installed yet. Every step is skipped when it is done
// already, and leaves its stamp only after it has succeeded, so it can be interrupted anywhere.
import { build } from './steps/build.mjs'
import { check } from './steps/check.mjs'
import { packages } from './steps/packages.mjs'
import { run, say } from './steps/run.mjs'

const NEEDED = [20, 19]
const DEMO = 'scenarios/catalog/broker-kill.yaml'
const CLI = 'dist/harness/cli.js'
const ENVIRONMENT = 3

function nodeIsNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return true
  say(`node: ${process.versions.node} is too old, install ${NEEDED.join('.')} or newer`)
  return false
}

/** The steps that every mode starts with; each ends the bootstrap when it fails. */
async function prepare() {
  for (const step of [packages, build, () => run([process.execPath, CLI, 'setup'])]) {
    const code = await step()
    if (code !== 0) return code
  }
  return 0
}

async function main([mode, ...args]) {
  if (!['demo', 'test', 'setup'].includes(mode)) {
    say('usage: node ci/bootstrap.mjs demo|test|setup [arguments of freshet run or vitest]')
    return 2
  }
  if (!nodeIsNewEnough()) return ENVIRONMENT
  if (mode === 'test') return check(args)
  const code = await prepare()
  if (code !== 0 || mode === 'setup') return code
  return run([process.execPath, CLI, 'run', DEMO, ...args])
}

process.exitCode = await main(process.argv.slice(2))
