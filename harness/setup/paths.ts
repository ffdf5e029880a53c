import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const KAFKA_VERSION = '4.3.1'
export const TOXIPROXY_VERSION = '2.12.0'

export interface CachePaths {
  /** Directory of Kafka's jars, to be used as `<kafkaLibs>/*` on a class path. */
  readonly kafkaLibs: string
  /** The Toxiproxy server's executable. */
  readonly toxiproxy: string
  /** The Java executable: a path, or a name to be found on PATH. */
  readonly java: string
}

/** The per-user cache that every checkout on this machine shares. */
export function cacheRoot(): string {
  const { FRESHET_CACHE, XDG_CACHE_HOME } = environment()
  if (FRESHET_CACHE !== '') return FRESHET_CACHE
  return join(XDG_CACHE_HOME === '' ? join(homedir(), '.cache') : XDG_CACHE_HOME, 'freshet')
}

/** Where the components are, whether they are installed yet or not. */
export function cachePaths(): CachePaths {
  const root = cacheRoot()
  return {
    kafkaLibs: join(root, `kafka-${KAFKA_VERSION}`, 'libs'),
    toxiproxy: join(root, `toxiproxy-${TOXIPROXY_VERSION}`, 'toxiproxy-server'),
    java: javaPath(),
  }
}

function javaPath(): string {
  const { FRESHET_JAVA, JAVA_HOME } = environment()
  if (FRESHET_JAVA !== '') return FRESHET_JAVA
  return JAVA_HOME === '' ? 'java' : join(JAVA_HOME, 'bin', 'java')
}

function environment(): Record<
  'FRESHET_CACHE' | 'XDG_CACHE_HOME' | 'FRESHET_JAVA' | 'JAVA_HOME',
  string
> {
  const read = (name: string): string => process.env[name] ?? ''
  return {
    FRESHET_CACHE: read('FRESHET_CACHE'),
    XDG_CACHE_HOME: read('XDG_CACHE_HOME'),
    FRESHET_JAVA: read('FRESHET_JAVA'),
    JAVA_HOME: read('JAVA_HOME'),
  }
}

/** The directory of our package.json, the same from the sources and from `dist/`. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error('no package.json above the harness')
    folder = parent
  }
  return folder
}
