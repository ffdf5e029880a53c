import type { ContainerRuntimeClient, ImageName } from 'testcontainers'
import { FreshetError, messageOf } from '../../lib/errors.ts'
import { within } from '../../lib/until.ts'
import { imageMissing, imageOf, type ImageName as OurImage, type ImageOverrides } from './images.ts'
import { diagnose } from './diagnose.ts'
import { probeEngine } from './probe.ts'

const PULL_LIMIT_MS = 10 * 60_000

export type Docker = ContainerRuntimeClient['container']['dockerode']
export type Container = ReturnType<Docker['getContainer']>
export type Network = ReturnType<Docker['getNetwork']>
export type CreateOptions = Parameters<Docker['createContainer']>[0]

export interface Engine {
  readonly docker: Docker
  /** Memory of the engine's machine. */
  readonly memoryBytes: number
  /** Whether it can limit CPU and memory. */
  readonly canLimit: boolean
  /** Makes sure that the image is here; resolves to its reference. */
  bring(name: OurImage): Promise<string>
}

/** The engine that the user's Docker client would talk to; throws `environment` with what is wrong and what to do. */
export async function connectEngine(images: ImageOverrides = {}): Promise<Engine> {
  const found = diagnose(await probeEngine())
  if (found.state === 'missing')
    throw new FreshetError('environment', found.detail, { hint: found.todo })
  const { client, Reference } = await load()
  const bring = async (name: OurImage): Promise<string> => {
    const image = imageOf(name, images)
    const docker = client.container.dockerode
    if (await isHere(docker, image)) return image
    const pull = client.image.pull(Reference.fromString(image))
    await within(pull, PULL_LIMIT_MS, `docker pull ${image}`).catch((failure: unknown) => {
      throw imageMissing(name, image, failure)
    })
    // A pull that fails under way ends like one that succeeds.
    if (!(await isHere(docker, image))) throw imageMissing(name, image)
    return image
  }
  return {
    docker: client.container.dockerode,
    memoryBytes: client.info.containerRuntime.memory,
    canLimit: found.canLimit,
    bring,
  }
}

/** The engine as it is, to clean up with: a full disk must not keep anything from being removed. */
export async function dockerClient(): Promise<Docker> {
  return (await load()).client.container.dockerode
}

async function load(): Promise<{ client: ContainerRuntimeClient; Reference: typeof ImageName }> {
  // Heavy, and needed only here.
  const { ImageName: Reference, getContainerRuntimeClient } = await import('testcontainers')
  // In a container it would look for a gateway, if need be by starting a container of its own; we only use 127.0.0.1.
  process.env['TESTCONTAINERS_HOST_OVERRIDE'] ??= '127.0.0.1'
  return { client: await getContainerRuntimeClient(), Reference }
}

async function isHere(docker: Docker, image: string): Promise<boolean> {
  return docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      (failure: unknown) => {
        if (statusOf(failure) === 404) return false
        throw new FreshetError('environment', `the Docker Engine: ${messageOf(failure)}`)
      },
    )
}

/** The HTTP status of what the engine answered; null when it did not answer. */
export function statusOf(failure: unknown): number | null {
  if (!(failure instanceof Error) || !('statusCode' in failure)) return null
  return typeof failure.statusCode === 'number' ? failure.statusCode : null
}
