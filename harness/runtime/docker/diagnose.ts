/** What a look at the Docker Engine showed. */
export type EngineProbe =
  | { readonly state: 'remote'; readonly host: string }
  /** `code`: the system's word for why there was no answer, such as ENOENT or EACCES. */
  | {
      readonly state: 'silent'
      readonly socket: string
      readonly code: string | null
      readonly hasClient: boolean
    }
  | {
      readonly state: 'answers'
      readonly version: string
      readonly rootless: boolean
      /** Whether the kernel lets it limit CPU and memory. */
      readonly canLimit: boolean
      /** Where it keeps images and containers; null where that cannot be seen. */
      readonly freeBytes: number | null
    }
export type Diagnosis =
  | { readonly state: 'ok'; readonly detail: string; readonly canLimit: boolean }
  | { readonly state: 'missing'; readonly detail: string; readonly todo: string }

const OLDEST = [20, 10] as const
const GIB = 1024 ** 3
const DISK_BYTES = 2 * GIB

/** Whether runs can use the engine; if not, what is wrong and what a person can do. */
export function diagnose(probe: EngineProbe): Diagnosis {
  switch (probe.state) {
    case 'remote':
      return missing(
        `Docker Engine at ${probe.host} is not on this machine`,
        'unset DOCKER_HOST: a run needs an engine here, as its ports are published on 127.0.0.1',
      )
    case 'silent':
      return silent(probe)
    case 'answers':
      return answering(probe)
  }
}

function silent({ socket, code, hasClient }: EngineProbe & { state: 'silent' }): Diagnosis {
  if (code === 'EACCES' || code === 'EPERM')
    return missing(
      `no permission to use the Docker Engine at ${socket}`,
      'add yourself to the group docker (sudo usermod -aG docker $USER) and log in again',
    )
  if (code === 'ETIMEDOUT')
    return missing(`the Docker Engine at ${socket} does not answer`, 'restart it')
  if (code === 'ENOENT' && !hasClient)
    return missing('Docker is not installed', 'apt install docker.io, or see docs.docker.com')
  return missing(
    `the Docker Engine is not running (${socket}: ${code ?? 'no sensible answer'})`,
    'start it: sudo systemctl start docker, or Docker Desktop',
  )
}

function answering(probe: EngineProbe & { state: 'answers' }): Diagnosis {
  const { version, rootless, canLimit, freeBytes } = probe
  if (!isEnough(version))
    return missing(`Docker Engine ${version} is too old`, `install ${OLDEST.join('.')} or newer`)
  if (freeBytes !== null && freeBytes < DISK_BYTES)
    return missing(
      `the Docker Engine has ${(freeBytes / GIB).toFixed(1)} GiB of disk left`,
      `free some (docker system prune): images and a run need ${DISK_BYTES / GIB} GiB`,
    )
  const notes = [rootless ? 'rootless' : '', canLimit ? '' : 'cannot limit CPU and memory']
  const detail = [version, ...notes.filter((note) => note !== '')].join(', ')
  return { state: 'ok', detail, canLimit }
}

function missing(detail: string, todo: string): Diagnosis {
  return { state: 'missing', detail, todo }
}

function isEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}
