import { statfs } from 'node:fs/promises'
import { request } from 'node:http'
import { homedir } from 'node:os'
import { existsSync } from 'node:fs'
import * as z from 'zod'
import { runCommand } from '../../setup/command.ts'
import type { EngineProbe } from './diagnose.ts'

const ANSWER_LIMIT_MS = 5000
const versionSchema = z.object({ Version: z.string() })
const infoSchema = z.object({
  DockerRootDir: z.string(),
  SecurityOptions: z.array(z.string()).nullable().default([]),
  MemoryLimit: z.boolean().default(true),
  CpuCfsQuota: z.boolean().default(true),
})

/** Looks at what a Docker client would talk to; changes nothing. */
export async function probeEngine(): Promise<EngineProbe> {
  const host = process.env['DOCKER_HOST'] ?? ''
  if (host !== '' && !host.startsWith('unix://')) return { state: 'remote', host }
  const socket = host === '' ? defaultSocket() : host.slice('unix://'.length)
  const hasClient = (await runCommand(['docker', '--version'], { timeoutMs: 5000 })) !== null
  try {
    const version = versionSchema.parse(await ask(socket, '/version')).Version
    const info = infoSchema.parse(await ask(socket, '/info'))
    return {
      state: 'answers',
      version,
      rootless: (info.SecurityOptions ?? []).some((option) => option.includes('rootless')),
      canLimit: info.MemoryLimit && info.CpuCfsQuota,
      freeBytes: await freeBytes(info.DockerRootDir),
    }
  } catch (failure) {
    const code = failure instanceof Error && 'code' in failure ? String(failure.code) : null
    return { state: 'silent', socket, code, hasClient }
  }
}

function defaultSocket(): string {
  const candidates = [
    '/var/run/docker.sock',
    `${process.env['XDG_RUNTIME_DIR'] ?? '/nowhere'}/docker.sock`,
    `${homedir()}/.docker/run/docker.sock`,
    `${homedir()}/.docker/desktop/docker.sock`,
  ]
  return candidates.find((path) => existsSync(path)) ?? '/var/run/docker.sock'
}

/** Null where the engine's folder is not ours to see. */
async function freeBytes(folder: string): Promise<number | null> {
  return statfs(folder).then(
    (disk) => disk.bavail * disk.bsize,
    () => null,
  )
}

function ask(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, timeout: ANSWER_LIMIT_MS }, (response) => {
      let text = ''
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => (text += chunk))
        .on('end', () => {
          try {
            resolve(JSON.parse(text))
          } catch (failure) {
            reject(failure instanceof Error ? failure : new Error(String(failure)))
          }
        })
    })
    asked.once('timeout', () =>
      asked.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
    )
    asked.once('error', reject).end()
  })
}
