// What a term of the glossary means, while it is pointed at or has the focus (ui/base/terms.py marks them).
//
// One box in the document for all of them: within a table that scrolls it would be cut off. It stays while the pointer is on it,
// goes with Escape, and keeps within the window. Whoever hears the page has the same words as the term's description.
;(() => {
  if (document.documentElement.dataset.terms) return
  document.documentElement.dataset.terms = "explained"
  const EDGE = 8, GAP = 6, LEAVING = 200 // px, px, ms to reach the box
  const tip = document.createElement("div")
  tip.className = "ts-tip"
  tip.hidden = true
  tip.setAttribute("aria-hidden", "true")
  const name = tip.appendChild(document.createElement("b"))
  const meaning = tip.appendChild(document.createElement("span"))
  let of = null
  let leaving = 0

  function place() {
    if (!of) return
    if (!of.isConnected) return hide()
    const at = of.getBoundingClientRect()
    const { width, height } = tip.getBoundingClientRect()
    const below = at.bottom + GAP + height <= innerHeight - EDGE || at.top < height + GAP + EDGE
    tip.style.left = `${Math.max(EDGE, Math.min(at.left, document.documentElement.clientWidth - width - EDGE))}px`
    tip.style.top = `${below ? at.bottom + GAP : at.top - GAP - height}px`
    requestAnimationFrame(place)
  }

  function show(term) {
    clearTimeout(leaving)
    if (of === term) return
    const begins = of === null
    of = term
    if (!tip.isConnected) document.body.append(tip)
    name.textContent = term.dataset.term
    meaning.textContent = term.getAttribute("aria-description")
    tip.style.fontFamily = getComputedStyle(term).fontFamily
    tip.hidden = false
    if (begins) place()
  }

  function hide() {
    clearTimeout(leaving)
    of = null
    tip.hidden = true
  }

  function leave() {
    clearTimeout(leaving)
    leaving = setTimeout(() => { if (of !== document.activeElement) hide() }, LEAVING)
  }

  const term = event => event.target.closest?.(".ts-term")
  document.addEventListener("pointerover", event => {
    if (term(event)) show(term(event))
    else if (of && tip.contains(event.target)) clearTimeout(leaving)
    else if (of) leave()
  })
  document.addEventListener("focusin", event => { if (term(event)) show(term(event)) })
  document.addEventListener("focusout", event => { if (term(event) === of) hide() })
  document.addEventListener("keydown", event => { if (event.key === "Escape" && of) hide() }, { capture: true })
})()
