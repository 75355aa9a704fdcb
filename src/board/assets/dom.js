/**
 * An element with attributes, listeners (`onclick`), custom properties (`--from`) and children. Strings become text,
 * never markup.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else if (name.startsWith('--')) node.style.setProperty(name, value)
    else node.setAttribute(name, value === true ? '' : value)
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false))
  return node
}

export const byId = id => document.getElementById(id)

/** Ids of what is made here. */
let counted = 0

/** A control with its label. `input` is an element, or the type of an input. */
export function field(label, input, attributes = {}) {
  const node = typeof input === 'string' ? el('input', { type: input, ...attributes }) : input
  node.id ||= `field-${++counted}`
  return el('div', { class: 'field' }, el('label', { for: node.id }, label), node)
}

export function select(name, options, attributes = {}) {
  return el('select', { name, ...attributes }, options.map(option))
}

export const option = ([value, text]) => el('option', { value }, text)

/** What a form says, without what was left empty. */
export function valuesOf(form) {
  return Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''))
}

/**
 * A dialog: Escape and Close leave it, and the focus goes back to where it came from.
 *
 * @returns `body` to fill, `say` and `refuse` for its own messages, and `close`
 */
export function openDialog(title, { onClose = () => {} } = {}) {
  const id = `dialog-${++counted}`
  const fault = el('p', { class: 'fault', role: 'alert' })
  const said = el('p', { class: 'said', role: 'status' })
  const body = el('div', { class: 'body' })
  const close = el('button', { type: 'button', class: 'close', 'aria-label': 'Close' }, '×')
  const dialog = el(
    'dialog',
    { 'aria-labelledby': id },
    el('header', {}, el('h2', { id }, title), close),
    body,
    fault,
    said,
  )
  close.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => {
    dialog.remove()
    onClose()
  })
  document.body.append(dialog)
  dialog.showModal()
  const show = (node, other) => text => {
    node.textContent = text
    other.textContent = ''
  }
  return { body, say: show(said, fault), refuse: show(fault, said), close: () => dialog.close() }
}

/** Runs what a person asked for once at a time: the button waits with them. */
export async function whileBusy(button, work) {
  if (button.getAttribute('aria-disabled') === 'true') return
  button.setAttribute('aria-disabled', 'true')
  try {
    await work()
  } finally {
    button.removeAttribute('aria-disabled')
  }
}
