import { FreshetError } from '../../lib/errors.ts'
import { until } from '../../lib/until.ts'
import { statusOf, type Docker } from './engine.ts'
import { RUN, ownerAlive, type Labels } from './labels.ts'

/** Something in the engine that carries a run's labels. */
export interface Leftover {
  readonly kind: 'container' | 'network' | 'volume'
  readonly id: string
  readonly name: string
  readonly labels: Labels
}
/** What a run has in the engine. */
export interface DockerRun {
  readonly runId: string
  readonly ownerAlive: boolean
  readonly things: readonly Leftover[]
}

/** Every run of which the engine holds anything. */
export async function dockerRuns(docker: Docker): Promise<readonly DockerRun[]> {
  const things = await find(docker, RUN)
  const ids = new Set(things.map(({ labels }) => labels[RUN] ?? ''))
  return [...ids].map((runId) => {
    const own = things.filter(({ labels }) => labels[RUN] === runId)
    return { runId, ownerAlive: own.some(({ labels }) => ownerAlive(labels)), things: own }
  })
}

/**
 * Removes all that the run has in the engine, and says what that was. `quietMs`: for how long nothing more may come, as an
 * owner that was killed may have asked for a container that the engine makes only now.
 */
export async function sweepRun(
  docker: Docker,
  runId: string,
  { timeoutMs, quietMs = 0 }: { readonly timeoutMs: number; readonly quietMs?: number },
): Promise<readonly string[]> {
  const removed = new Set<string>()
  let emptySince: number | null = null
  const isSwept = async (): Promise<boolean> => {
    const things = await find(docker, `${RUN}=${runId}`)
    if (things.length > 0) emptySince = null
    // Containers first: they hold the others.
    for (const kind of ['container', 'network', 'volume'] as const) {
      const own = things.filter((thing) => thing.kind === kind)
      const outcomes = await Promise.allSettled(own.map((thing) => remove(docker, thing)))
      for (const [index, outcome] of outcomes.entries())
        if (outcome.status === 'fulfilled') removed.add(`${kind} ${own[index]?.name ?? ''}`)
    }
    if (things.length > 0) return false
    emptySince ??= performance.now()
    return performance.now() - emptySince >= quietMs
  }
  const what = `the containers, networks and volumes of run ${runId} to go`
  await until(isSwept, { timeoutMs, what, everyMs: 100 }).catch((failure: unknown) => {
    throw new FreshetError('cleanup', `waited ${timeoutMs} ms for ${what}`, { cause: failure })
  })
  return [...removed]
}

async function find(docker: Docker, label: string): Promise<readonly Leftover[]> {
  const filters = { label: [label] }
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ])
  return [
    ...containers.map(
      ({ Id, Names, Labels }) =>
        ({ kind: 'container', id: Id, name: (Names[0] ?? Id).slice(1), labels: Labels }) as const,
    ),
    ...networks.map(
      ({ Id, Name, Labels }) =>
        ({ kind: 'network', id: Id, name: Name, labels: Labels ?? {} }) as const,
    ),
    ...(Volumes ?? []).map(
      ({ Name, Labels }) =>
        ({ kind: 'volume', id: Name, name: Name, labels: Labels ?? {} }) as const,
    ),
  ]
}

/** Resolves also when it has gone meanwhile. */
async function remove(docker: Docker, { kind, id }: Leftover): Promise<void> {
  try {
    switch (kind) {
      case 'container':
        // With the volumes that its image asked for, which have no labels.
        await docker.getContainer(id).remove({ force: true, v: true })
        return
      case 'network':
        await docker.getNetwork(id).remove()
        return
      case 'volume':
        await docker.getVolume(id).remove()
        return
    }
  } catch (failure) {
    if (statusOf(failure) !== 404) throw failure
  }
}
