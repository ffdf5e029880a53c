import { copyFile, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { FreshetError } from '../lib/errors.ts'
import { nearest } from '../lib/nearest.ts'

/** What each reporter is called, the file that it leaves in every run directory, and the endings that mean it. */
const REPORTERS = [
  { name: 'html', file: 'report.html', endings: ['.html', '.htm'] },
  { name: 'markdown', file: 'report.md', endings: ['.md'] },
  { name: 'json', file: 'summary.json', endings: ['.json'] },
  { name: 'junit', file: 'junit.xml', endings: ['.xml'] },
] as const
const NAMES = REPORTERS.map((one) => one.name)

/** A report that was asked for; on stdout where `path` is null. */
export interface Wanted {
  readonly file: string
  readonly path: string | null
}

/** `name` or `name=file`. */
export function reporterNamed(text: string): Wanted {
  const [, name = '', path] = /^([^=]*)(?:=(.+))?$/.exec(text) ?? []
  const found = REPORTERS.find((one) => one.name === name)
  if (found !== undefined) return { file: found.file, path: path ?? null }
  const close = nearest(name, NAMES)
  throw new FreshetError('usage', `no reporter "${name}"`, {
    hint: close === null ? `one of ${NAMES.join(', ')}` : `did you mean ${close}?`,
  })
}

/** The reporter that a file's ending means. */
export function reporterOfFile(path: string): Wanted {
  const ending = extname(path)
  const found = REPORTERS.find((one) => one.endings.some((known) => known === ending))
  if (found !== undefined) return { file: found.file, path }
  const endings = REPORTERS.flatMap((one) => one.endings).join(', ')
  throw new FreshetError('usage', `no report is written to a file that ends in "${ending}"`, {
    hint: `one of ${endings}`,
  })
}

/** Hands out the reports of a run that was drawn. `index` of several runs goes into the file's name, so that none is lost. */
export async function handOut(
  wanted: readonly Wanted[],
  run: { readonly directory: string; readonly index: number; readonly of: number },
): Promise<void> {
  for (const { file, path } of wanted) {
    const source = join(run.directory, file)
    if (path === null) process.stdout.write(await readFile(source, 'utf8'))
    else await copyFile(source, run.of === 1 ? path : numbered(path, run.index))
  }
}

function numbered(path: string, index: number): string {
  const ending = extname(path)
  return `${path.slice(0, path.length - ending.length)}-${index + 1}${ending}`
}
