import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Fills a folder beside `destination` and moves it there in one step, so that an interrupted install
 * leaves nothing that looks whole. `fill` throws when what it made is not right. The folder's name is
 * new every time: a program that outlived a killed install must not write into the next one's.
 */
export async function place(
  destination: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(destination), { recursive: true })
  await removeParts(destination)
  const folder = `${destination}.part-${randomUUID()}`
  await mkdir(folder)
  try {
    await fill(folder)
    await rm(destination, { recursive: true, force: true })
    await rename(folder, destination)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What installs that were killed have left; the caller holds the set-up's lock. */
async function removeParts(destination: string): Promise<void> {
  const names = await readdir(dirname(destination))
  const parts = names.filter((name) => name.startsWith(`${basename(destination)}.part`))
  for (const part of parts)
    await rm(join(dirname(destination), part), { recursive: true, force: true })
}
