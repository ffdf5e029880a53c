import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { emptyLedger, type Ledger } from './ledger.ts'

type Column = Exclude<keyof Ledger, 'count' | 'lanes'>
export const LOAD_COLUMNS = [
  'intended',
  'sent',
  'settled',
  'outcome',
  'partition',
] as const satisfies readonly Column[]
export const LANDING_COLUMNS = ['landed', 'absent'] as const satisfies readonly Column[]

/** One file a column, little-endian, in `<run>/ledger/`. */
export async function writeColumns(
  directory: string,
  ledger: Ledger,
  columns: readonly Column[],
): Promise<void> {
  await mkdir(join(directory, 'ledger'), { recursive: true })
  for (const name of columns) {
    const { buffer, byteOffset, byteLength } = ledger[name]
    await writeFile(
      join(directory, 'ledger', `${name}.bin`),
      new Uint8Array(buffer, byteOffset, byteLength),
    )
  }
}

/** Fills `into` from the files that are there; the names of those that are not are returned. */
export async function readColumns(
  directory: string,
  into: Ledger,
  columns: readonly Column[],
): Promise<Column[]> {
  const missing: Column[] = []
  for (const name of columns) {
    const bytes = await readFile(join(directory, 'ledger', `${name}.bin`)).catch(() => null)
    const column = into[name]
    if (bytes?.byteLength !== column.byteLength) missing.push(name)
    else new Uint8Array(column.buffer, column.byteOffset, column.byteLength).set(bytes)
  }
  return missing
}

export async function readLedger(
  directory: string,
  count: number,
  lanes: number,
): Promise<{ ledger: Ledger; missing: Column[] }> {
  const ledger = emptyLedger(count, lanes)
  return {
    ledger,
    missing: await readColumns(directory, ledger, [...LOAD_COLUMNS, ...LANDING_COLUMNS]),
  }
}
