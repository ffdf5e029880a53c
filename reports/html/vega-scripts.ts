import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const text = (path: string): string =>
  readFileSync(path, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')

/** As its publisher built it; in the page it defines `vega`. */
export function vegaScript(): string {
  return harmless(text(fileURLToPath(new URL('vega.min.js', import.meta.resolve('vega')))))
}

const IMPORT = /^import \{ ([\w, ]+) \} from 'vega-util';$/m
const EXPORT = /^export \{ (\w+) as expressionInterpreter \};$/m

/** Published as a module only: made a script that takes its import from `vega` and defines `freshetExpressions`. */
export function interpreterScript(): string {
  const module = text(fileURLToPath(import.meta.resolve('vega-interpreter')))
  const [names, name] = [IMPORT.exec(module)?.[1], EXPORT.exec(module)?.[1]]
  if (names === undefined || name === undefined || /^(?:im|ex)port .*(?:\n|$)/m.test(rest(module)))
    throw new Error('vega-interpreter is built in another way than this knows')
  return harmless(
    `{\nconst { ${names} } = vega;\n${rest(module)}\nglobalThis.freshetExpressions = ${name};\n}\n`,
  )
}
const rest = (module: string): string => module.replace(IMPORT, '').replace(EXPORT, '')

/** Nothing in it may end the script element that it stands in. */
function harmless(script: string): string {
  if (/<\/script|<!--/i.test(script)) throw new Error('a script that would end its own element')
  return script
}
