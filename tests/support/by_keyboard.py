"""A person who has no mouse, or hears the page: where the focus is, what is told, what can be reached."""

from playwright.sync_api import Locator, Page, expect

from tests.support.app_server import AppServer
from tests.support.browsing import settled

HAS_FOCUS = "element => element === document.activeElement"
FADE = "region => getComputedStyle(region, '::after').opacity"
SIZES = [(1366, 768), (1366, 625)]


def tab_to(page: Page, wanted: Locator, most: int = 60) -> None:
    """Tab, until that has the focus, as somebody does who cannot click it."""
    expect(wanted).to_have_count(1)
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate(HAS_FOCUS):
            return
    raise AssertionError(f"not reached with {most} times Tab: {wanted}")


def sign_in_by_keyboard(page: Page, app: AppServer, name: str, path: str) -> None:
    page.goto(app.url + path)
    tab_to(page, page.locator(".ts-names").get_by_role("button", name=name))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    settled(page)


def expect_told(page: Page, sentence: str) -> None:
    """A live region says it."""
    expect(page.get_by_role("status").filter(has_text=sentence)).to_have_count(1)


def expect_whole_or_faded(region: Locator) -> None:
    """It has a name and takes the focus, and is whole or says that there is more, until its end is reached."""
    assert region.get_attribute("tabindex") == "0" and region.get_attribute("aria-label")
    is_cut = region.evaluate("region => region.scrollHeight > region.clientHeight + 1")
    assert (region.evaluate(FADE) == "1") == is_cut
    region.evaluate("region => region.scrollTo(0, region.scrollHeight)")
    region.page.wait_for_function(f"region => ({FADE})(region) === '0'", arg=region.element_handle())
    region.evaluate("region => region.scrollTo(0, 0)")
