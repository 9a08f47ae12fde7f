"""Which pages the person of this tab may open: all in local mode, in team mode those that their role takes them to."""

from ui.base.navigation import GROUPS, NEEDS
from ui.base.session import store, tab
from workflow.people import verbs

Group = tuple[tuple[str, str, str], ...]


def settle() -> None:
    """Ask once a drawing, as soon as the project in hand is known."""
    mine = verbs.standing(store.engine())
    tab.state()["closed_pages"] = frozenset(name for name, need in NEEDS.items() if not verbs.may(mine, need))


def is_open(page: str) -> bool:
    """Whether the person may open the page (the name of its file)."""
    return page not in tab.state().get("closed_pages", ())


def groups() -> dict[str, Group]:
    """The groups of the bar with the pages that are open, those with any."""
    found = {group: tuple(page for page in pages if is_open(page[0].rpartition("/")[2])) for group, pages in GROUPS.items()}
    return {group: pages for group, pages in found.items() if pages}
