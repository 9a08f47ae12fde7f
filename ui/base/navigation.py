"""Which pages there are: file in pages/, address, title; in groups as the bar shows them, those of "" by themselves; and links
to them."""

from collections.abc import Sequence
from urllib.parse import urlencode

from markupsafe import Markup

GROUPS = {
    "": (
        ("people/home", "", "Home"),
        ("labelling/label", "label", "Label"),
        ("labelling/my_labels", "my-labels", "My labels"),
        ("rounds/rounds", "rounds", "Rounds"),
        ("rounds/drafts", "drafts", "Drafts"),
        ("agreement/agreement", "agreement", "Agreement"),
        ("gold/adjudicate", "adjudicate", "Adjudicate"),
        ("gold/gold", "gold", "Gold"),
    ),
    "Rubrics": (
        ("rubric/rubrics", "rubrics", "Rubrics"),
        ("rubric/new_rubric", "new-rubric", "New rubric"),
        ("rubric/revision", "revision", "Revision"),
        ("rubric/next_version", "next-version", "Next version"),
        ("scorer/effect", "effect", "Effect"),
    ),
    "Scorer": (("scorer/scorer", "scorer", "Scorer"), ("scorer/findings", "findings", "Findings")),
    "Figures": (
        ("comparison/compare", "compare", "Compare"),
        ("subgroups/slices", "slices", "Slices"),
        ("planning/plan", "plan", "Plan"),
        ("claims/claims", "claims", "Claims"),
        ("comparison/two_sources", "two-sources", "Two sources"),
    ),
    "Data": (
        ("data/import_tasks", "import", "Import"),
        ("importing/label_sets", "label-sets", "Label sets"),
        ("people/people", "people", "People"),
        ("projects/projects", "projects", "Projects"),
    ),
}
PAGES = tuple(page for group in GROUPS.values() for page in group)
FILES = {file.rpartition("/")[2]: file for file, _, _ in PAGES}
ADDRESSES = {file.rpartition("/")[2]: address for file, address, _ in PAGES}


def page(name: str) -> str:
    """A page's file for a link, from the script of the shell: `name` is the file's own ("label"). KeyError for no page."""
    return f"../../pages/{FILES[name]}.py"


def address(name: str, **query: str | int | Sequence[str]) -> str:
    """Where a page of that name stands, with what goes into its address, several values of one name as a list; what is "" or no
    value is left out. KeyError for no page."""
    asked = urlencode({key: value for key, value in query.items() if value not in ("", [], ())}, doseq=True)
    return f"/{ADDRESSES[name]}" + (f"?{asked}" if asked else "")


def anchor(to: str, words: str) -> Markup:
    """A link within HTML of our own, such as a cell of a table: `to` as `address` gives it."""
    return Markup('<a href="{}" target="_self">{}</a>').format(to, words)
