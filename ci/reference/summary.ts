import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { packageRoot } from '../../harness/setup/paths.ts'
import { page, table } from './markdown.ts'

const SOURCE = 'harness/analysis/summary.ts'
const ROOT = 'Summary'

/** The fields of summary.json, from the types that it is written by. */
export function summaryPage(): string {
  const text = readFileSync(join(packageRoot(), SOURCE), 'utf8')
  const source = ts.createSourceFile(SOURCE, text, ts.ScriptTarget.ES2022, true)
  const declared = new Map(source.statements.filter(isType).map((one) => [one.name.text, one]))
  const wanted = reachable(ROOT, declared)
  return page(
    'summary.json',
    '`freshet run --json` and `freshet report --json` print it. Times are milliseconds since the origin of the run, counts are events. Fields may be added; these keep their names.',
    ...wanted.map(section),
  )
}

type Declared = ts.InterfaceDeclaration | ts.TypeAliasDeclaration
const isType = (one: ts.Statement): one is Declared =>
  ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one)

/** The root and every type of the file that it is made of, in the order in which they are met. */
function reachable(root: string, declared: ReadonlyMap<string, Declared>): readonly Declared[] {
  const found = new Map<string, Declared>()
  const visit = (name: string): void => {
    const one = declared.get(name)
    if (one === undefined || found.has(name)) return
    found.set(name, one)
    const walk = (node: ts.Node): void => {
      if (ts.isTypeReferenceNode(node)) visit(node.typeName.getText())
      node.forEachChild(walk)
    }
    one.forEachChild(walk)
  }
  visit(root)
  return [...found.values()]
}

function section(one: Declared): string {
  const heading = `## ${one.name.text}`
  const about = one.name.text === ROOT ? 'The document itself.' : docOf(one)
  if (ts.isTypeAliasDeclaration(one))
    return parts(heading, about, `\`\`\`ts\n${tidy(one.type.getText())}\n\`\`\``)
  const rows = one.members
    .filter(ts.isPropertySignature)
    .map((member) => [
      `\`${member.name.getText()}\``,
      `\`${tidy(member.type?.getText() ?? '')}\``,
      docOf(member),
    ])
  return parts(heading, about, table(['Field', 'Type', 'Meaning'], rows))
}

const parts = (...all: readonly string[]): string => all.filter((part) => part !== '').join('\n\n')
const tidy = (text: string): string =>
  text
    .replace(/\breadonly /g, '')
    .replace(/\s+/g, ' ')
    .trim()

function docOf(node: ts.Node): string {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)
  return docs.map(({ comment }) => (typeof comment === 'string' ? comment : '')).join(' ')
}
