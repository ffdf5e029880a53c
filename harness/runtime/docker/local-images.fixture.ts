import { diagnose } from './diagnose.ts'
import { dockerClient } from './engine.ts'
import { IMAGE_NAMES, imageOf, imageVariable, type ImageName } from './images.ts'
import { probeEngine } from './probe.ts'

/** What `node ci/images/build.mjs` makes. */
const LOCAL: Readonly<Record<ImageName, string>> = {
  kafka: 'freshet-local/kafka:4.3.1',
  clickhouse: 'freshet-local/sink:26.7',
  toxiproxy: 'freshet-local/toxiproxy:2.12.0',
  worker: 'freshet-local/worker:node20',
}

/** Lets tests use the local stand-ins unless told of other images. Resolves to why containers cannot be tested here, or null. */
export async function whyNoContainers(): Promise<string | null> {
  const found = diagnose(await probeEngine())
  if (found.state === 'missing') return found.detail
  for (const name of IMAGE_NAMES) process.env[imageVariable(name)] ??= LOCAL[name]
  const docker = await dockerClient()
  for (const name of IMAGE_NAMES) {
    const image = imageOf(name)
    const isHere = await docker
      .getImage(image)
      .inspect()
      .then(
        () => true,
        () => false,
      )
    if (!isHere) return `no image ${image}: node ci/images/build.mjs makes it`
  }
  return null
}
