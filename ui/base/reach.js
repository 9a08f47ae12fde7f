// A table or a list with more in it than its place holds is scrolled by the arrow keys once it has the focus: so Tab stops at it,
// and at no other. A table is named by its caption then.
const SCROLLED = ".ts-wide, .ts-found, .ts-yaml, .ts-before p, .ts-scorer ul, .ts-tried ol, .ts-tried li div"

function reachWhatScrolls() {
  let waits = 0
  const soon = () => { waits ||= setTimeout(look, 50) }
  const look = () => { waits = 0; document.querySelectorAll(SCROLLED).forEach(settle) }
  new MutationObserver(soon).observe(document.querySelector("[data-testid=stMain]"), { childList: true, subtree: true })
  addEventListener("resize", soon)
  addEventListener("toggle", soon, { capture: true }) // something was opened
  look()
}

function settle(part) {
  const scrolls = part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1
  if (scrolls === part.hasAttribute("tabindex")) return
  part.toggleAttribute("tabindex", scrolls)
  if (scrolls) part.tabIndex = 0
  const caption = part.querySelector("caption")
  if (!caption) return
  if (scrolls) { part.setAttribute("role", "group"); part.setAttribute("aria-label", caption.textContent) }
  else { part.removeAttribute("role"); part.removeAttribute("aria-label") }
}
