import { rate } from '../lib/quantity.ts'
import { defineLoad } from './load.ts'

export const constant = defineLoad({
  kind: 'constant',
  summary: 'The same rate throughout.',
  options: { rate },
  segments: (options, durationMs) => [
    { startMs: 0, endMs: durationMs, fromEps: options.rate, toEps: options.rate },
  ],
})
