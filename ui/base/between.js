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

// A link may name a place on its page, further down: there it leads, once that is drawn.
let asked = ""

function goTo(place, until = performance.now() + 15000) {
  const there = document.getElementById(`ts-${place}`)
  if (there && !running()) {
    there.tabIndex = -1
    there.scrollIntoView({ block: "start" })
    there.focus({ preventScroll: true })
  } else if (performance.now() < until) requestAnimationFrame(() => goTo(place, until))
}

// What scrolls inside a page is reached by Tab, so that the arrow keys scroll it; where all of it is in view it is no stop.
const SCROLLING = ".ts-wide, .ts-found, .ts-before p, .ts-yaml, .ts-tried ol, .ts-tried li div, .ts-scorer ul"

function letScroll() {
  for (const each of document.querySelectorAll(SCROLLING)) {
    const scrolls = each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1
    each.tabIndex = scrolls && getComputedStyle(each).overflowX !== "visible" ? 0 : -1
  }
}

let listening = false

export default function ({ data }) {
  if (here !== null && here !== data.page) requestAnimationFrame(() => requestAnimationFrame(() => arrive(data.page)))
  here = data.page
  if (data.to && data.to !== asked) goTo(data.to)
  asked = data.to
  if (listening) return
  listening = true
  window.addEventListener("keydown", event => { if (event.key === "Tab") letScroll() }, { capture: true })
  document.addEventListener("click", event => { if (event.target.closest(".stButton button")) press() }, { capture: true })
  // The shortcut of a button presses it without a click.
  window.addEventListener("keydown", event => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) press() }, { capture: true })
}
