import * as z from 'zod'
import { duration, rate } from '../lib/quantity.ts'
import { defineLoad } from './load.ts'

export const step = defineLoad({
  kind: 'step',
  summary: 'Constant rates, each from its own time on; the first must start at 0s.',
  options: {
    steps: z
      .array(z.strictObject({ at: duration, rate }))
      .min(1)
      .refine((steps) => steps[0]?.at === 0, 'the first step must be at 0s')
      .refine(
        (steps) => steps.every((one, i) => i === 0 || one.at > (steps[i - 1]?.at ?? 0)),
        'steps must be in order of time',
      ),
  },
  segments: (options, durationMs) =>
    options.steps
      .map((one, i) => ({
        startMs: one.at,
        endMs: Math.min(options.steps[i + 1]?.at ?? durationMs, durationMs),
        fromEps: one.rate,
        toEps: one.rate,
      }))
      .filter((segment) => segment.endMs > segment.startMs),
})
