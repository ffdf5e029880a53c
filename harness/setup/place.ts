import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Fills a folder beside `destination` and moves it there in one step, so that an interrupted install
 * leaves nothing that looks whole. `fill` throws when what it made is not right.
 */
export async function place(
  destination: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = `${destination}.part`
  await mkdir(dirname(destination), { recursive: true })
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  try {
    await fill(folder)
    await rm(destination, { recursive: true, force: true })
    await rename(folder, destination)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
