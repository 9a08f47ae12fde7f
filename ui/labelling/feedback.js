// The keyboard of the feedback after a draft: the button has the focus, Enter and Ctrl+Enter press it. A key still held
// down from the Save before, or pressed twice in one breath, must not turn the feedback over unread.

let button = null
let since = 0

function onKey(event) {
  if (!button || event.key !== "Enter" || event.target.closest("input, textarea")) return
  const press = document.querySelector(`.st-key-${button} button`)
  if (!press || (event.target.closest("a, button") && event.target.closest("button") !== press)) return
  event.preventDefault()
  event.stopImmediatePropagation()
  if (!event.repeat && performance.now() - since > 400) press.click()
}

let listening = false

// The button arrives with its own message, perhaps after this one.
function focusWhenThere(name, until = performance.now() + 2000) {
  const press = document.querySelector(`.st-key-${name} button`)
  if (press) press.focus({ preventScroll: true })
  else if (button === name && performance.now() < until) requestAnimationFrame(() => focusWhenThere(name, until))
}

export default function ({ data }) {
  if (!listening) {
    listening = true
    window.addEventListener("keydown", onKey, { capture: true })
  }
  if (button !== data.button) {
    button = data.button
    since = performance.now()
    focusWhenThere(button)
  }
  return () => { button = null }
}
