import { faults } from '../faults/index.ts'
import { loads } from '../load/index.ts'
import { scheduleOf } from '../load/schedule.ts'
import type { TargetKind } from '../../targets/target.ts'
import { pipelines } from '../../targets/pipelines/index.ts'
import { formatMs } from '../lib/quantity.ts'
import { planOf } from './plan.ts'
import { unknownName, type Problem } from './problem.ts'
import type { Scenario } from './schema.ts'

/** What a schema cannot see: names that must exist elsewhere in the scenario, and times that must fit. */
export function findProblems(scenario: Scenario): Problem[] {
  return [
    ...faultProblems(scenario),
    ...objectiveProblems(scenario),
    ...phaseProblems(scenario),
    ...pipelineProblems(scenario),
  ]
}

function pipelineProblems(scenario: Scenario): Problem[] {
  const kinds: readonly TargetKind[] = pipelines
  const pipeline = kinds.find((one) => one.kind === scenario.pipeline.use)
  if (pipeline?.problems === undefined) return []
  const { load, phases } = planOf(scenario, loads)
  const offered = {
    events: scheduleOf(load.segments).count,
    lanes: load.lanes,
    durationMs: phases.settle,
    probeIntervalMs: scenario.probe.interval,
  }
  return pipeline
    .problems(scenario.pipeline.with, offered)
    .map(({ path, message }) => ({ path: ['pipeline', 'with', ...path], message }))
}

function faultProblems(scenario: Scenario): Problem[] {
  const pipeline = pipelines.find((one) => one.kind === scenario.pipeline.use)
  // The schema has parsed `with` by this very pipeline's options.
  const subjects = {
    service: pipeline?.services(scenario.pipeline.with as never) ?? [],
    link: pipeline?.links(scenario.pipeline.with as never) ?? [],
  }
  const ids = scenario.faults.map((one) => one.id)
  return scenario.faults.flatMap((step, i): Problem[] => {
    const problems: Problem[] = []
    if (ids.indexOf(step.id) !== i)
      problems.push({ path: ['faults', i, 'id'], message: `"${step.id}" is used twice` })
    if (step.at + step.for > scenario.phases.faults) {
      problems.push({
        path: ['faults', i, 'for'],
        message: `at + for is ${formatMs(step.at + step.for)}, but the faults phase lasts ${formatMs(scenario.phases.faults)}: shorten it or lengthen phases.faults`,
      })
    }
    if (step.for <= 0)
      problems.push({ path: ['faults', i, 'for'], message: 'must be longer than 0 s' })
    const subject = faults.find((one) => one.kind === step.fault)?.subject
    if (subject === 'service' || subject === 'link') {
      const message = onProblem(String(step.on), subject, subjects[subject])
      if (message !== null) problems.push({ path: ['faults', i, 'on'], message })
    }
    return problems
  })
}

function onProblem(
  on: string,
  subject: 'service' | 'link',
  valid: readonly string[],
): string | null {
  const names = valid.map((name) => `${subject}:${name}`)
  if (names.includes(on)) return null
  if (
    subject === 'service' &&
    /^service:kafka\.leader:\d+$/.test(on) &&
    names.includes('service:kafka.leader')
  )
    return null
  return valid.length === 0 ? `this pipeline has no ${subject}s` : unknownName(subject, on, names)
}

function objectiveProblems(scenario: Scenario): Problem[] {
  const ids = scenario.faults.map((one) => one.id)
  return scenario.objectives.flatMap((one, i): Problem[] =>
    one.measure === 'catch-up' && !ids.includes(one.after)
      ? [{ path: ['objectives', i, 'after'], message: unknownName('fault id', one.after, ids) }]
      : [],
  )
}

/** A ledger keeps its times for 11.9 hours. */
const MOST_MS = 11.75 * 3_600_000
const MOST_EVENTS = 100e6

function phaseProblems(scenario: Scenario): Problem[] {
  const { phases, load } = scenario
  const problems: Problem[] = []
  const total = Object.values(phases).reduce((sum, one) => sum + one, 0)
  if (total > MOST_MS) problems.push({ path: ['phases'], message: 'a run lasts at most 11 h 45 m' })
  if (phases.baseline < 1000)
    problems.push({
      path: ['phases', 'baseline'],
      message: 'at least 1s: it is what recovery is judged by',
    })
  // Of a run that is too long already nobody asks how many events it would have.
  if (total <= MOST_MS && scheduleOf(planOf(scenario, loads).load.segments).count > MOST_EVENTS)
    problems.push({ path: ['load', 'rate'], message: 'more than 100 million events in one run' })
  if (typeof load.rate === 'number' && load.rate <= 0)
    problems.push({ path: ['load', 'rate'], message: 'must be above 0/s' })
  return problems
}
