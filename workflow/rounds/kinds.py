"""The kinds of round, and whose labels the report of each sets against each other.

double       its annotators
retest       one person twice: "ana (first)" (from the round it repeats) and "ana (again)"
calibration  "gold" (the key it was opened with) and its annotators, each against the gold alone; "gold, settled" where
             an annotator is called that, since a person's name holds no comma (workflow.people)
"""

from collections.abc import Sequence

DOUBLE, RETEST, CALIBRATION = KINDS = ("double", "retest", "calibration")


def compared_names(kind: str, annotators: Sequence[str]) -> tuple[str, ...]:
    """The names under which labels of a round are compared, in the order its patterns are counted in."""
    if kind == RETEST:
        return (f"{annotators[0]} (first)", f"{annotators[0]} (again)")
    if kind == CALIBRATION:
        taken = "gold" in {name.casefold() for name in annotators}
        return ("gold, settled" if taken else "gold", *annotators)
    return tuple(annotators)
