import { VARIABLES } from '../render-chart.ts'

/** The page's whole script: buttons that show a chart's spec or bring the chart to life. The page reads the same without it. */
export const SCRIPT = `
const VARIABLES = ${JSON.stringify(VARIABLES)}
const byId = (id) => document.getElementById(id)
const still = new Map()

/** One of a chart's specs, with the data that they share. */
function specOf(name, which) {
  const { data, specs } = JSON.parse(byId('specs-' + name).textContent)
  return JSON.parse(JSON.stringify(specs[which]), (key, value) => (value?.shared === undefined ? value : data[value.shared]))
}

for (const button of document.querySelectorAll('button[data-spec]')) {
  button.hidden = false
  button.addEventListener('click', () => {
    const shown = byId('shown-' + button.dataset.spec)
    shown.hidden = !shown.hidden
    button.setAttribute('aria-expanded', String(!shown.hidden))
    if (shown.textContent === '') shown.textContent = JSON.stringify(specOf(button.dataset.spec, 'still'), null, 2)
  })
}

/** Runs Vega, which the page holds as text until somebody asks for it. */
function vegaLoaded() {
  for (const id of ['source-of-vega', 'source-of-interpreter']) {
    const script = document.createElement('script')
    script.textContent = byId(id).textContent
    document.head.append(script)
  }
}

/** The chart's colours are the page's, light or dark. */
function inColors(text) {
  const style = getComputedStyle(document.documentElement)
  return text.replace(/"(#[0-9a-f]{6})"/g, (whole, color) =>
    VARIABLES[color] === undefined ? whole : JSON.stringify(style.getPropertyValue(VARIABLES[color]).trim() || color))
}

const tip = document.createElement('div')
tip.className = 'tip'
tip.hidden = true
document.body.append(tip)
/** What is under the pointer: text, set as text. */
function tell(handler, event, item, value) {
  tip.hidden = value === undefined || value === null || value === ''
  if (tip.hidden) return
  tip.textContent = typeof value === 'object' ? Object.entries(value).map((pair) => pair.join(': ')).join('\\n') : String(value)
  tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + 'px'
  tip.style.top = Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8) + 'px'
}

async function live(name, box) {
  if (globalThis.vega === undefined) vegaLoaded()
  const spec = JSON.parse(inColors(JSON.stringify(specOf(name, 'live'))))
  const view = new vega.View(vega.parse(spec, undefined, { ast: true }), {
    expr: freshetExpressions, container: box, renderer: 'svg', hover: true, tooltip: tell,
  })
  await view.runAsync()
}

for (const button of document.querySelectorAll('button[data-live]')) {
  button.hidden = false
  button.addEventListener('click', async () => {
    const name = button.dataset.live
    const box = byId('box-' + name)
    const alive = button.getAttribute('aria-pressed') === 'true'
    button.setAttribute('aria-pressed', String(!alive))
    tip.hidden = true
    if (alive) return box.replaceChildren(...still.get(name))
    still.set(name, [...box.childNodes])
    box.replaceChildren()
    await live(name, box)
  })
}
`
