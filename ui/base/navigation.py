"""Which pages there are: file in pages/, address, title; in groups, which the bar shows (ui/base/frame/bar.py); links to them,
and the guide on each."""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup

from workflow.people.needs import ADMIN, LEAD, OWN_SEAT, SIGNED_IN

GROUPS = {
    "Home": (("people/home", "", "Home"),),
    "Label": (
        ("labelling/label", "label", "Label"),
        ("labelling/my_labels", "my-labels", "My labels"),
        ("preferences/compare_drafts", "compare-drafts", "Compare drafts"),
    ),
    "Rounds": (
        ("rounds/rounds", "rounds", "Rounds"),
        ("rounds/drafts", "drafts", "Drafts"),
        ("rounds/team", "team", "Team"),
        ("agreement/agreement", "agreement", "Agreement"),
        ("gold/adjudicate", "adjudicate", "Adjudicate"),
        ("gold/gold", "gold", "Gold"),
        ("releasing/spot_check", "spot-check", "Spot check"),
        ("releasing/release", "release", "Release"),
        ("rubric/revision", "revision", "Revision"),
        ("scorer/scorer", "scorer", "Scorer"),
        ("scorer/findings", "findings", "Findings"),
        ("subgroups/slices", "slices", "Slices"),
    ),
    "Rubrics": (
        ("rubric/rubrics", "rubrics", "Rubrics"),
        ("rubric/new_rubric", "new-rubric", "New rubric"),
        ("rubric/next_version", "next-version", "Next version"),
        ("scorer/effect", "effect", "Effect"),
        ("gate/gate", "gate", "Gate"),
    ),
    "Figures": (
        ("comparison/compare", "compare", "Compare"),
        ("comparison/two_sources", "two-sources", "Two sources"),
        ("judging/judges", "judges", "Judges"),
        ("preferences/preferences", "preferences", "Preferences"),
        ("planning/plan", "plan", "Plan"),
        ("claims/claims", "claims", "Claims"),
    ),
    "Benchmark": (
        ("bench/space", "space", "Space"),
        ("bench/candidates", "candidates", "Candidates"),
        ("bench/adversarial", "against-the-scorer", "Against the scorer"),
        ("bench/leaks", "leaks", "Leaks"),
        ("bench/split", "split", "Split"),
        ("bench/sealed", "sealed", "Sealed"),
    ),
    "Data": (
        ("data/import_tasks", "import", "Import"),
        ("importing/label_sets", "label-sets", "Label sets"),
        ("people/people", "people", "People"),
        ("projects/projects", "projects", "Projects"),
        ("events/events", "events", "Events"),
        ("people/guide", "guide", "Guide"),
    ),
}
PAGES = tuple(page for group in GROUPS.values() for page in group)
FILES = {file.rpartition("/")[2]: file for file, _, _ in PAGES}
TITLES = {file.rpartition("/")[2]: title for file, _, title in PAGES}
ADDRESSES = {file.rpartition("/")[2]: address for file, address, _ in PAGES}
GROUP_OF = {file.rpartition("/")[2]: group for group, pages in GROUPS.items() for file, _, _ in pages}

# What each page takes of who opens it in team mode, as the verbs do that it begins with (workflow/people/needs.py).
NEEDS = {
    **{name: LEAD for name in FILES},
    **{name: SIGNED_IN for name in ("home", "guide")},
    **{name: OWN_SEAT for name in ("label", "my_labels", "rubrics", "compare_drafts")},
    **{name: ADMIN for name in ("people", "events")},
}

# Pages that show one round, the one in hand; pages that take two things, and begin with it; pages that show a label set instead.
OF_A_ROUND = frozenset({"plan", *(name for name, group in GROUP_OF.items() if group in ("Label", "Rounds"))} - {"compare_drafts"})
BEGIN_WITH_ROUND = frozenset({"compare", "two_sources", "judges", "effect"})
OF_A_SET = frozenset({"agreement", "plan", "claims"})
ASKS = frozenset({"claims"})  # there a round in the address asks for something: the one in hand stays out of it
WITHOUT_ROW = frozenset({"label"})  # its progress line has the way to My labels, and no height is lost

# The part of docs/guide.md that each page's Help leads to, by its heading.
GUIDE = {
    "drafts": "The drafts of a round",
    "team": "The team of a round",
    "home": "Home",
    "label": "Labelling",
    "my_labels": "Labelling",
    "rounds": "Rounds",
    "agreement": "Agreement",
    "adjudicate": "Adjudication and gold",
    "gold": "Adjudication and gold",
    "spot_check": "Releases",
    "release": "Releases",
    "revision": "From one rubric version to the next",
    "scorer": "The scorer against people",
    "findings": "What the scorer finds, and where it is shown",
    "slices": "Where agreement is low",
    "rubrics": "From one rubric version to the next",
    "new_rubric": "A new rubric",
    "next_version": "From one rubric version to the next",
    "effect": "What a version would change",
    "compare": "Before and after a revision",
    "two_sources": "Two sources side by side",
    "judges": "Judges: who may stand in for a person",
    "compare_drafts": "Preferences: which of two is better",
    "preferences": "Preferences: which of two is better",
    "plan": "How many drafts",
    "claims": "Claims: checking published figures",
    "space": "A parameter space",
    "candidates": "Tasks from failed drafts",
    "adversarial": "Against the scorer",
    "import_tasks": "Import files",
    "label_sets": "Labels from elsewhere",
    "people": "People",
    "projects": "Projects",
    "events": "Events: who did what",
    "leaks": "Leaks between partitions",
    "split": "A split without leaks",
    "sealed": "Sealed partitions",
    "gate": "The gate",
}


def anchor_of(heading: str) -> str:
    """Where a part of the guide stands on its page: "from-one-rubric-version-to-the-next"."""
    return re.sub(r"[^a-z0-9]+", "-", heading.casefold()).strip("-")


def help_of(title: str) -> str:
    """The guide's part on the page of that title, by its anchor; "" for the guide itself."""
    name = next((name for name, each in TITLES.items() if each == title), "")
    return anchor_of(GUIDE[name]) if name in GUIDE else ""


def page(name: str) -> str:
    """A page's file for a link, from the script of the shell: `name` is the file's own ("label"). KeyError for no page."""
    return f"../../pages/{FILES[name]}.py"


def rooted(path: str) -> str:
    """A path of ours ("/label") as the browser asks for it: below `server.baseUrlPath`, where the server has one."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{path}" if base else path


def address(name: str, **query: str | int | Sequence[str]) -> str:
    """Where a page of that name stands, with what goes into its address, several values of one name as a list; what is "" or no
    value is left out. KeyError for no page."""
    asked = urlencode({key: value for key, value in query.items() if value not in ("", [], ())}, doseq=True)
    return rooted(f"/{ADDRESSES[name]}") + (f"?{asked}" if asked else "")


def anchor(to: str, words: str) -> Markup:
    """A link within HTML of our own, such as a cell of a table: `to` as `address` gives it."""
    return Markup('<a href="{}" target="_self">{}</a>').format(to, words)


def name_at(address: str) -> str:
    """The name of the page at that address: "my-labels" is "my_labels"."""
    return next(name for name, at in ADDRESSES.items() if at == address)
