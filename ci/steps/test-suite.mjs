import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, say, tool } from './run.mjs'

/** All vitest tests, counted. A file that cannot be loaded and an error outside of a test each count as a failure. */
export async function testSuite(args) {
  const folder = await mkdtemp(join(tmpdir(), 'freshet-tests-'))
  const file = join(folder, 'vitest.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const code = await run([...tool('vitest/vitest.mjs'), 'run', ...reporters, ...args], {
      stdout: 'stderr',
    })
    return countOf(await readFile(file, 'utf8').catch(() => null), code)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export function countOf(text, code) {
  const files = text === null ? [] : JSON.parse(text).testResults
  const states = files.flatMap((file) => file.assertionResults.map((test) => test.status))
  const passed = states.filter((state) => state === 'passed').length
  const broken = files.filter(
    (file) =>
      file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length
  const failed = states.filter((state) => state === 'failed').length + broken
  const skipped = states.length - passed - (failed - broken)
  if (passed + failed === 0) {
    say('vitest ran no test')
    return { passed, failed: 1, skipped }
  }
  if (failed === 0 && code !== 0) {
    say(`vitest ended with code ${code} though no test failed`)
    return { passed, failed: 1, skipped }
  }
  return { passed, failed, skipped }
}
