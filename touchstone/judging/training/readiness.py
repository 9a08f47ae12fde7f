"""What a judge trained on gold must show before it may be switched on: the rule and the controls hold, on enough labels of enough
people (docs/decisions/0044)."""

from collections.abc import Iterator

from touchstone.english import many
from touchstone.judging.report import JudgeReport
from touchstone.judging.standing_in import MAY, MAY_NOT

LEAST_LABELS, LEAST_PEOPLE = 200, 3


def missing_of(report: JudgeReport, labels: int) -> Iterator[str]:
    """What is missing, a sentence each; nothing where it may be switched on. `labels`: of people, on its dimension."""
    if labels < LEAST_LABELS:
        yield f"{many(labels, 'label')} of people: it takes {LEAST_LABELS}, so {LEAST_LABELS - labels:,} more"
    if report.people < LEAST_PEOPLE:
        yield f"labels of {many(report.people, 'person', 'people')}: it takes {LEAST_PEOPLE}"
    if report.untried:
        yield f"the controls length and layout: {report.untried.why}"
    stand = report.stand_in
    if stand.verdict == MAY_NOT:
        yield f"it may not stand in for a person: {stand.why}"
    elif stand.verdict != MAY:
        more = f"; label about {many(stand.more, 'more draft')}" if stand.more else ""
        yield f"the rule is not decided: {stand.why}{more or f'; {stand.way}' * bool(stand.way)}"
