"""A small invented release, written by the library alone: three annotators, two partitions, every way a cell can be settled."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.support.modules import PROJECT
from touchstone.releasing.choosing import preferred
from touchstone.releasing.making import Made, WholeDraft, write_release
from touchstone.releasing.manifest import (
    ComparedTerms,
    ComparisonTerms,
    EarlierTerms,
    PolicyTerms,
    RoundTerms,
    RubricTerms,
    Terms,
)
from touchstone.releasing.tables import DecisionRow, DraftRow, PreferenceRow, ReleasedLabel, TaskRow
from touchstone.rubric.reading import read_rubric

SOURCE = (PROJECT / "rubric_versions" / "tenacious-v1.yml").read_bytes()
RUBRIC = read_rubric(PROJECT / "rubric_versions" / "tenacious-v1.yml")
TONE, CTA = RUBRIC.keys[1:3]
AT = "2026-03-01T12:00:00+00:00"
HOSTILE = '=HYPERLINK("http://x")|`<b>\r\nline, "quoted" ’—é'


def terms(**more) -> Terms:
    given = {
        "program": "Touchstone",
        "name": "pilot",
        "number": 1,
        "made_on": "2026-03-02",
        "project": "Invented",
        "sample": False,
        "people": "codes",
        "policy": PolicyTerms(partial=True, with_single=True, with_flagged=True),
        "rubric": RubricTerms(name=RUBRIC.name, digest=RUBRIC.digest),
        "rounds": (
            RoundTerms(name="pilot", closed_at=AT, closed_early=None, annotators=("A", "B", "C"), dimensions=(TONE, CTA)),
        ),
        "plan": None,
        "sealed_drafts": 0,
        "flagged": (TONE, CTA),
        "outdated": {},
        "spot_checks": (),
        "comparisons": (),
        "answers": {"creators": "Invented Team\nAnother", "purpose": "To *test*."},
        "supersedes": None,
        "record_head": "0" * 64,
    }
    return Terms(**{**given, **more})


def whole(
    number: int, tone: Mapping[str, int], cta: Mapping[str, int], *, owed: int = 3, decided: int | None = None
) -> WholeDraft:
    draft_id, task_id, partition = f"d{number:02}", f"t{number:02}", ("dev", "held-out")[number % 2]
    of = (draft_id, task_id, partition, "pilot")
    labels, label_id = [], 100 * number
    for key, given in ((TONE, tone), (CTA, cta)):
        for who, value in given.items():
            label_id += 1
            labels.append(ReleasedLabel(label_id, *of, who, key, value, "current", AT, None, None))
    if number == 1:
        first = labels[0]
        labels[0] = first._replace(value=0, state="superseded")
        labels.append(first._replace(label_id=199, supersedes=first.label_id, note="=1+1"))
    decisions = [] if decided is None else [DecisionRow(number, *of, TONE, decided, "why", "slip", "D", False, AT)]
    text = HOSTILE if number == 3 else f"Invented draft {number}."
    return WholeDraft(
        DraftRow(*of, "hidden", owed, 0, text, "{}"),
        TaskRow(task_id, partition, f"c{number // 2}", None, "easy", TONE, json.dumps({"field": "é"})),
        labels,
        decisions,
    )


def drafts() -> Iterator[WholeDraft]:
    yield whole(1, {"A": 2, "B": 2, "C": 2}, {"A": 1, "B": 1, "C": 1})
    yield whole(2, {"A": 0, "B": 2, "C": 2}, {"A": 3, "B": 3, "C": 3}, decided=0)
    yield whole(3, {"A": 0, "B": 2, "C": 2}, {"A": 1, "B": 2, "C": 3})
    yield whole(4, {"A": 1}, {"A": 0}, owed=1)
    for number in range(5, 12):
        yield whole(number, dict.fromkeys("ABC", number % 3), {"A": number % 4, "B": number % 4, "C": 1})


WHICH = ComparisonTerms(
    name="which",
    dimensions=(
        ComparedTerms(key=TONE, title="Tone", question="Which has the better tone?"),
        ComparedTerms(key="overall", title="Overall", question="Which *is* better?"),
    ),
    closed_at=AT,
    closed_early="enough",
    annotators=("A", "E"),
)


def choices() -> Iterator[PreferenceRow]:
    """Two annotators, tone and overall, on a pair of each of four tasks: a draft that was labelled, and one that was not;
    one pair comes twice."""
    for place, (who, number, left, taken) in enumerate(
        [
            ("A", 1, "a", "left"),
            ("A", 2, "b", "left"),
            ("A", 3, "a", "tie"),
            ("A", 4, "b", "right"),
            ("A", 1, "b", "right"),
            ("E", 1, "b", "tie"),
            ("E", 2, "a", "right"),
            ("E", 3, "b", "left"),
        ]
    ):
        of = whole(number, {"A": 0}, {})
        pair = (number, of.task.task_id, of.task.partition, of.draft.draft_id, f"x{number:02}")
        texts = (of.draft.author, None, of.draft.text, HOSTILE)
        for key, side in ((TONE, "tie" if place % 3 == 0 else taken), ("overall", taken)):
            given = (who, left, side, preferred(left, side), place == 4)
            yield PreferenceRow(1 + place, "which", key, *pair, *texts, *given, "=1+1" if place == 2 else None, AT)


def write(folder: Path, before=None, of=drafts, chosen=(), **more) -> Made:
    folder.mkdir()
    if chosen:
        more["comparisons"] = (WHICH,)
    if before is not None:
        more["supersedes"] = EarlierTerms(name="pilot", number=1, digest="1" * 64)
    return write_release(folder, terms(**more), RUBRIC, SOURCE, of(), before, choices=chosen)
