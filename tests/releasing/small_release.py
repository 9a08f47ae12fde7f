"""A small invented release, written by the library alone: three annotators, two partitions, every way a cell can be settled."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.support.modules import PROJECT
from touchstone.releasing.making import Made, WholeDraft, write_release
from touchstone.releasing.manifest import EarlierTerms, PolicyTerms, RoundTerms, RubricTerms, Terms
from touchstone.releasing.tables import DecisionRow, DraftRow, ReleasedLabel, TaskRow
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


def write(folder: Path, before=None, of=drafts, **more) -> Made:
    folder.mkdir()
    if before is not None:
        more["supersedes"] = EarlierTerms(name="pilot", number=1, digest="1" * 64)
    return write_release(folder, terms(**more), RUBRIC, SOURCE, of(), before)
