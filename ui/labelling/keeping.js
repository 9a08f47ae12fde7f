// A choice is kept as it is made, by a request of its own (web/keeping.py) that draws nothing anew. One at a time and the newest
// level of each dimension, so that the last one sent is the one that stays; what does not get through is sent again, and said.
//
// What a form holds goes with Save in any case. The script tells beside it what was sent before (`tellWhatWasSent`), so that a
// level that somebody changed their mind about is not taken for one of another window. What the server refuses is handed to
// Python, which asks once more and has the page say why.

let form = null // whose choices are kept, in one drawing: see formOf
let quiet = null // the refusal that a choice has answered since
const AWAY = 20000 // ms within which what a Save leads to is there, or is waited for no longer
const LONGEST = 30000 // ms that one request may take: the store is waited for no longer than 25 s
const NOT_KEPT = "Your last choice is not kept yet: Touchstone does not answer."
const AGAIN = " It is sent again until it is kept."
const hush = document.createElement("style")

const formOf = (data, sent) => ({
  draft: data.draft, keep: data.keep, dimensions: data.dimensions,
  kept: new Map(data.dimensions.map(({ key, kept }) => [key, kept ?? undefined])), // by dimension, as far as it is known
  wanted: new Map(), // chosen in the page, and to be sent
  answers: new Map(), // the refusal (data.refusal) that was told last when that was chosen
  refused: new Map(), // sent, and refused
  sent, // every level that was sent of this draft, by dimension
  sending: null, // the one that is on its way: { key, value }
  away: 0, // until then (performance.now()) a Save, a skip or a way back is on its way, with all of the form
  tries: 0, // in a row that did not get through
  timer: 0, // of the next try
})

const isForm = (one, data) => one?.draft === data.draft &&
  one.dimensions.every(({ widget }, place) => widget === data.dimensions[place]?.widget)

// Python has drawn the page: `goesOn` with the draft that was there, `answered` with an answer to what was pressed.
function keepFrom(data, goesOn, answered) {
  if (!data.keep) { form = null; return }
  if (!goesOn || !isForm(form, data)) {
    const left = form
    form = formOf(data, left?.draft === data.draft ? left.sent : new Map())
    if (left?.away || left?.draft === data.draft) left.wanted.clear() // gone with what was pressed; drawn as it is stored
    sayNotKept("")
  }
  else if (answered && form.away) {
    form.away = 0
    clearTimeout(form.timer)
    form.timer = 0
  }
  for (const { key, kept } of data.dimensions)
    if (form.refused.has(key) && form.refused.get(key) === kept) { form.refused.delete(key); form.kept.set(key, kept) }
  if (quiet !== data.refusal) hush.textContent = ""
  lookAtChoices()
}

// What the page shows that is neither kept nor on its way.
function lookAtChoices() {
  if (!form || !desk || !isForm(form, desk)) return
  form.dimensions.forEach(({ key, values }, place) => {
    const value = values[chosen(place)]
    if (value === undefined || form.refused.get(key) === value) return
    if (value === (form.sending?.key === key ? form.sending.value : form.kept.get(key))) form.wanted.delete(key)
    else if (form.wanted.get(key) !== value) {
      form.wanted.set(key, value)
      form.answers.set(key, desk.refusal)
      form.refused.delete(key)
    }
  })
  send(form)
}

function send(from) {
  const [first] = from.wanted
  if (!first || from.sending || from.timer) return
  if (performance.now() < from.away) { sendIn(from, from.away - performance.now()); return }
  from.away = 0
  const [key, value] = first
  from.wanted.delete(key)
  from.kept.delete(key) // what is kept once it is on its way is known when it is back
  if (!from.sent.has(key)) from.sent.set(key, new Set())
  from.sent.get(key).add(value)
  from.sending = { key, value }
  request(from, key, value).then(
    answer => { from.sending = null; answered(from, key, value, answer) },
    () => { from.sending = null; sendAgain(from, key, value, NOT_KEPT) },
  )
}

const request = (from, key, value) => fetch(from.keep.to, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ assignment: from.keep.assignment, revision: from.keep.revision, dimension: key, value }),
  keepalive: true, // also when the page is left meanwhile
  signal: AbortSignal.timeout(LONGEST),
}).then(async answer => ({ status: answer.status, said: answer.ok ? "" : await answer.text() }))

function answered(from, key, value, { status, said }) {
  if (status === 204) {
    from.kept.set(key, value)
    from.tries = 0
    if (from === form && form.answers.get(key) === desk?.refusal) { // as any step that succeeds, it takes away the last refusal
      quiet = desk.refusal
      hush.textContent = ".st-key-refused [role=alert] { display: none }"
    }
    if (from === form && !from.wanted.size) sayNotKept("")
    send(from)
  }
  else if (status === 503) sendAgain(from, key, value, said)
  else if (status === 429 || status > 500) sendAgain(from, key, value, NOT_KEPT)
  else if (from === form) {
    from.refused.set(key, value)
    sayNotKept("")
    tellWhatWasSent()
    send(from)
  }
}

function sendAgain(from, key, value, said) {
  if (!from.wanted.has(key)) from.wanted.set(key, value)
  from.tries += 1
  if (from !== form && from.tries > 5) { from.wanted.clear(); return } // of a draft that was left
  if (from === form && (from.tries > 1 || said !== NOT_KEPT)) sayNotKept(said + AGAIN)
  sendIn(from, Math.min(250 * 2 ** from.tries, 5000))
}

function sendIn(from, milliseconds) {
  from.timer = setTimeout(() => { from.timer = 0; send(from) }, milliseconds)
}

function sayNotKept(sentence) {
  const line = root?.querySelector(".ts-not-kept")
  if (line && line.textContent !== sentence) line.textContent = sentence
}

// A button was pressed, or a choice was refused: with the step go the levels that were sent and do not stand in the form any more.
function tellWhatWasSent() {
  if (!form || !desk || !tell) return
  const changed = [...form.sent].some(([key, values]) => {
    const place = form.dimensions.findIndex(dimension => dimension.key === key)
    return [...values].some(value => value !== form.dimensions[place]?.values[chosen(place)])
  })
  if (changed || form.refused.size) tell("choices", {
    draft: form.draft,
    sent: Object.fromEntries([...form.sent].map(([key, values]) => [key, [...values]])),
    refused: [...form.refused.keys()],
  })
}

// A button of the page was pressed, which may take all of the form with it: until that is answered nothing more is sent.
function goesWithTheForm() {
  if (!form) return
  form.away = performance.now() + AWAY
  tellWhatWasSent()
}

// What is still to be sent when the page is left for good goes all at once.
function sendTheRest() {
  for (const [key, value] of form?.wanted ?? []) request(form, key, value).catch(() => {})
  form?.wanted.clear()
}

function keepChoices(signal) {
  document.head.append(hush)
  new MutationObserver(lookAtChoices).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["aria-checked"] })
  window.addEventListener("pagehide", sendTheRest, { signal })
  window.addEventListener("online", () => {
    if (form?.timer && !form.away) { clearTimeout(form.timer); form.timer = 0; send(form) }
  }, { signal })
}

