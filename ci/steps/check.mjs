import { build } from './build.mjs'
import { packages } from './packages.mjs'
import { ROOT, run, say, tool } from './run.mjs'
import { testSuite } from './test-suite.mjs'

const STATIC = [
  ['types', [...tool('typescript/bin/tsc'), '--noEmit']],
  ['lint', [...tool('eslint/bin/eslint.js'), '.']],
  ['format', [...tool('prettier/bin/prettier.cjs'), '--check', '.']],
  ['unused code', [...tool('knip/bin/knip.js'), '--no-progress']],
]

/** Every check and every test; a failed one does not keep the others from being counted. */
export async function check(args) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  const count = (what, ok) => {
    total[ok ? 'passed' : 'failed'] += 1
    say(`${ok ? 'ok' : 'FAILED'}: ${what}`)
  }
  if ((await packages()) === 0) {
    for (const [what, command] of STATIC)
      count(what, (await run(command, { stdout: 'stderr' })) === 0)
    count('build', (await build()) === 0)
    const setup = await run([process.execPath, 'dist/harness/cli.js', 'setup'])
    count('setup', setup === 0)
    count('browser', await browser())
    const suite = await testSuite(args)
    for (const key of Object.keys(total)) total[key] += suite[key]
  } else {
    total.failed += 1
  }
  const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`
  process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`)
  return total.failed === 0 ? 0 : 1
}

/** Tests of the report look at it in Chromium. */
async function browser() {
  try {
    const { CHROMIUM, ensureTool } = await import(`${ROOT}/dist/harness/setup/tools.js`)
    await ensureTool(CHROMIUM, { say, signal: new AbortController().signal })
    return true
  } catch (error) {
    say(`${error.message}${error.hint === undefined ? '' : ` - ${error.hint}`}`)
    return false
  }
}
