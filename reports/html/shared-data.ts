/** What stands for the k-th of the arrays that several specs of a chart share. */
interface Shared {
  readonly shared: number
}
export interface SharedSpecs {
  readonly data: readonly unknown[]
  readonly specs: Readonly<Record<string, unknown>>
}

/** Data in full would be in the page once for each spec; so it is there once, and the specs point to it. */
export function shareData(specs: Readonly<Record<string, object>>): SharedSpecs {
  const texts: string[] = []
  const data: unknown[] = []
  const place = (values: unknown): Shared => {
    const text = JSON.stringify(values)
    const known = texts.indexOf(text)
    if (known >= 0) return { shared: known }
    texts.push(text)
    return { shared: data.push(values) - 1 }
  }
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit)
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(
      Object.entries(node).map(([key, value]: [string, unknown]) => [
        key,
        key === 'values' && isRows(value) ? place(value) : visit(value),
      ]),
    )
  }
  const pointing = Object.entries(specs).map(([name, spec]) => [name, visit(spec)] as const)
  return { data, specs: Object.fromEntries(pointing) }
}

const isRows = (value: unknown): boolean =>
  Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null)
