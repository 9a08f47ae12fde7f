"""What a person does on the pages of Touchstone, for the browser tests: sign in, label by keys, look."""

import re
import shutil
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from tests.support.app_server import AppServer
from tests.support.script_runs import runs_of
from workflow.people import people
from workflow.people.people import Person

PROJECT = Path(__file__).resolve().parents[2]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "test-results")
OWN = {"data", "exports"}  # a folder of the project's own that holds what people made
expect.set_options(timeout=30_000)  # a loaded machine is slow, not wrong
FOCUS = "() => document.activeElement?.closest('[role=radiogroup]')?.ariaLabel ?? document.activeElement?.tagName"


def copied_project(to: Path) -> Path:
    """The project again, for an app whose exports/ and rubric_versions/ are its own."""

    def ignored(folder: str, names: list[str]) -> set[str]:
        return NOT_COPIED(folder, names) | (OWN & set(names) if Path(folder) == PROJECT else set())

    return shutil.copytree(PROJECT, to, ignore=ignored)


def settled(page: Page) -> None:
    """The script behind the page has run to its end: a widget opened now is not drawn anew at once."""
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)))")  # what was pressed is sent
    until(page, lambda: runs_of(page).are_over, "the script answered the page", seconds=60)
    expect(
        page.locator("[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]")
    ).to_be_visible()


# What is in a fold that has just opened is drawn, and has stopped moving: a press finds its button where it was seen.
STILL = """title => new Promise(still => {
    let before = -1, same = 0;
    const look = () => {
        const folds = [...document.querySelectorAll('details[open]')];
        const fold = folds.find(each => each.querySelector('summary').innerText.includes(title));
        const now = fold && !fold.querySelector('[data-testid=stSkeleton]') ? fold.getBoundingClientRect().height : -1;
        same = now > 0 && now === before ? same + 1 : 0;
        before = now;
        same === 10 ? still() : setTimeout(look, 30);
    };
    look();
})"""


def open_fold(page: Page, title: str) -> None:
    """Open a fold and wait for what it holds. In a browser that has not seen them before, its widgets are fetched now and push
    each other down: a press would begin on a button and end on what came in its place."""
    page.get_by_text(title, exact=True).click()
    settled(page)
    page.evaluate(STILL, title)


def sign_in(page: Page, app: AppServer, name: str, path: str = "/") -> None:
    """As a person does: open the address, press the button with the name."""
    page.goto(app.url + path)
    page.locator(".ts-names").get_by_role("button", name=name, exact=True).click()
    expect(page.locator(".ts-top .ts-round")).to_be_visible()  # on a phone Sign out is in its menu


def open_box(page: Page, name: str, option: str) -> Locator:
    """An option of a box of several; a box opened while the page is being drawn anew closes, and is opened again."""
    box, choice = page.get_by_role("combobox", name=name), page.get_by_role("option").filter(has_text=option)
    for _ in range(5):
        settled(page)
        box.click()
        try:
            expect(choice.first).to_be_visible(timeout=3_000)
        except AssertionError:
            page.keyboard.press("Escape")
        else:
            break
    return choice


def bring_cookie(page: Page, app: AppServer, engine: sa.Engine, person: Person) -> Page:
    """Signed in already: the cookie a sign-in leaves, without its page."""
    token = people.sign_in(engine, person.id)
    page.context.add_cookies([{"name": "touchstone", "value": token, "url": app.url, "httpOnly": True, "sameSite": "Lax"}])
    return page


def ready(page: Page, first: str = "1 ") -> None:
    """The first dimension of a draft has the focus, and the page takes keys."""
    waits = "document.querySelector('.ts-keys[data-waits]')"
    page.wait_for_function(f"start => ({FOCUS})().startsWith(start) && !{waits}", arg=first)


def focused(page: Page) -> str:
    """The dimension in focus with its number, else the element."""
    return page.evaluate(FOCUS)


def chosen(page: Page) -> list[str]:
    """The first word on each chosen level: its number."""
    return [text.split()[0] for text in page.get_by_role("radio", checked=True).all_inner_texts()]


def expect_chosen(page: Page, number: int) -> None:
    expect(page.get_by_role("radio", checked=True)).to_have_count(number)


def draft_text(page: Page) -> str:
    return page.locator(".ts-draft > div").evaluate("draft => draft.textContent")


def place(page: Page) -> int:
    """Which draft of how many this is."""
    return int(re.search(r"(\d+) of", page.locator(".ts-progress").inner_text())[1])


def expect_place(page: Page, number: int) -> None:
    expect(page.locator(".ts-progress")).to_contain_text(re.compile(rf"(?<!\d){number} of"))


def press(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def label(page: Page, keys: str) -> None:
    """All levels by their digits, then save; comes back when the next draft (or the end) takes over."""
    ready(page)
    before, total = map(int, re.search(r"(\d+) of (\d+)", page.locator(".ts-progress").inner_text()).groups())
    press(page, keys)
    page.keyboard.press("Control+Enter")
    if before < total:
        expect_place(page, before + 1)
        ready(page)
    else:
        expect(page.locator(".ts-empty")).to_be_visible()


def stored_labels(engine: sa.Engine, person: Person) -> list[sa.Row]:
    """Every label row of a person, the superseded too, oldest first: draft_id, dimension, value, supersedes, note."""
    with engine.connect() as connection:
        return connection.execute(
            sa.text(
                "SELECT d.draft_id, l.dimension, l.value, l.supersedes, s.note, l.save FROM labels l "
                "JOIN saves s ON s.id = l.save JOIN assignments a ON a.id = l.assignment JOIN drafts d ON d.id = a.draft "
                "WHERE l.person = :person ORDER BY l.id"
            ),
            {"person": person.id},
        ).all()


def kept_choices(engine: sa.Engine, person: Person) -> dict[str, str]:
    """What is pending of a person, by dimension."""
    with engine.connect() as connection:
        return dict(
            connection.execute(
                sa.text(
                    "SELECT p.dimension, p.value FROM pending_choices p JOIN assignments a ON a.id = p.assignment "
                    "WHERE a.person = :person"
                ),
                {"person": person.id},
            ).all()
        )


def kept_note(engine: sa.Engine, person: Person) -> str | None:
    with engine.connect() as connection:
        return connection.scalar(
            sa.text("SELECT p.note FROM pending_notes p JOIN assignments a ON a.id = p.assignment WHERE a.person = :person"),
            {"person": person.id},
        )


def until(page: Page, holds, what: str, seconds: float = 20) -> None:
    """Waits until that holds: of the store, of the page's frames."""
    for _ in range(int(seconds / 0.05)):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not within {seconds:g} s: {what}")
