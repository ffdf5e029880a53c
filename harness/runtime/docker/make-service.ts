import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FreshetError } from '../../lib/errors.ts'
import type { ServiceSpec } from '../runtime.ts'
import { ContainerService } from './container-service.ts'
import { createOptions } from './create-options.ts'
import type { Engine, Network } from './engine.ts'
import { explain } from './explain.ts'
import type { Labels } from './labels.ts'

/** Where the containers of a run are made. */
export interface RunSite {
  readonly engine: Engine
  readonly runId: string
  /** The run's folder, an absolute path: the engine takes no other. */
  readonly directory: string
  readonly labels: Labels
  readonly network: Network
}

/** Of containers and of the network: told apart from those of other runs by a person too. */
export function nameInEngine(runId: string, alias?: string): string {
  return alias === undefined ? `freshet-${runId}` : `freshet-${runId}-${alias}`
}

/** Makes the service's container, and does not start it. */
export async function makeService(
  spec: ServiceSpec,
  alias: string,
  site: RunSite,
): Promise<ContainerService> {
  const { engine, runId, directory, labels, network } = site
  const { container: wanted, ports = [] } = spec
  if (wanted === undefined)
    throw new FreshetError('environment', `${spec.name} cannot run in a container`, {
      hint: 'use the process runtime for this pipeline',
    })
  const place = {
    alias,
    labels,
    name: nameInEngine(runId, alias),
    network: nameInEngine(runId),
    image: await engine.bring(wanted.image),
    memoryBytes: engine.memoryBytes,
    files: await writeFiles(join(directory, 'containers', alias), wanted.files ?? {}),
  }
  const container = await engine.docker
    .createContainer(createOptions(wanted, ports, place))
    .catch((failure: unknown) => {
      throw explain(`the container of ${spec.name} could not be made`, failure)
    })
  const logPath = join(directory, 'logs', `${spec.name.replaceAll('/', '_')}.log`)
  return new ContainerService({ spec, engine, container, network, alias, logPath })
}

async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const entries = Object.entries(files)
  for (const [path, text] of entries) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text, { mode: 0o644 })
  }
  return entries.map(([path]) => `${join(folder, path)}:${path}`)
}
