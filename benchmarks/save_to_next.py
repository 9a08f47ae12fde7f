"""From pressing Save to the next draft on the screen, in a real browser, over 60 drafts. Aims: p50 under 120 ms, p95 under 300.

One person labels by keyboard, five digits and Ctrl+Enter, as the page invites. The clock runs in the page itself, from the key
press to the first frame in which the draft's text has changed, so that driving the browser costs nothing. The store, the
server and the browser share the machine's cores.
"""

import tempfile
from pathlib import Path
from statistics import quantiles

from playwright.sync_api import Page, sync_playwright

from benchmarks.machine import aim, machine
from benchmarks.stores import ROUND, new_store, with_round
from scripts.chromium import MISSING, find_chromium
from tests.conftest import CHROMIUM_FLAGS, PROJECT
from tests.support.app_server import AppServer

WARM, DRAFTS, P50, P95 = 5, 60, 120, 300
# From the press of Ctrl+Enter to the frame after the draft's text has changed.
CLOCK = """{
  const draft = () => document.querySelector(".ts-draft")?.textContent ?? ""
  window.saves = []
  addEventListener("keydown", event => {
    if (event.key !== "Enter" || !event.ctrlKey) return
    const before = draft(), start = performance.now()
    const look = () => draft() && draft() !== before
      ? window.saves.push(performance.now() - start) : requestAnimationFrame(look)
    requestAnimationFrame(look)
  }, true)
}"""
CHOSEN = """number => document.querySelectorAll("[role=radio][aria-checked=true]").length === number"""


def label_one(page: Page, dimensions: int, turn: int) -> None:
    page.wait_for_function(CHOSEN, arg=0)
    page.wait_for_function("document.activeElement?.getAttribute('role') === 'radio'")
    for place in range(dimensions):
        page.keyboard.press(str((turn + place) % 4))
        page.wait_for_function(CHOSEN, arg=place + 1)
    page.keyboard.press("Control+Enter")
    page.wait_for_function("number => window.saves.length === number", arg=turn + 1)


def main() -> None:
    print(machine())
    path = find_chromium()
    if path is None:
        raise SystemExit(MISSING)
    with new_store() as engine, tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        with_round(engine, WARM + DRAFTS + 1)
        app = AppServer(PROJECT, engine.url.render_as_string(hide_password=False), Path(folder) / "app.log")
        app.start()
        try:
            browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
            page = browser.new_page(viewport={"width": 1366, "height": 768}, bypass_csp=True)  # for wait_for_function
            page.add_init_script(CLOCK)  # before the page's own keys, which keep Ctrl+Enter to themselves
            page.goto(app.url)
            page.get_by_role("button", name="ana").click()
            page.get_by_text("Hello, ana").wait_for()
            page.goto(f"{app.url}/label?round={ROUND}")
            page.get_by_role("button", name="Save and next").wait_for()
            dimensions = page.locator("[role=radiogroup]").count()
            for turn in range(WARM + DRAFTS):
                label_one(page, dimensions, turn)
            taken = page.evaluate("window.saves")[WARM:]
            browser.close()
        finally:
            app.stop()
    cut = quantiles(taken, n=20, method="inclusive")
    print(f"  Save to the next draft on the screen, {len(taken)} drafts after {WARM} to warm up, {dimensions} dimensions")
    print(aim(f"p50 {cut[9]:.1f} ms", f"under {P50} ms", cut[9] < P50))
    print(aim(f"p95 {cut[18]:.1f} ms", f"under {P95} ms", cut[18] < P95))
    print(f"  fastest {min(taken):.0f} ms, slowest {max(taken):.0f} ms")


if __name__ == "__main__":
    main()
