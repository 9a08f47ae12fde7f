"""Everything that reads bytes or texts from outside, each with real files it takes."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pyarrow as pa
import pyarrow.parquet

from tests.support.label_files import FILES, HOUSE
from touchstone.agreement.file_report import agreement_of_file
from touchstone.claims.document.checking import check_file
from touchstone.claims.typed_claim import check_claim
from touchstone.data.label_file import read_decisions, read_labels
from touchstone.data.table.guessing import guessed
from touchstone.data.table.source_table import read_table
from touchstone.data.task_file import read_file, says_what_it_holds
from touchstone.errors import Refused
from touchstone.importing.formats import read
from touchstone.importing.vocabulary import Answers, names_of, resolve
from touchstone.judging.shifts.score_file import ScoreColumns, read_scores
from touchstone.judging.simpo.learned_pairs import pairs_of_file
from touchstone.rubric.making.pasted import read_pasted
from touchstone.scorer.loading import load_rubric

PROJECT = Path(__file__).resolve().parents[2]
EXPORTS = PROJECT / "tests" / "importing" / "exports"
ROWS = [["id", "message", "reply"], ["1", "Where is it?", "On its way."], ["2", 'Hello, 5" \n there', "Hi; = 1"]]
RECORDS = b'{"task_id": "t1", "input": {"signal": "A. B: c."}}\n{"id": "1", "text": "Hello."}\n{"task_id": "t1", "text": "Hi"}\n'
LABELS = b"draft_id,annotator,dimension,value,note\nd1,ana,warmth,2,x\nd1,ben,warmth,1,\nd1,ana,verdict,pass,\n"
REPORT = b"""# Agreement

Two annotators labelled 30 drafts; kappa was 0.68 and they agreed on 27 of 30 (90.0 %).

| dimension | n | percent | kappa |
|---|---|---|---|
| tone | 30 | 90.0 % | .68 (.40 to .90) |

- Warmth: agreed on 24 of 30
"""
CRITERIA = b"""# Replies

| Criterion | 1 Poor | 2 Good |
|---|---|---|
| Tone | rude | kind |

- Clarity (1-5): Is it clear?
  - 1: No
"""


class Reader(NamedTuple):
    """`read` gives something, or a sentence; it raises nothing but Refused. `samples`: files that it takes."""

    name: str
    read: Callable[[bytes], object]
    samples: Sequence[bytes]


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def parquet(**columns: object) -> bytes:
    packed = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(columns), packed)
    return packed.getvalue()


def _labels(source: bytes) -> object:
    said = Answers()
    return resolve(read(source, names_of(HOUSE, said)), HOUSE, "ana", said)


def _table(name: str) -> Callable[[bytes], object]:
    def read_it(source: bytes) -> object:
        table = read_table(source, name, of_members=len(source) % 2 == 0)
        return table if table.problems else guessed(table)

    return read_it


def _typed(source: bytes) -> object:
    text = source.decode("utf-8", "replace")
    return [
        _quiet(lambda: check_claim(30, percent=text)),
        _quiet(lambda: check_claim(30, kappa=text, levels=text)),
        _quiet(lambda: check_claim(30, percent="90", counts=[text], marginals=[text], means=[text])),
    ]


def _quiet(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except Refused as refused:
        return refused.sentence


PAIR = (
    b'{"prompt": "A. B: c.", "chosen": "Hello.", "rejected": "Hi", "task_id": "t1", "group": "g1", "chosen_id": "d1", '
    b'"rejected_id": "d2", "chosen_digest": "", "difference": 0.5, "tier": "difference"}\n'
)
CSV = b'id,message,reply\n1,Where is it?,On its way.\n2,"Hello, there",Hi\n'
FOUND = [path.read_bytes() for folder in (FILES, EXPORTS) for path in sorted(folder.iterdir()) if path.suffix != ".md"]
READERS = (
    Reader(
        "rubric",
        lambda source: load_rubric(source, "support-replies-v1.yml"),
        [(PROJECT / "rubric_versions/support-replies-v1.yml").read_bytes()],
    ),
    Reader("tasks and drafts, JSONL", lambda source: read_file(source, "a.jsonl"), [RECORDS]),
    Reader("tasks and drafts, CSV", lambda source: read_file(source, "a.csv"), [b"task_id,text\nt1,Hi\n", CSV]),
    Reader("what a file holds", lambda source: says_what_it_holds(source, "a.txt"), [RECORDS, CSV]),
    Reader("table, CSV", _table("a.csv"), [CSV, CSV.replace(b",", b"\t"), CSV.replace(b",", b";")]),
    Reader("table, JSON", _table("a.json"), [RECORDS, b'{"data": [{"a": {"b": [1, {"c": "x"}]}}, {"a": null}]}']),
    Reader("table, packed", _table("a.xlsx"), [workbook(), parquet(id=[1, 2], text=["a", "b"], more=[[{"x": 1}], None])]),
    Reader("labels", _labels, [LABELS, b"2\n1\n\n2\n", b"| id | ana |\n|---|---|\n| 1 | 2 |\n", workbook(), *FOUND]),
    Reader("labels of a round", lambda source: read_labels(source, "ana", {"d1": "t1"}, HOUSE, HOUSE.keys), [LABELS]),
    Reader(
        "decisions",
        lambda source: read_decisions(source, {"d1": "t1"}, HOUSE, HOUSE.keys),
        [b"draft_id,dimension,value,reason,cause\nd1,warmth,2,clear,slip\n"],
    ),
    Reader(
        "agreement of a file",
        lambda source: _quiet(lambda: agreement_of_file(source, (0, 1, 2))),
        [b"task_id,annotator,dimension,value\nt1,ana,tone,1\nt1,ben,tone,2\nt2,ana,tone,0\nt2,ben,tone,0\n"],
    ),
    Reader("published figures", lambda source: _quiet(lambda: check_file(source, "a.md", n=30)), [REPORT]),
    Reader(
        "published figures, CSV",
        lambda source: _quiet(lambda: check_file(source, "a.csv", n=30)),
        [b"dimension,n,percent,kappa\ntone,30,90.0 %,.68\n"],
    ),
    Reader(
        "scores of texts",
        lambda source: _quiet(lambda: read_scores(source, "a.csv", ScoreColumns("judge", "scorer", "people", "task"))),
        [b"task,judge,scorer,people\nt1,.5,.25,2\nt2,1,,0\nt3,-1e-3,0,1\n"],
    ),
    Reader("pairs to learn from", lambda source: _quiet(lambda: [*pairs_of_file(source, "train.jsonl")]), [PAIR, PAIR * 2]),
    Reader("typed figures", _typed, [b"89.3 %", b".857", b"7,8,9,6", b"0-3"]),
    Reader("pasted criteria", lambda source: read_pasted(source.decode("utf-8", "replace")), [CRITERIA]),
)
