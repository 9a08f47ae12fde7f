"""What the pages say that need a scorer, where no rubric version has scoring: what it is for, and how to come by it."""

HOW = (
    "People label by a rubric’s words alone. A scorer takes checks and scoring lines as well, which templates come without: add "
    "them to a dimension in the rubric’s next version, or in its file (rubric_versions/README.md has the format)."
)
WAYS = [("next_version", "Write the next version"), ("rubrics", "See the rubrics")]
