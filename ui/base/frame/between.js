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
  if (!runs && (ran || performance.now() - pressedAt > QUIET)) {
    delete page.dataset.between
    if (ran) findAgain()
  } else { ran ||= runs; requestAnimationFrame(watch) }
}

// What had the focus may have gone with what was drawn before. Unless a script of the page leads somewhere, whoever works by
// keyboard, or hears the page, goes on from its heading.
function findAgain(until = performance.now() + 1000, lost = 0) {
  const now = performance.now()
  const isLost = !document.activeElement || document.activeElement === document.body
  if (isLost && lost && now - lost > 200 && !running()) { if (goToHeading()) main().scrollTo(0, 0) } // what came of it stands there
  else if (now < until) requestAnimationFrame(() => findAgain(until, isLost ? lost || now : 0))
}

function goToHeading() {
  const heading = main()?.querySelector("h1")
  if (!heading) return false
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
  return true
}

// The page that a link led to has another heading: whoever followed it by keyboard, or hears the page, goes on from there.
let here = null
const main = () => document.querySelector("[data-testid=stMain]")

function arrive(page, until = performance.now() + 10000) {
  const at = document.activeElement
  if (here !== page || (at !== document.body && main()?.contains(at))) return // gone on already, or at work here
  if ((running() || !goToHeading()) && performance.now() < until) requestAnimationFrame(() => arrive(page, until))
}

// A link of ours to another place is followed as Back and Forward are: the address changes, and Streamlit draws what it names. The
// page is not loaded anew, so the tab keeps what it has in hand. `data-anew` is for links that shall begin anew.
function follow(event) {
  const link = event.target.closest?.(".stHtml a[href^='/']:not([data-anew])")
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  shut()
  if (link.href !== location.href) history.pushState(null, "", link.href)
  dispatchEvent(new PopStateEvent("popstate"))
  document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0)
}

// Menus of the bar: one at a time, gone with a click beside it or with Escape.
const shut = (but = null) => document.querySelectorAll(".ts-menu[open]").forEach(menu => { if (menu !== but) menu.open = false })

function escape(event) {
  const menu = event.key === "Escape" && document.querySelector(".ts-menu[open]")
  if (!menu) return
  if (menu.contains(document.activeElement)) menu.querySelector("summary").focus()
  menu.open = false
}

function skip(event) {
  if (!event.target.closest?.(".ts-skip")) return
  event.preventDefault()
  if (goToHeading()) main().scrollTo(0, 0)
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

let listening = false

// In a row that is wider than a phone the page one is at is in sight, and the row begins with a whole word.
const FADES = 40
function showCurrent() {
  const link = document.querySelector(".ts-pages [aria-current]")
  const row = link?.parentElement
  if (!row || row.scrollWidth <= row.clientWidth) return
  const from = each => each.offsetLeft - row.offsetLeft
  const fits = each => from(link) + link.offsetWidth - from(each) <= row.clientWidth - FADES
  const first = [...row.children].find(fits) ?? link
  const lacks = from(first) - (row.scrollWidth - row.clientWidth)
  if (lacks > 0) row.style.paddingRight = `${parseFloat(getComputedStyle(row).paddingRight) + lacks}px`
  row.scrollLeft = from(first)
}

export default function ({ data }) {
  requestAnimationFrame(showCurrent)
  if (here !== null && here !== data.page) requestAnimationFrame(() => requestAnimationFrame(() => arrive(data.page)))
  here = data.page
  if (data.to && data.to !== asked) goTo(data.to)
  asked = data.to
  if (listening) return
  listening = true
  wearLook() // look.js
  reachWhatScrolls() // reach.js
  main().tabIndex = -1 // Streamlit makes it the first stop of Tab; the first is the link past the bar
  document.addEventListener("click", event => { skip(event); shut(event.target.closest?.(".ts-menu")); follow(event) })
  document.addEventListener("keydown", escape)
  addEventListener("resize", () => requestAnimationFrame(showCurrent)) // a phone that is turned
  document.addEventListener("click", event => { if (event.target.closest(".stButton button")) press() }, { capture: true })
  // The shortcut of a button presses it without a click.
  window.addEventListener("keydown", event => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) press() }, { capture: true })
}
