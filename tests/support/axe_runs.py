"""What axe-core finds on a page: what of accessibility a program can check. docs/decisions/0019 says where its file is from.

What it finds in Streamlit's own controls is listed here, each by its rule and the element; the rest is ours.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page

SOURCE = Path(__file__).parent / "axe" / "axe.min.js"
COLOURS = ["color-contrast"]  # the one rule whose outcome can differ between the light look and the dark

STREAMLITS = (
    # The place for files is nothing but its button to whoever hears it, and has a name besides.
    ("presentation-role-conflict", "[data-testid=stFileUploaderDropzone]"),
)

NAMED = {"button", "radio", "textbox", "link", "combobox", "checkbox", "radiogroup", "progressbar", "region", "status", "alert"}
SPOKEN = {"region", "status", "alert"}  # what is in them is their name

RUN = """async ([rules, streamlits]) => {
  await new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)))
  const found = await axe.run(document, {
    resultTypes: ["violations"], elementRef: true, ...(rules ? { runOnly: { type: "rule", values: rules } } : {}),
  })
  return found.violations.flatMap(broken => broken.nodes.map(node => [
    broken.id,
    node.target.join(" "),
    node.html.slice(0, 200),
    node.failureSummary ?? "",
    streamlits.findIndex(([rule, element]) => rule === broken.id && node.element.matches(element)),
  ]))
}"""


class Violation(NamedTuple):
    """One element that breaks one rule; `listed` is its place in STREAMLITS, -1 for one of ours."""

    rule: str
    element: str
    html: str
    why: str
    listed: int

    def __str__(self) -> str:
        return f"{self.rule}: {self.element}\n    {self.html}\n    {self.why}"


def violations(page: Page, rules: Sequence[str] | None = None) -> list[Violation]:
    """Those of the page as it is, under these rules, or under all that axe-core applies unasked. Of a browser that
    asks for less motion: elsewhere a page may be half faded in."""
    if not page.evaluate("() => Boolean(window.axe)"):
        # Not as a script: pages take those from the app alone.
        page.evaluate(f"() => {{ {SOURCE.read_text(encoding='utf-8')} }}")
    return [Violation(*found) for found in page.evaluate(RUN, [rules, STREAMLITS])]


def in_looks(page: Page, looks: Sequence[str]) -> Iterator[tuple[str, list[Violation]]]:
    """The light look under all rules, the dark under those that colours can break: all else of the page is the same."""
    for look in looks:
        rules = None if look == "light" else COLOURS
        page.emulate_media(color_scheme=look)
        page.wait_for_function("look => getComputedStyle(document.querySelector('.stApp')).colorScheme === look", arg=look)
        yield look, violations(page, rules)
    page.emulate_media(color_scheme="light")


def named_controls(page: Page) -> list[tuple[str, str]]:
    """Role and name of everything on the page that takes a name, as a screen reader has it; "" for none."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [
        (node["role"]["value"], node.get("name", {}).get("value", "").strip())
        for node in tree
        if not node.get("ignored") and node["role"]["value"] in NAMED
    ]


def nameless(controls: Sequence[tuple[str, str]]) -> list[str]:
    """The roles of those that need a name and have none."""
    return [role for role, name in controls if not name and role not in SPOKEN]


class Table:
    """How many elements broke a rule, by page, width and look: those of Streamlit's that are listed, and ours."""

    def __init__(self, store: str) -> None:
        self.store = store
        self.listed: set[int] = set()
        self.ours: list[str] = []
        self.rows: list[str] = []

    def add(self, address: str, width: int, look: str, found: Sequence[Violation]) -> None:
        mine = [each for each in found if each.listed < 0]
        theirs = [each for each in found if each.listed >= 0]
        self.listed |= {each.listed for each in theirs}
        self.ours += [f"/{address} at {width}, {look}: {each}" for each in mine]
        self.rows.append(f"{self.store:<10} /{address:<14} {width:>5}  {look:<6} {len(mine):>4} {len(theirs):>10}")

    def lines(self) -> str:
        return "\n".join([f"{'store':<10} {'page':<15} {'width':>5}  {'look':<6} {'ours':>4} {'Streamlit':>10}", *self.rows])
