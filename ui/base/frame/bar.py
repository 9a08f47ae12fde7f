"""The bar over every page: the project and the round in hand with their menus, the groups of pages, who is here, Sign out; and
below it the pages of the group that the page is in.

One piece of HTML, in the order in which Tab goes through it: what is in hand, groups, pages, content. Its links are plain ones,
with the place in their addresses; ui/base/frame/between.js follows them without loading the page anew. A project alone is chosen
by a link with which the tab begins anew: nothing of the project before stands in it.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup

from ui.base.markup import NOTHING, draw
from ui.base.navigation import ADDRESSES, ASKS, BEGIN_WITH_ROUND, GROUP_OF, OF_A_ROUND, WITHOUT_ROW, address, rooted
from ui.base.panels import sample_badge
from ui.base.session import open_pages, tab
from ui.base.session.round_in_hand import InHand
from workflow.people.people import Person
from workflow.projects.projects import Project
from workflow.rounds.in_hand import RoundInShort, can_show, listed_first

MOST_ROUNDS, MOST_SETS = 15, 5  # in the menu; all of them are on their pages
LINK = Markup('<a href="{}" target="_self"{}>{}</a>')
CURRENT = Markup(' aria-current="page"')
BRAND = Markup("T<span>ouchstone</span>")  # the rest of the word goes where the bar is narrow


def nobody() -> None:
    """The bar over the sign-in."""
    draw(Markup('<div class="ts-top"><b class="ts-brand">{}</b></div>').format(BRAND))


def draw_bar(person: Person, page: str, projects: Sequence[Project], here: InHand) -> None:
    """The bar as it stands over `page` (the name of its file)."""
    project = in_hand(projects)
    way = Way(project.name if project else "", here)
    top = (
        Markup('<a class="ts-brand" href="{}" target="_self" aria-label="Touchstone, Home">{}</a>').format(way.to("home"), BRAND),
        _projects(projects, project),
        _rounds(page, way),
        Markup('<nav class="ts-groups" aria-label="Groups of pages">{}</nav>').format(_groups(page, way)),
        _all_pages(page, way, person),
        _who(person, "ts-who"),
    )
    draw(
        Markup(
            '<a class="ts-skip" href="#ts-content">Skip to the content</a><div class="ts-top">{}</div>{}'
            '<span id="ts-content" tabindex="-1"></span>'
        ).format(NOTHING.join(top), _pages(page, way))
    )


def in_hand(projects: Sequence[Project]) -> Project | None:
    """The project that this tab has in hand."""
    return next((each for each in projects if each.id == tab.state().get("project")), None)


class Way(NamedTuple):
    """Where one is, and from there to a page: the name of the project ("" for none), and the round."""

    project: str
    here: InHand

    def to(self, page: str, *, of_round: str = "", label_set: str = "") -> str:
        """A page's address with the place in it: the round that is named, else the one in hand where somebody chose it."""
        chosen = self.here.round.name if self.here.round and self.here.is_chosen and page not in ASKS else ""
        place = {"project": self.project, "round": "" if label_set else of_round or chosen, "set": label_set}
        said = urlencode({key: value for key, value in place.items() if value})
        return rooted(f"/{ADDRESSES[page]}") + (f"?{said}" if said else "")


def _menu(kind: str, title: str, shown: Markup | str, links: Markup, name: str) -> Markup:
    return Markup(
        '<details class="ts-menu ts-{}"><summary title="{}"><span>{}</span></summary><nav aria-label="{}">{}</nav></details>'
    ).format(kind, title, shown, name, links)


def _projects(there: Sequence[Project], here: Project | None) -> Markup:
    """The project in hand, and a menu of the others that are not archived."""
    others = NOTHING.join(
        Markup('<a href="{}?{}" target="_self" data-anew>{}{}</a>').format(
            rooted("/"), urlencode({"project": each.name}), each.name, sample_badge(each.is_sample)
        )
        for each in there
        if each is not here and not each.is_archived
    )
    shown = here.name + (" (archived)" if here.is_archived else "") if here else "No project yet"
    every = LINK.format(address("projects", project=here.name if here else ""), NOTHING, "All projects")
    every = every if open_pages.is_open("projects") else NOTHING
    return _menu("project", f"The project in hand: {shown}", shown, others + every, "Projects")


def _rounds(page: str, way: Way) -> Markup:
    """The round in hand, and a menu of the others, open ones first, with where each stands; below them label sets."""
    here = way.here
    shown = f"{here.label_set} (label set)" if here.label_set else here.round.name if here.round else ""
    told = f"In hand: {shown}, {here.round.state}" if here.round and not here.label_set else f"In hand: {shown or 'no round'}"
    stays = page if page in OF_A_ROUND | BEGIN_WITH_ROUND and open_pages.is_open(page) else "rounds"
    stays = stays if open_pages.is_open(stays) else "label"
    links = NOTHING.join(
        _round(each, way.to(stays, of_round=each.name), each == here.round and not here.label_set)
        for each in listed_first(here.there, here.round, MOST_ROUNDS)
    )
    if open_pages.is_open("rounds"):
        links += LINK.format(way.to("rounds"), NOTHING, "All rounds" if here.there else "Open a round")
    if here.sets:
        links += Markup("<strong>Label sets</strong>{}").format(
            NOTHING.join(
                LINK.format(way.to("agreement", label_set=each), CURRENT if each == here.label_set else NOTHING, each)
                for each in here.sets[:MOST_SETS]
            )
        )
        links += LINK.format(way.to("label_sets"), NOTHING, "All label sets")
    return _menu("round", told, shown or ("Choose a round" if here.there else "No round yet"), links, "Rounds")


def _round(found: RoundInShort, address: str, is_here: bool) -> Markup:
    words = Markup("<span>{}</span>{}<small>{}</small>").format(found.name, sample_badge(found.is_sample), found.state)
    return LINK.format(address, Markup(' aria-current="true"') if is_here else NOTHING, words)


def _groups(page: str, way: Way) -> Markup:
    """A link a group, to its first page; that of the page marked."""
    return NOTHING.join(
        LINK.format(
            way.to(_name(pages[0])),
            NOTHING if group != GROUP_OF[page] else CURRENT if len(pages) == 1 else Markup(' aria-current="true"'),
            group if len(pages) > 1 else pages[0][2],
        )
        for group, pages in open_pages.groups().items()
    )


def _pages(page: str, way: Way) -> Markup:
    """The pages of the group; before those of a round, which round it is. Nothing where the group has one page alone."""
    group = GROUP_OF[page]
    pages = open_pages.groups().get(group, ())
    if page in WITHOUT_ROW or len(pages) < 2:
        return NOTHING
    here = way.here.round
    place = (
        Markup("<span><strong>{}</strong>, {}</span>").format(here.name, here.state) if here and group == "Rounds" else NOTHING
    )
    links = NOTHING.join(_page_links(pages, page, way))
    return Markup('<nav class="ts-pages" aria-label="{}">{}<div>{}</div></nav>').format(f"Pages: {group}", place, links)


def _page_links(pages: Iterable[tuple[str, str, str]], page: str, way: Way) -> Iterable[Markup]:
    """Links to pages of one group. They go to the round that is shown, also where nobody chose it, if there it can be shown: else
    to that with which the page begins."""
    shown = way.here.round if page in OF_A_ROUND else None
    for each in pages:
        name = _name(each)
        stays = shown and name in OF_A_ROUND and GROUP_OF[name] == GROUP_OF[page] and can_show(name, shown)
        yield LINK.format(
            way.to(name, of_round=shown.name if shown and stays else ""), CURRENT if name == page else NOTHING, each[2]
        )


def _all_pages(page: str, way: Way, person: Person) -> Markup:
    """Where the bar is narrow: every page in a menu, and Sign out."""
    groups = NOTHING.join(
        Markup("<div><strong>{}</strong>{}</div>").format(group, NOTHING.join(_page_links(pages, page, way)))
        for group, pages in open_pages.groups().items()
    )
    return Markup(
        '<details class="ts-menu ts-all"><summary><span>Menu</span></summary><nav aria-label="All pages">{}</nav></details>'
    ).format(groups + _who(person, "ts-out"))


def _name(page: tuple[str, str, str]) -> str:
    return page[0].rpartition("/")[2]


def _who(person: Person, kind: str) -> Markup:
    """Sign out is a plain form: it must reach a route that can end the HttpOnly cookie."""
    return Markup(
        '<form class="{kind}" method="post" action="{to}"><span title="Signed in as {name}">{name}</span>{badge}'
        "<button type='submit'>Sign out</button></form>"
    ).format(kind=kind, to=rooted("/sign-out"), name=person.name, badge=sample_badge(person.is_sample))
