// After a press the focus goes to a box, once the page that shows it is drawn, and what came of the press is told to whoever hears it.

const running = () => Boolean(document.querySelector("[data-testid=stApp][data-test-script-state=running]"))
let last = null

function lead({ selector, block }, until = performance.now() + 5000) {
  const box = document.querySelector(selector)
  if (box && !running()) {
    if (block === "nearest") document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0)
    box.focus({ preventScroll: true })
    box.scrollIntoView({ block })
  } else if (performance.now() < until) requestAnimationFrame(() => lead({ selector, block }, until))
}

export default function ({ data, parentElement }) {
  if (last !== null && data.press !== last) {
    requestAnimationFrame(() => requestAnimationFrame(() => lead(data)))
    parentElement.querySelector(".ts-heard").textContent = data.said
  }
  last = data.press
}
