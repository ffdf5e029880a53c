import type { OfferedLoad, OptionProblem } from '../../target.ts'
import type { MemoryOptions } from './options.ts'
import { eventsNeeded } from './planting.ts'

/** An overtaking has to be seen by a probe between the event and those that it overtakes. */
const PROBES_PER_DELAY = 5

/** Counts that the load has too few events for, overtakings that no probe could see, pauses that never come. */
export function optionProblems(options: MemoryOptions, load: OfferedLoad): OptionProblem[] {
  return [
    ...countProblems(options, load),
    ...reorderProblems(options, load),
    ...options.pauses.flatMap((pause, i): OptionProblem[] => {
      const path = ['pauses', i]
      if (pause.for <= 0) return [{ path: [...path, 'for'], message: 'must be longer than 0 s' }]
      if (pause.at < load.durationMs) return []
      return [
        {
          path: [...path, 'at'],
          message: `comes after the load, which lasts ${load.durationMs} ms`,
        },
      ]
    }),
  ]
}

function countProblems(options: MemoryOptions, { events, lanes }: OfferedLoad): OptionProblem[] {
  const inLane = Math.floor(events / lanes)
  return (['lose', 'duplicate', 'reorder', 'corrupt'] as const).flatMap((name) => {
    const needed = eventsNeeded(options[name])
    if (needed <= inLane) return []
    const message = `${options[name]} needs ${needed} events in one lane; the load has ${inLane} (${events} in ${lanes} lanes)`
    return [{ path: [name], message }]
  })
}

function reorderProblems(options: MemoryOptions, load: OfferedLoad): OptionProblem[] {
  const least = PROBES_PER_DELAY * load.probeIntervalMs
  if (options.reorder === 0 || options.delay >= least) return []
  const message = `needs a delay of at least ${least} ms (${PROBES_PER_DELAY} probe intervals) to skip`
  return [{ path: ['reorder'], message }]
}
