import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { FreshetError } from '../lib/errors.ts'
import { parseArtifacts, verifyArtifacts } from './artifacts.ts'
import { lastLine, runCommand } from './command.ts'
import type { Component, Verification } from './component.ts'
import type { Hands } from './hands.ts'
import { KAFKA_VERSION, cachePaths, packageRoot } from './paths.ts'
import { place } from './place.ts'
import { countDownloads } from './progress.ts'
import { JAVA, MAVEN, ensureTool } from './tools.ts'

const DOWNLOAD_MS = 10 * 60_000

/**
 * Apache Kafka's jars from Maven Central, as pom.xml names them and artifacts.txt pins them.
 * After a change of the pom: copy the dependencies by hand and write the list anew with
 * `LC_ALL=C sha256sum *.jar > artifacts.txt`.
 */
export const KAFKA: Component = {
  name: 'kafka',
  version: KAFKA_VERSION,
  installed: () => verify(cachePaths().kafkaLibs),
  async install(hands) {
    await ensureTool(JAVA, hands)
    await ensureTool(MAVEN, hands)
    hands.say(`kafka ${KAFKA_VERSION}: downloading from Maven Central (55 MB)`)
    await place(dirname(cachePaths().kafkaLibs), (folder) => bring(folder, hands))
  },
}

async function verify(libs: string): Promise<Verification> {
  const list = await readFile(join(packageRoot(), 'harness/setup/kafka/artifacts.txt'), 'utf8')
  return verifyArtifacts(libs, parseArtifacts(list))
}

/** Fills `folder` with libs/. A damaged file in the user's Maven repository is not used twice. */
async function bring(folder: string, hands: Hands): Promise<void> {
  const libs = join(folder, 'libs')
  await download(libs, hands, [])
  const first = await verify(libs)
  if (first.ok) return
  hands.say(`kafka ${KAFKA_VERSION}: ${first.problem}; downloading everything again`)
  await rm(libs, { recursive: true, force: true })
  const repository = join(folder, 'repository')
  await download(libs, hands, [`-Dmaven.repo.local=${repository}`])
  await rm(repository, { recursive: true })
  const found = await verify(libs)
  if (found.ok) return
  throw new FreshetError('environment', `what Maven brought for Kafka is wrong: ${found.problem}`, {
    hint: 'compare it with harness/setup/kafka/artifacts.txt',
  })
}

async function download(
  libs: string,
  { say, signal }: Hands,
  flags: readonly string[],
): Promise<void> {
  // Maven runs in a folder of its own: a .mvn folder of the caller's project must not change what it does.
  const cwd = await mkdtemp(join(tmpdir(), 'freshet-maven-'))
  const pom = join(packageRoot(), 'harness/setup/kafka/pom.xml')
  const goal = 'dependency:copy-dependencies'
  const settings = [`-DoutputDirectory=${libs}`, '-DincludeScope=runtime', ...flags]
  const { onLine, end } = countDownloads(`kafka ${KAFKA_VERSION}`, say)
  try {
    const outcome = await runCommand(['mvn', '-B', '-f', pom, goal, ...settings], {
      timeoutMs: DOWNLOAD_MS,
      cwd,
      signal,
      onLine,
    })
    if (outcome?.code !== 0) {
      const said =
        /\[ERROR\] .*/.exec(outcome?.stdout ?? '')?.[0] ?? lastLine(outcome?.stderr ?? '')
      throw new FreshetError(
        'environment',
        `Maven could not bring Kafka ${KAFKA_VERSION}: ${said}`,
        {
          hint: 'is Maven Central (or the mirror in ~/.m2/settings.xml) reachable?',
        },
      )
    }
  } finally {
    end()
    await rm(cwd, { recursive: true, force: true })
  }
}
