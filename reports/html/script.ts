/** The page's whole script: a button shows its chart's spec. The page reads the same without it. */
export const SCRIPT = `
for (const button of document.querySelectorAll('button[data-spec]')) {
  button.hidden = false
  button.addEventListener('click', () => {
    const shown = document.getElementById(button.getAttribute('aria-controls'))
    shown.hidden = !shown.hidden
    button.setAttribute('aria-expanded', String(!shown.hidden))
    if (shown.textContent === '') shown.textContent = JSON.stringify(JSON.parse(document.getElementById(button.dataset.spec).textContent), null, 2)
  })
}
`
