import * as z from 'zod'
import { duration, rate } from '../lib/quantity.ts'
import { defineLoad } from './load.ts'
import type { Segment } from './schedule.ts'

export const burst = defineLoad({
  kind: 'burst',
  summary:
    'A base rate, multiplied for a while at regular intervals; the first burst ends the first interval.',
  options: { base: rate, factor: z.number().positive().max(1000), every: duration, for: duration },
  segments(options, durationMs) {
    const segments: Segment[] = []
    const add = (startMs: number, endMs: number, eps: number): void => {
      const end = Math.min(endMs, durationMs)
      if (end > startMs) segments.push({ startMs, endMs: end, fromEps: eps, toEps: eps })
    }
    const period = Math.max(options.every, options.for, 1)
    for (let start = 0; start < durationMs; start += period) {
      add(start, start + period - options.for, options.base)
      add(start + period - options.for, start + period, options.base * options.factor)
    }
    return segments
  },
})
