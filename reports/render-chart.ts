import * as vega from 'vega'
import { expressionInterpreter } from 'vega-interpreter'
import { compile, type TopLevelSpec } from 'vega-lite'
import { COLORS } from './charts/palette.ts'
import { escapeText } from './html/markup.ts'

/** What Vega draws in where a chart names no colour; replaced like the palette's. */
const INK = '#333332'
const FAINT = '#ddddde'
export const CONFIG = {
  background: 'transparent',
  font: 'sans-serif',
  view: { stroke: FAINT },
  axis: {
    domainColor: INK,
    tickColor: INK,
    labelColor: INK,
    titleColor: INK,
    gridColor: FAINT,
    titleFontWeight: 'normal',
  },
  legend: { labelColor: INK, titleColor: INK },
  header: { labelColor: INK, titleColor: INK },
  text: { color: INK },
} as const
/** Each colour of a chart and the CSS variable that stands for it in the page. */
export const VARIABLES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(COLORS).map(([name, color]) => [color, `--chart-${name}`])),
  [INK]: '--chart-ink',
  [FAINT]: '--chart-faint',
  '#ffffff': '--chart-gap',
}

/** Vega warns where a chart would quietly be wrong; here that is an error. */
export function strictLogger(name: string) {
  const complain = (...parts: readonly unknown[]): never => {
    throw new Error(`chart ${name}: ${parts.map(String).join(' ')}`)
  }
  const logger = {
    level: () => logger,
    warn: complain,
    error: complain,
    info: () => logger,
    debug: () => logger,
  }
  // Vega's type asks that a getter and a setter be one overloaded function.
  return logger as unknown as vega.LoggerInterface
}

/** A spec drawn without a browser: an SVG with plain colours and Vega's own ids. Throws on any warning. */
export async function renderSvg(name: string, spec: object): Promise<string> {
  const logger = strictLogger(name)
  const compiled = compile(spec as TopLevelSpec, { logger, config: CONFIG }).spec
  // The interpreter, as in the live view: no text of a spec ever becomes code.
  const runtime = vega.parse(compiled, undefined, { ast: true })
  const view = new vega.View(runtime, { expr: expressionInterpreter, renderer: 'none', logger })
  try {
    return await view.toSVG()
  } finally {
    view.finalize()
  }
}

/** Left of every plot, and in all, px: room for the axis, the plot (720) and a label that sticks out. */
const LEFT = 112
const TOTAL = 842

/** The plot at the same place in every chart, whatever Vega believes that its labels take. */
function aligned(svg: string): string {
  const left = Number(/transform="translate\(([\d.]+),/.exec(svg)?.[1] ?? LEFT)
  const height = /<svg[^>]* height="([\d.]+)"/.exec(svg)?.[1] ?? '0'
  const frame = `width="${TOTAL}" height="${height}" viewBox="${left - LEFT} 0 ${TOTAL} ${height}"`
  return svg.replace(/<svg[^>]*>/, (tag) =>
    tag.replaceAll(/ (?:width|height|viewBox)="[^"]*"/g, '').replace('<svg', `<svg ${frame}`),
  )
}

export interface Description {
  readonly title: string
  readonly text: string
}

/**
 * The same, to stand in a page among others: ids of its own, no inline style (CSP), colours by CSS variable for light
 * and dark, and a title and a description for those who cannot see it.
 */
export async function renderChart(
  name: string,
  spec: object,
  { title, text }: Description,
): Promise<string> {
  const svg = aligned(await renderSvg(name, spec))
  return svg
    .replaceAll(/<[^>]*>/g, (tag) => {
      const tidy = tag
        .replaceAll(/ (?:xmlns(?::\w+)?|style|role|aria-[a-z]+)="[^"]*"/g, '')
        .replaceAll(/( id="|url\(#|href="#)/g, `$1${name}-`)
      return tidy.replaceAll(
        / (fill|stroke)="(#[0-9a-f]{6}|#fff|black)"/gi,
        (whole, attribute: string, color: string) => {
          const variable = VARIABLES[color.toLowerCase().replace(/^#fff$/, '#ffffff')]
          return variable === undefined ? whole : ` ${attribute}="var(${variable})"`
        },
      )
    })
    .replace(
      /<svg[^>]*>/,
      (tag) =>
        `${tag.replace('<svg', `<svg role="img" focusable="false" aria-labelledby="title-${name}" aria-describedby="desc-${name}"`)}<title id="title-${name}">${escapeText(title)}</title><desc id="desc-${name}">${escapeText(text)}</desc>`,
    )
}
