// The keyboard of the label page. No server trip: it moves the focus and clicks the widgets that are there anyway.
//
//   digit        picks that level of the dimension in focus, and goes to the next
//   up, down     the dimension before, after
//   left, right  the level before, after
//   n, Escape    into the note, out of it
//   p            to the draft labelled last, and back
//   PageDown/Up  the task and then the draft further down, up
//   Ctrl+Enter   saves, also from the note
//
// Where a side of two drafts is chosen: left, down and right choose left, tie and right, and the focus goes on, at last to Save,
// which Enter presses; up goes to the dimension before.
//
// The Save button has Ctrl+Enter as its shortcut too, but a focused level takes Enter for itself and would be chosen, and in a
// popover the shortcut would save the form behind it: so it is taken here first. Nothing else acts while someone types.

let desk = null // what Python last said: draft, dimensions [{widget, digits}], note, needsNote, save, age, refusal, announcement(s), and
//                 the line that names the keys, and the one while the note is written: line, writing; back: what p presses;
//                 sides: the place of the level that an arrow chooses
let here = 0 // the dimension in focus
let savedAt = null // performance.now() of the person's last saved or skipped draft of the round
let root = null
let leaving = 0 // until then (performance.now()) no key counts: meant for one draft, it must not land on another
const FORM = 20000 // ms within which a form is whole, or is waited for no longer
let hasty = 0 // the last key that came too early; those that follow in the same breath do not count either

const rule = document.createElement("style") // survives every redraw, unlike a class on an element of React's
const group = place => document.querySelector(`.st-key-${desk.dimensions[place].widget} [role=radiogroup]`)
const levels = place => [...(group(place)?.querySelectorAll("[role=radio]") ?? [])]
const chosen = place => levels(place).findIndex(level => level.getAttribute("aria-checked") === "true")
const note = () => document.querySelector(`.st-key-${desk.note} textarea`)
const saveButton = () => document.querySelector(`.st-key-${desk.save} button`)
const backButton = () => desk.back ? document.querySelector(`.st-key-${desk.back} button`) : null
const last = () => desk.dimensions.length - 1
const isOnSave = () => document.activeElement !== null && document.activeElement === saveButton()

function show(place) {
  here = Math.max(0, Math.min(place, last()))
  rule.textContent =
    `.ts-anchor-set[data-place="${here}"] { visibility: visible }` +
    `.ts-question[data-place="${here}"], .st-key-${desk.dimensions[here].widget} { --ts-here: 1; --ts-here-tint: var(--ts-tint) }`
  levels(here).forEach((level, index) => level.setAttribute("aria-describedby", `ts-anchor-${here}-${index}`))
}

// A level just clicked is not aria-checked yet: React draws it later. Hence `index`. Where the page scrolls, a new draft is to be
// read first, and its form not `shown`.
function focus(place, index = chosen(Math.max(0, Math.min(place, last()))), shown = true) {
  show(place)
  const target = levels(here)[Math.max(0, index)]
  target?.focus({ preventScroll: true })
  // Entering a group, react-aria sends the focus to the level that had it last; a second call stays where it is told.
  if (document.activeElement !== target) target?.focus({ preventScroll: true })
  if (shown) target?.scrollIntoView({ block: "nearest" })
  return Boolean(target)
}

// Below the edge of a window that scrolls, or behind the bar or the button that stay in it, a level is not to be chosen unseen.
function isInView(element) {
  const { top, bottom } = element.getBoundingClientRect()
  return top >= 48 && bottom <= innerHeight - (matchMedia("(max-width: 900px), (max-height: 560px)").matches ? 64 : 0)
}

function choose(place, index) {
  const level = levels(place)[index]
  if (level && index !== chosen(place)) level.click()
  return level
}

function goOn(index) {
  if (here < last()) focus(here + 1)
  else if (desk.sides) saveButton()?.focus({ preventScroll: true })
  else focus(here, index)
}

// A form arrives piece by piece, and of the first one in a tab the scripts that draw it, too: until all of it is there no key
// counts. With the note still on its way, what is typed after "n" would choose levels.
const isWhole = place => levels(place).length === desk.dimensions[place].digits.length && note() && saveButton()

function focusWhenThere(place, draft, shown, until = performance.now() + FORM) {
  if (desk?.draft !== draft) return
  const there = isWhole(place) && focus(place, undefined, shown)
  if (there) lookAtChoices()
  if (there || performance.now() > until) waitForForm(0)
  else requestAnimationFrame(() => focusWhenThere(place, draft, shown, until))
}

// Until the next form is there, or for so many milliseconds, no key counts; the line that names the keys fades meanwhile.
function waitForForm(milliseconds) {
  leaving = performance.now() + milliseconds
  root?.querySelector(".ts-keys")?.toggleAttribute("data-waits", milliseconds > 0)
  if (milliseconds) setTimeout(() => { if (performance.now() >= leaving) waitForForm(0) }, milliseconds + 20)
}

// A save pressed before its button is there waits for it, and so do the keys that follow.
function save(draft = desk.draft, until = performance.now() + FORM) {
  const button = desk?.draft === draft && saveButton()
  if (button) button.click() // onClick does the rest
  else if (desk?.draft === draft && performance.now() < until) {
    waitForForm(FORM)
    requestAnimationFrame(() => save(draft, until))
  } else waitForForm(0)
}

// A box that opens with a text area in it takes the focus there: what is typed at once must not land in the form.
function focusBoxWhenThere(until = performance.now() + 1500) {
  const field = document.querySelector("[data-testid=stPopoverBody] textarea")
  field?.focus() // to no effect while it is still being placed
  if (field && document.activeElement === field || performance.now() > until) waitForForm(0)
  else requestAnimationFrame(() => focusBoxWhenThere(until))
}

function onKey(event) {
  if (!desk || !root.isConnected || event.defaultPrevented || event.isComposing) return
  const at = event.target
  const popover = document.querySelector("[data-testid=stPopoverBody]")
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    take(event)
    if (event.repeat) return
    if (at.matches("input, textarea")) at.blur() // Streamlit sends what was typed when the field is left
    if (popover) popover.querySelector(".stButton button")?.click()
    else save()
    return
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (at === note()) {
    if (event.key === "Escape") { focus(here); take(event) }
    return
  }
  if (at.closest("input, textarea, select, [contenteditable], [role=dialog], [data-testid=stPopoverBody]")) return
  if (popover) return
  const time = performance.now()
  if (/^([0-9np]|Arrow.*)$/.test(event.key) && (time < leaving || time - hasty < 250)) {
    hasty = time
    take(event)
    return
  }
  const reading = at.closest(".ts-draft, .ts-task, .ts-said") // there the arrows scroll
  const taken = reading ? undefined : desk.sides?.[event.key]
  const step = taken === undefined ? { ArrowDown: 1, ArrowUp: desk.sides && isOnSave() ? 0 : -1 }[event.key] : undefined
  const side = taken === undefined ? { ArrowRight: 1, ArrowLeft: -1 }[event.key] : undefined
  const index = /^[0-9]$/.test(event.key) ? desk.dimensions[here].digits.indexOf(event.key) : taken ?? -1
  if (index >= 0 && levels(here)[index] && !isInView(levels(here)[index])) {
    focus(here)
  } else if (index >= 0 && !event.repeat) {
    if (choose(here, index)) goOn(index)
  } else if (step !== undefined && !reading) {
    focus(here + step)
  } else if (side && !reading) {
    const now = chosen(here)
    const next = now < 0 ? (side > 0 ? 0 : levels(here).length - 1) : now + side
    if (choose(here, next)) levels(here)[next].focus({ preventScroll: true })
  } else if (event.key === "n" && !event.repeat) {
    note()?.focus()
  } else if (event.key === "p" && backButton() && !event.repeat) {
    backButton().click()
  } else if (event.key === "PageDown" || event.key === "PageUp") {
    if (reading || !readOn(event.key === "PageDown")) return
  } else return
  take(event)
}

// The task, then the draft: whichever of them is cut off. Where both are whole the page goes on by itself.
function readOn(down) {
  const parts = [...document.querySelectorAll(".ts-task, .ts-draft")]
  const isCut = part => getComputedStyle(part).overflowY !== "visible" &&
    (down ? part.scrollTop + part.clientHeight < part.scrollHeight - 1 : part.scrollTop > 0)
  const part = (down ? parts : parts.reverse()).find(isCut)
  part?.scrollBy({ top: (down ? 0.8 : -0.8) * part.clientHeight, behavior: "smooth" })
  return Boolean(part)
}

function take(event) {
  event.preventDefault()
  event.stopImmediatePropagation()
}

const placeOf = element =>
  desk ? desk.dimensions.findIndex(dimension => element.closest(`.st-key-${dimension.widget}`)) : -1

const nameKeys = () => {
  const line = root?.querySelector(".ts-keys")
  if (line && desk) line.textContent = note() && document.activeElement === note() ? desk.writing : desk.line
}

function onFocus(event) {
  nameKeys()
  const place = placeOf(event.target)
  if (place >= 0 && place !== here) show(place)
}

function onClick(event) {
  if (!desk) return
  if (event.target.closest(`.st-key-${desk.save} button`) || backButton()?.contains(event.target)) waitForForm(3000)
  if (event.target.closest(".stButton button")) goesWithTheForm()
  const box = event.target.closest("[data-testid=stPopover] button")
  if (box && !box.closest("[class*=box-rubric]") && !document.querySelector("[data-testid=stPopoverBody]")) {
    waitForForm(1500)
    focusBoxWhenThere()
  }
  const anchor = event.target.closest(".ts-anchors li")
  const question = event.target.closest(".ts-question")
  if (anchor?.dataset.level) {
    choose(Number(anchor.dataset.place), Number(anchor.dataset.level))
    focus(Number(anchor.dataset.place), Number(anchor.dataset.level))
  }
  else if (question) focus(Number(question.dataset.place))
}

function tellAge() {
  if (!root?.isConnected) return
  const line = root.querySelector(".ts-kept")
  if (desk?.age === undefined) return
  if (savedAt === null) { line.textContent = "no draft saved yet"; return }
  const seconds = Math.round((performance.now() - savedAt) / 1000)
  const ago = seconds < 2 ? "just now" : seconds < 60 ? `${seconds} s ago`
    : seconds < 3600 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3600)} h ago`
  line.textContent = `saved ${ago}`
}

function announce(sentence) {
  const live = root.querySelector(".ts-live")
  live.textContent = sentence
  setTimeout(() => { if (live.textContent === sentence) live.textContent = "" }, 8000)
}

const listeners = new AbortController()
let listening = false

function listen() {
  if (listening) return
  listening = true
  document.head.append(rule)
  keepChoices(listeners.signal)
  window.addEventListener("keydown", onKey, { capture: true, signal: listeners.signal })
  document.addEventListener("focusin", onFocus, { signal: listeners.signal })
  document.addEventListener("focusout", () => requestAnimationFrame(nameKeys), { signal: listeners.signal })
  document.addEventListener("click", onClick, { capture: true, signal: listeners.signal })
  setInterval(tellAge, 1000)
}

let tell = null // (name, value): tells Python
let seen = {} // what the last drawing was about, also when React has put this component up anew meanwhile
let goneAt = 0

export default function ({ data, parentElement, setTriggerValue }) {
  if (!desk && performance.now() - goneAt > 1000) seen = {} // back from another page
  const before = seen
  root = parentElement
  desk = data
  seen = { draft: data.draft, refusal: data.refusal, announcements: data.announcements }
  listen()
  tell = setTriggerValue
  keepFrom(data, before.draft === data.draft, before.refusal !== data.refusal || before.announcements !== data.announcements)
  savedAt = data.age == null ? null : performance.now() - data.age * 1000
  tellAge()
  nameKeys()
  if (data.announcements !== before.announcements) announce(before.draft ? data.announcement : "")
  const firstEmpty = data.dimensions.findIndex((_, place) => chosen(place) < 0)
  if (before.draft !== data.draft) {
    show(0)
    waitForForm(FORM)
    focusWhenThere(0, data.draft, false)
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0)
  }
  else if (data.refusal && data.refusal !== before.refusal) {
    root.querySelector(".ts-live").textContent = "" // what was done before is not what came of this
    if (firstEmpty < 0 && data.needsNote && note() && !note().value.trim()) note().focus()
    else focusWhenThere(Math.max(0, firstEmpty), data.draft, true)
  }
  else show(here)
  return () => { if (root === parentElement) { desk = null; rule.textContent = ""; goneAt = performance.now() } }
}
