import { defineConfig } from 'vitest/config'

const REAL = '**/*.real.test.ts'
const NOT_OURS = ['**/node_modules/**', 'dist/**', 'runs/**']
const limits = { testTimeout: 60_000, hookTimeout: 120_000 }

// `real` starts brokers and proxies: one file at a time, as they share the machine's ports and cores.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...limits,
          name: 'fast',
          include: ['**/*.test.{ts,mjs}'],
          exclude: [...NOT_OURS, REAL],
        },
      },
      {
        test: {
          ...limits,
          name: 'real',
          include: [REAL],
          exclude: NOT_OURS,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
