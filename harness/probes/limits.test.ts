import { expect, test } from 'vitest'
import { parseCpuMax, parseMemoryMax } from './limits.ts'

test.each([
  ['150000 100000', 1.5],
  ['max 100000', null],
  ['-1 100000', null],
  ['max', null],
  ['', null],
])('a CPU limit of %j is %s cores', (text, cores) => expect(parseCpuMax(text)).toBe(cores))
test.each([
  ['1073741824\n', 1_073_741_824],
  ['max\n', null],
  ['9223372036854771712\n', null],
  ['', null],
])('a memory limit of %j is %s bytes', (text, bytes) => expect(parseMemoryMax(text)).toBe(bytes))
