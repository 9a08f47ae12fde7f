// Between a press of a button and the page drawn anew, what stood there before the press takes no click.
//
// A page arrives piece by piece. After "Decide and next" the next draft stands there already while the form below is still the
// last draft's: a level chosen in it would go to the draft that is decided, and be lost without a word. Streamlit marks what
// it has not drawn anew (data-stale); style/frame.css lets that take no pointer while the document is marked here. Choices between
// two presses are not held up: only a button marks it.

const QUIET = 3000 // ms without a run after a press: nothing was asked of the server, or it is gone
const page = document.documentElement
const running = () => Boolean(document.querySelector("[data-testid=stApp][data-test-script-state=running]"))
let pressedAt = 0
let ran = false

function press() {
  const marked = "between" in page.dataset
  pressedAt = performance.now()
  ran = false
  page.dataset.between = ""
  if (!marked) requestAnimationFrame(watch)
}

function watch() {
  const runs = running()
  if (!runs && (ran || performance.now() - pressedAt > QUIET)) delete page.dataset.between
  else { ran ||= runs; requestAnimationFrame(watch) }
}

// The page that a link led to has another heading: whoever followed it by keyboard, or hears the page, goes on from there.
let here = null
const main = () => document.querySelector("[data-testid=stMain]")

function arrive(page, until = performance.now() + 10000) {
  const heading = main()?.querySelector("h1")
  const at = document.activeElement
  if (here !== page || (at !== document.body && main()?.contains(at))) return // gone on already, or at work here
  if (!running() && heading) {
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  } else if (performance.now() < until) requestAnimationFrame(() => arrive(page, until))
}

let listening = false

export default function ({ data }) {
  if (here !== null && here !== data.page) requestAnimationFrame(() => requestAnimationFrame(() => arrive(data.page)))
  here = data.page
  if (listening) return
  listening = true
  wearLook() // look.js
  reachWhatScrolls() // reach.js
  document.addEventListener("click", event => { if (event.target.closest(".stButton button")) press() }, { capture: true })
  // The shortcut of a button presses it without a click.
  window.addEventListener("keydown", event => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) press() }, { capture: true })
}
