// Whoever pressed a problem is led to its box, once the page that shows it is drawn.

const running = () => Boolean(document.querySelector("[data-testid=stApp][data-test-script-state=running]"))
let last = null

function lead(selector, until = performance.now() + 5000) {
  const box = document.querySelector(selector)
  if (box && !running()) {
    box.focus({ preventScroll: true })
    box.scrollIntoView({ block: "center" })
  } else if (performance.now() < until) requestAnimationFrame(() => lead(selector, until))
}

export default function ({ data }) {
  if (last !== null && data.press !== last) requestAnimationFrame(() => requestAnimationFrame(() => lead(data.selector)))
  last = data.press
}
