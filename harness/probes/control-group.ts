import { readFileSync } from 'node:fs'

/** This process's group of a controller: a line of version 1 that names it, or the only one of version 2. */
function groupOf(controller: string): string | null {
  const text = readable('/proc/self/cgroup') ?? ''
  const own = new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(.*)$`, 'm').exec(text)?.[1]
  return own ?? /^0::(.*)$/m.exec(text)?.[1] ?? null
}

/** A file of this process's own control group, of version 2 or 1; null where there is none (the root group has no limits). */
export function readOwnGroup(controller: 'cpu' | 'memory', file: string): string | null {
  const group = groupOf(controller)
  if (group === null) return null
  const path = `${group === '/' ? '' : group}/${file}`
  return readable(`/sys/fs/cgroup${path}`) ?? readable(`/sys/fs/cgroup/${controller}${path}`)
}

function readable(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
