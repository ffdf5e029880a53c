import type { Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import { within } from '../lib/until.ts'
import type { Fault, Injected, System } from '../faults/fault.ts'
import type { Plan } from '../scenario/plan.ts'
import type { LogEntry } from './log.ts'

type Step = Plan['faults'][number]
export interface TimelineEnv {
  readonly faults: readonly Fault[]
  readonly system: System
  readonly clock: Clock
  /** Run ms of the load's zero. */
  readonly startMs: number
  readonly signal: AbortSignal
  readonly log: (entry: LogEntry) => void
  /** What a fault may take to come into force, and to be undone, ms. */
  readonly limits?: { readonly injectMs: number; readonly healMs: number }
}
const LIMITS = { injectMs: 30_000, healMs: 90_000 } as const

/** Carries out every fault at its time, side by side. Resolves when all are healed or have failed: never rejects. */
export async function playFaults(steps: readonly Step[], env: TimelineEnv): Promise<void> {
  await Promise.all(steps.map((step) => play(step, env)))
}

async function play(step: Step, env: TimelineEnv): Promise<void> {
  const { clock, startMs, signal, limits = LIMITS } = env
  const say = (
    edge: 'injecting' | 'in-force' | 'healing' | 'healed' | 'failed',
    detail?: string,
  ): void =>
    env.log({
      type: 'fault',
      atMs: clock.now(),
      id: step.id,
      edge,
      ...(detail === undefined ? {} : { detail }),
    })
  try {
    await clock.sleepUntil(startMs + step.injectAt, signal)
  } catch {
    return
  }
  say('injecting')
  const injecting = inject(step, env)
  let injected: Injected
  try {
    injected = await within(injecting, limits.injectMs, `injecting ${step.id}`)
  } catch (failure) {
    say('failed', messageOf(failure))
    doubt(env, 'fault-not-in-force', `${step.id}: ${messageOf(failure)}`)
    return healLate(injecting, step, env)
  }
  say('in-force')
  await clock.sleepUntil(startMs + step.healAt, signal).catch(() => undefined)
  say('healing', await prove(step, injected, env))
  try {
    await within(injected.heal(), limits.healMs, `healing ${step.id}`)
    say('healed')
  } catch (failure) {
    say('failed', messageOf(failure))
    doubt(env, 'heal-unconfirmed', `${step.id}: ${messageOf(failure)}`)
  }
}

/** A fault that comes into force after it was given up must not outlive the run. */
async function healLate(
  injecting: Promise<Injected>,
  { id }: Step,
  env: TimelineEnv,
): Promise<void> {
  const { healMs } = env.limits ?? LIMITS
  const healed = injecting.then(
    (late) => late.heal(),
    () => undefined,
  )
  await within(healed, healMs, `${id}, which came into force too late, to be healed`).catch(
    (failure: unknown) => doubt(env, 'heal-unconfirmed', messageOf(failure)),
  )
}

async function inject(step: Step, { faults, system }: TimelineEnv): Promise<Injected> {
  const fault = faults.find((one) => one.kind === step.fault)
  if (fault === undefined) throw new Error(`no fault ${step.fault}: the schema let it through`)
  const name = step.on?.replace(/^(service|link):/, '') ?? ''
  const options = Object.fromEntries(
    Object.keys(fault.options.shape).map((key) => [key, step[key]]),
  )
  // The scenario's schema has parsed the options already: they are of the fault's own type.
  return fault.inject(options, { name, system })
}

/** What shows that the fault acted; without it the run is in doubt. */
async function prove(step: Step, injected: Injected, env: TimelineEnv): Promise<string> {
  try {
    const { acted, detail } = await within(
      injected.evidence(),
      (env.limits ?? LIMITS).injectMs,
      `the evidence for ${step.id}`,
    )
    if (!acted) doubt(env, 'fault-not-in-force', `${step.id}: ${detail}`)
    return detail
  } catch (failure) {
    const detail = `no evidence: ${messageOf(failure)}`
    doubt(env, 'fault-not-in-force', `${step.id}: ${detail}`)
    return detail
  }
}

function doubt(
  env: TimelineEnv,
  code: 'fault-not-in-force' | 'heal-unconfirmed',
  detail: string,
): void {
  env.log({ type: 'doubt', atMs: env.clock.now(), code, detail })
}
