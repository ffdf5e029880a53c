import { compile, type TopLevelSpec } from 'vega-lite'
import { CONFIG, strictLogger } from './render-chart.ts'

type Node = Readonly<Record<string, unknown>>
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The Vega spec of the live view: values on hover, and, where asked, an x axis to zoom and move. */
export function liveSpec(name: string, spec: object, zoom: boolean): object {
  const config = { ...CONFIG, mark: { tooltip: true } }
  const hovered = everyNode({ ...spec }, hoverable)
  const whole: unknown = zoom ? withZoom(hovered) : hovered
  const compiled = compile(whole as TopLevelSpec, { logger: strictLogger(name), config }).spec
  // Vega-Lite lets only the layer with the zoom answer the pointer; here all of them have values to tell.
  return everyNode({ ...compiled }, ({ interactive, ...rest }) =>
    interactive === undefined || interactive === false ? rest : { ...rest, interactive },
  )
}

/** Outside in: data is left as it is. */
function everyNode(node: Node, change: (node: Node) => Node): Node {
  const visit = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(visit) : isNode(value) ? everyNode(value, change) : value
  return Object.fromEntries(
    Object.entries(change(node)).map(([key, value]) => [
      key,
      key === 'values' ? value : visit(value),
    ]),
  )
}

/** A line answers the pointer with its first point wherever it is touched, so its points have to answer, unseen. */
function hoverable(node: Node): Node {
  const { mark, axis } = node
  if (isNode(mark) && (mark['type'] === 'line' || mark['type'] === 'area'))
    return { ...node, mark: { point: { opacity: 0, size: 80 }, ...mark, tooltip: null } }
  const title = isNode(axis) ? axis['title'] : undefined
  if ('field' in node && typeof title === 'string' && title.trim() !== '') return { ...node, title }
  return node
}

/** On the last layer: they share their axes, and a selection has one owner. */
function withZoom(spec: Node): Node {
  const params = [{ name: 'zoom', select: { type: 'interval', encodings: ['x'] }, bind: 'scales' }]
  const layers: unknown = spec['layer']
  if (!Array.isArray(layers)) return { ...spec, params }
  return {
    ...spec,
    layer: layers.map((layer: unknown, at) =>
      at === layers.length - 1 && isNode(layer) ? { ...layer, params } : layer,
    ),
  }
}
