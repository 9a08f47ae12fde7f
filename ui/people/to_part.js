// Whoever came by the Help of a page is led to its part of the guide, once it is drawn. (A # in the address is gone by then: what
// is in hand is written into the address as the page begins.)

const running = () => Boolean(document.querySelector("[data-testid=stApp][data-test-script-state=running]"))
let last = null

function lead(part, until = performance.now() + 10000) {
  const heading = document.getElementById(part)
  if (heading && !running()) {
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
    heading.scrollIntoView({ block: "start" })
  } else if (performance.now() < until) requestAnimationFrame(() => lead(part, until))
}

export default function ({ data }) {
  if (data.part && data.part !== last) requestAnimationFrame(() => requestAnimationFrame(() => lead(data.part)))
  last = data.part
}
