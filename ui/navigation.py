"""Which pages there are: file in pages/, address, title."""

PAGES = (
    ("home", "", "Home"),
    ("label", "label", "Label"),
    ("my_labels", "my-labels", "My labels"),
    ("agreement", "agreement", "Agreement"),
    ("compare", "compare", "Compare"),
    ("slices", "slices", "Slices"),
    ("plan", "plan", "Plan"),
    ("claims", "claims", "Claims"),
    ("adjudicate", "adjudicate", "Adjudicate"),
    ("gold", "gold", "Gold"),
    ("rubrics", "rubrics", "Rubrics"),
    ("rounds", "rounds", "Rounds"),
    ("intake", "import", "Import"),
    ("label_sets", "label-sets", "Label sets"),
    ("sources", "two-sources", "Two sources"),
    ("scorer", "scorer", "Scorer"),
    ("draft_findings", "findings", "Findings"),
    ("people", "people", "People"),
)
