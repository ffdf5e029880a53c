import { readFile, stat } from 'node:fs/promises'
import { FreshetError } from '../lib/errors.ts'

const MAX_BYTES = 1_000_000
const STDIN = '-'
const PROGRAM = /\.[cm]?[jt]s$/

/** A scenario as it was written, and the name that its mistakes are reported under. */
export interface ScenarioText {
  readonly name: string
  readonly text: string
}

/** Reads a file, or standard input for `-`; more than a scenario can have is refused unread. */
export async function readScenarioText(file: string): Promise<ScenarioText> {
  if (file === STDIN) return { name: '<stdin>', text: await readStdin() }
  const refuse = (message: string, hint?: string): never => {
    throw new FreshetError('usage', `${file}:1:1: ${message}`, hint === undefined ? {} : { hint })
  }
  const info = await stat(file).catch(() => null)
  if (info === null) return refuse('no such file', 'freshet list scenarios')
  if (info.isDirectory()) return refuse('a folder, not a scenario file', `name a file in ${file}`)
  if (PROGRAM.test(file)) {
    return refuse('a program, not a scenario', `pipe what it prints: ... ${file} | freshet run -`)
  }
  if (info.size > MAX_BYTES) return refuse(tooLong(info.size), WHAT_BELONGS)
  return { name: file, text: await readFile(file, 'utf8') }
}

const WHAT_BELONGS = 'a scenario is a page of settings; data belongs elsewhere'
const tooLong = (bytes: number): string => `${bytes} bytes; a scenario has at most ${MAX_BYTES}`

async function readStdin(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('reading a scenario from standard input\n')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of process.stdin) {
    const part = Buffer.from(chunk as Buffer)
    chunks.push(part)
    bytes += part.length
    if (bytes > MAX_BYTES)
      throw new FreshetError('usage', `<stdin>:1:1: ${tooLong(bytes)}`, { hint: WHAT_BELONGS })
  }
  return Buffer.concat(chunks).toString('utf8')
}
