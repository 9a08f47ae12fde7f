"""Which pages there are: file in pages/, address, title; in groups, which the bar shows (ui/base/bar.py)."""

GROUPS = {
    "Home": (("people/home", "", "Home"),),
    "Label": (("labelling/label", "label", "Label"), ("labelling/my_labels", "my-labels", "My labels")),
    "Rounds": (
        ("rounds/rounds", "rounds", "Rounds"),
        ("agreement/agreement", "agreement", "Agreement"),
        ("gold/adjudicate", "adjudicate", "Adjudicate"),
        ("gold/gold", "gold", "Gold"),
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
    ),
    "Figures": (
        ("comparison/compare", "compare", "Compare"),
        ("comparison/two_sources", "two-sources", "Two sources"),
        ("planning/plan", "plan", "Plan"),
        ("claims/claims", "claims", "Claims"),
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
TITLES = {file.rpartition("/")[2]: title for file, _, title in PAGES}
ADDRESSES = {file.rpartition("/")[2]: address for file, address, _ in PAGES}
GROUP_OF = {file.rpartition("/")[2]: group for group, pages in GROUPS.items() for file, _, _ in pages}

# Pages that show one round, the one in hand; pages that take two things, and begin with it; pages that show a label set instead.
OF_A_ROUND = frozenset({"plan", *(name for name, group in GROUP_OF.items() if group in ("Label", "Rounds"))})
BEGIN_WITH_ROUND = frozenset({"compare", "two_sources", "effect"})
OF_A_SET = frozenset({"agreement", "plan", "claims"})
WITHOUT_ROW = frozenset({"label"})  # its progress line has the way to My labels, and no height is lost


def page(name: str) -> str:
    """A page's file for a link, from the script of the shell: `name` is the file's own ("label"). KeyError for no page."""
    return f"../../pages/{FILES[name]}.py"


def name_at(address: str) -> str:
    """The name of the page at that address: "my-labels" is "my_labels"."""
    return next(name for name, at in ADDRESSES.items() if at == address)
