import type { ContainerSpec } from '../runtime.ts'
import type { CreateOptions } from './engine.ts'
import type { Labels } from './labels.ts'

export interface Place {
  readonly name: string
  readonly alias: string
  readonly network: string
  readonly labels: Labels
  readonly image: string
  /** Of the engine's machine: the limit of everything that is not limited. */
  readonly memoryBytes: number
  /** The spec's files as they are on the host: `host path:container path`. */
  readonly files: readonly string[]
}

/** What the engine is asked for. One network and no other, and nothing published but on 127.0.0.1. */
export function createOptions(
  spec: ContainerSpec,
  ports: readonly number[],
  place: Place,
): CreateOptions {
  const { command, env = {}, mounts = [] } = spec
  const binds = [
    ...place.files.map((file) => `${file}:ro`),
    ...mounts.map((path) => `${path}:${path}:ro`),
  ]
  return {
    name: place.name,
    Image: place.image,
    ...(command === undefined ? {} : { Cmd: [...command] }),
    Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    Labels: { ...place.labels },
    ExposedPorts: Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}])),
    HostConfig: {
      NetworkMode: place.network,
      PortBindings: Object.fromEntries(
        ports.map((port) => [`${port}/tcp`, [{ HostIp: '127.0.0.1', HostPort: String(port) }]]),
      ),
      Binds: binds,
      // Where SELinux rules, a container may not read the host's files unless told so.
      SecurityOpt: binds.length === 0 ? [] : ['label=disable'],
      // A limit that is set can be changed and set back; one that was never set cannot be taken off again.
      Memory: place.memoryBytes,
      MemorySwap: place.memoryBytes,
      // Signals do to it what they do to a process; the kernel shields whoever has pid 1.
      Init: true,
      RestartPolicy: { Name: 'no' },
    },
    NetworkingConfig: { EndpointsConfig: { [place.network]: { Aliases: [place.alias] } } },
  }
}
