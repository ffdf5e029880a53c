import * as z from 'zod'
import { count, duration } from '../lib/quantity.ts'

/** Ties a measure's name to its objective's options, so that the scenario's grammar follows from the list. */
function defineMeasure<Name extends string, Shape extends z.ZodRawShape>(
  kind: Name,
  summary: string,
  shape: Shape,
) {
  return { kind, summary, options: z.strictObject({ measure: z.literal(kind), ...shape }) }
}

const over = z
  .enum(['baseline', 'faults', 'recovery'])
  .describe('The phase whose events are measured, by intended time.')
const max = duration.describe('The most that passes.')
const most = count.describe('The most events that pass.')

/** What an objective can bound. Definitions: docs/concepts.md; formulas and errors: docs/measurement.md. */
export const measures = [
  defineMeasure('freshness', 'Time from when an event was due until a query of the sink saw it.', {
    stat: z.enum(['p50', 'p95', 'p99', 'max']).describe('Over every event of the phase.'),
    over,
    max,
  }),
  defineMeasure('catch-up', 'Time from the end of a fault until the pipeline was steady again.', {
    after: z.string().describe('The id of a fault.'),
    max,
  }),
  defineMeasure('backlog', 'Events offered and not yet in the sink.', {
    stat: z.literal('peak').describe('The highest point in the phase.'),
    over,
    max: most,
  }),
  defineMeasure('lost', 'Events acknowledged and not in the sink after the drain.', { max: most }),
  defineMeasure('duplicated', 'Copies in the sink beyond one of each event.', {
    view: z
      .enum(['physical', 'visible'])
      .describe("What is stored, or what a consumer's query sees after the pipeline's own dedupe."),
    max: most,
  }),
  defineMeasure('unexpected', 'Events in the sink that were never sent, or were refused.', {
    max: most,
  }),
  defineMeasure('corrupt', 'Events whose content differs from what was sent.', { max: most }),
  defineMeasure(
    'reordered',
    'Events that probes saw land before an earlier one of the same lane and partition.',
    {
      max: most,
    },
  ),
] as const
