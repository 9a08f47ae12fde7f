"""Which pages there are: file in pages/, address, title; in groups as the bar shows them, those of "" by themselves."""

GROUPS = {
    "": (
        ("home", "", "Home"),
        ("label", "label", "Label"),
        ("my_labels", "my-labels", "My labels"),
        ("rounds", "rounds", "Rounds"),
        ("agreement", "agreement", "Agreement"),
        ("adjudicate", "adjudicate", "Adjudicate"),
        ("gold", "gold", "Gold"),
    ),
    "Rubrics": (
        ("rubrics", "rubrics", "Rubrics"),
        ("revision", "revision", "Revision"),
        ("next_version", "next-version", "Next version"),
        ("effect", "effect", "Effect"),
    ),
    "Scorer": (
        ("scorer", "scorer", "Scorer"),
        ("draft_findings", "findings", "Findings"),
    ),
    "Figures": (
        ("compare", "compare", "Compare"),
        ("slices", "slices", "Slices"),
        ("plan", "plan", "Plan"),
        ("claims", "claims", "Claims"),
        ("sources", "two-sources", "Two sources"),
    ),
    "Data": (
        ("intake", "import", "Import"),
        ("label_sets", "label-sets", "Label sets"),
        ("people", "people", "People"),
    ),
}
PAGES = tuple(page for group in GROUPS.values() for page in group)
