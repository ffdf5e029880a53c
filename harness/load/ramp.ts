import { rate } from '../lib/quantity.ts'
import { defineLoad } from './load.ts'

export const ramp = defineLoad({
  kind: 'ramp',
  summary: 'From one rate to another in a straight line over the whole load.',
  options: { from: rate, to: rate },
  segments: (options, durationMs) => [
    { startMs: 0, endMs: durationMs, fromEps: options.from, toEps: options.to },
  ],
})
