// What scrolls inside a page is reached by Tab, so that the arrow keys scroll it; where all of it is in view it is no stop.
const SCROLLING = ".ts-wide, .ts-found, .ts-before p, .ts-yaml, .ts-tried ol, .ts-tried li div, .ts-scorer ul, .st-key-guide pre"

function letScroll() {
  for (const each of document.querySelectorAll(SCROLLING)) {
    const scrolls = each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1
    const stop = scrolls && getComputedStyle(each).overflowX !== "visible" ? 0 : -1
    if (each.getAttribute("tabindex") !== String(stop)) each.tabIndex = stop
  }
}

// Before anyone presses Tab, too: whoever hears the page is told of a stop as the page is read.
function reachWhatScrolls() {
  let waits = 0
  const soon = () => { waits ||= setTimeout(() => { waits = 0; letScroll() }, 50) }
  new MutationObserver(soon).observe(document.querySelector("[data-testid=stMain]"), { childList: true, subtree: true })
  addEventListener("resize", soon)
  addEventListener("toggle", soon, { capture: true }) // something was opened
  soon()
}
