// Builds local stand-ins for the public images, for machines that cannot pull any:
// `node ci/images/build.mjs [NAME ...]`. Needs a Docker Engine, root, debootstrap, and `freshet setup`
// done before. What is up to date is left alone: each image carries a hash of what it was made from.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build as compile } from '../steps/build.mjs'
import { capture, run, say } from '../steps/run.mjs'
import { hashOf } from './hash.mjs'
import { IMAGES, PREFIX } from './images.mjs'

const LABEL = 'freshet.made-from'

export async function buildImages(wanted = IMAGES.map(({ name }) => name)) {
  const chosen = withBases(wanted)
  if (chosen.some(({ needsDist }) => needsDist) && (await compile()) !== 0) return 1
  const hashes = new Map()
  for (const image of chosen) {
    const hash = await hashOf(image, hashes.get(image.from) ?? '')
    hashes.set(image.name, hash)
    const code = await bring(image, hash)
    if (code !== 0) return code
  }
  return 0
}

/** Those asked for and what they stand on, lowest first. */
function withBases(wanted) {
  const names = new Set(wanted)
  for (const image of [...IMAGES].reverse()) if (names.has(image.name)) names.add(image.from)
  return IMAGES.filter(({ name }) => names.has(name))
}

async function bring(image, hash) {
  const tag = `${PREFIX}${image.name}:${image.version}`
  const format = `{{index .Config.Labels "${LABEL}"}}`
  const found = await capture(['docker', 'image', 'inspect', '--format', format, tag])
  if (found.code === 0 && found.stdout.trim() === hash) {
    say(`${tag}: up to date`)
    return 0
  }
  say(`${tag}: building`)
  const startedAt = performance.now()
  const folder = await mkdtemp(join(tmpdir(), 'freshet-image-'))
  try {
    const code = await image.make({ folder, tag, label: `${LABEL}=${hash}`, run: quietly })
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    say(code === 0 ? `${tag}: built in ${seconds} s` : `${tag}: failed with code ${code}`)
    return code
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Shows what a step printed only when it failed. */
async function quietly(command) {
  const { code, stdout, stderr } = await capture(command, { timeoutMs: 15 * 60_000 })
  if (code !== 0) say(`${command.join(' ')}\n${stdout}\n${stderr}`)
  return code
}

if (import.meta.url === `file://${process.argv[1]}`) {
  if ((await run(['docker', 'version', '--format', 'Docker Engine {{.Server.Version}}'])) !== 0) {
    say('docker: no engine answers; try `node ci/with-docker.mjs node ci/images/build.mjs`')
    process.exitCode = 3
  } else {
    process.exitCode = await buildImages(
      process.argv.length > 2 ? process.argv.slice(2) : undefined,
    )
  }
}
