import { describe, expect, it } from 'vitest'
import { countOf } from './test-suite.mjs'

function report(...files) {
  return JSON.stringify({
    testResults: files.map(({ status, tests }) => ({
      status,
      assertionResults: tests.map((test) => ({ status: test })),
    })),
  })
}

const MIXED = report({ status: 'passed', tests: ['passed', 'pending', 'todo'] })
const ONE_FAILED = report({ status: 'failed', tests: ['passed', 'failed'] })

describe('the count of a test run', () => {
  it.each([
    ['tests that are left out as skipped', MIXED, 0, [1, 0, 2]],
    ['a failed test once', ONE_FAILED, 1, [1, 1, 0]],
    ['a file that did not load', report({ status: 'failed', tests: [] }), 1, [0, 1, 0]],
    ['an error outside of tests', report({ status: 'passed', tests: ['passed'] }), 1, [1, 1, 0]],
    ['a run without a test', report(), 0, [0, 1, 0]],
    ['no report at all', null, 137, [0, 1, 0]],
  ])('counts %s', (_what, text, code, [passed, failed, skipped]) => {
    expect(countOf(text, code)).toEqual({ passed, failed, skipped })
  })
})
