"""Files too large to hold are read by parts: to the same labels, counts, questions and problems as in hand."""

import json
import random
from dataclasses import replace

import pytest

from tests.support.label_files import FILES
from tests.support.small_stores import CTA, TONE, people, rows, stock
from touchstone.errors import Refused
from touchstone.importing.parts import row_sources
from touchstone.importing.vocabulary import Answers
from workflow.importing import large_files
from workflow.importing.label_files import File, FileOnDisk
from workflow.importing.label_preview import preview_labels
from workflow.importing.label_sets import import_labels
from workflow.maintenance.store_check import check_store

LONG = "draft_id,annotator,dimension,value\n"


def levels(number: int, who: str, seed: int = 0) -> int:
    return random.Random(f"{number} {who} {seed}").randrange(4)


def long(units, annotators=("ana", "ben"), dimensions=(TONE, CTA), form="d{:02}") -> str:
    return LONG + "".join(
        f"{form.format(unit)},{who},{key},{levels(unit, who + key)}\n"
        for unit in units
        for who in annotators
        for key in dimensions
    )


def jsonl(text: str) -> bytes:
    head, *lines = [line.split(",") for line in text.splitlines()]
    return "".join(json.dumps(dict(zip(head, line, strict=True))) + "\n" for line in lines).encode()


MANY = long(range(1, 150))
FEW = MANY.splitlines(keepends=True)


def table(head: str, row: str, number: int) -> str:
    """A table of so many rows, each of them `row` with n for its number."""
    lines = [row.format(n=n, level=n % 4, other=n % 3, yes="no" if n % 3 else "yes", late="x" * (n > 60)) for n in range(number)]
    return "\n".join([head, *lines, ""])


ONE = table(f"draft_id,{TONE}", "d{n:02},{level}", 120)
A_AND_B = ((0, "a"), (1, "b"))
SHUFFLED = LONG + "".join(
    f"u{n},{who},{TONE},{(n * n + n // 7 + turn) % 4}\n" for turn, who in enumerate("ab") for n in range(200)
)
WORDS = "".join(f"e{n},ana,{TONE},{word}\n" for n, word in enumerate(["", "N/A", "?", "true", "no"]))
CASES = {
    "long": [("a.csv", MANY)],
    "records": [("a.jsonl", jsonl(MANY))],
    "records with commas": [("a.jsonl", jsonl(MANY).replace(b"}\n", b"},\n"))],
    "a record that is none": [("a.jsonl", jsonl(MANY) + b'{"draft_id": x}\n' + jsonl(MANY))],
    "wide": [("a.csv", table(f"draft_id,annotator,{TONE},{CTA}", "d{n:02},x,{level},{other}", 90))],
    "semicolons under a title": [("a.csv", "Labels of May\n\n" + MANY.replace(",", ";"))],
    "a mark before it, and ends of Windows": [("a.csv", b"\xef\xbb\xbf" + MANY.replace("\n", "\r\n").encode())],
    "ends of old": [("a.csv", MANY.replace("\n", "\r", 9).replace("\r", "\n", 2))],
    "a cell over two lines": [("a.csv", MANY.replace("d07", '"d07\n"'))],
    "a quote too many": [("a.csv", MANY + 'd01,"ana,x\n')],
    "other bytes": [("a.csv", MANY.encode() + b"d\xff,ana,x,1\n" + b"\0\n")],
    "cells too many": [("a.csv", MANY + "d01,ana,x,1,2\nd02,ana\n")],
    "a column without a name": [("a.csv", table(LONG.strip() + ",", f"d{{n:02}},ana,{TONE},1,{{late}}", 90))],
    "a column twice": [("a.csv", MANY.replace("annotator", "value", 1))],
    "two columns of a dimension": [("a.csv", table(f"id,{TONE},{TONE.replace('_', ' ')}", "d{n},1,1", 9))],
    "levels there are none of": [("a.csv", MANY + f"d02,ana,{TONE},7\nd03,cleo,{TONE},x\n")],
    "many levels there are none of": [("a.csv", table(LONG.strip(), f"u{{n}},ana,{TONE},9", 1_200))],
    "rows without a unit or annotator": [("a.csv", MANY + f",ana,{TONE},1\nd900,,{TONE},1\nd\u200b,ana,{TONE},1\n")],
    "twice in a file": [("a.csv", MANY + "".join(FEW[3:9]))],
    "twice in two files": [("a.csv", MANY), ("b.csv", "".join(FEW[:9]))],
    "the same bytes by two": [("x.csv", ONE), ("y.csv", ONE)],
    "one level, and no unit in common": [("a.csv", long(range(1, 60), ["ana"])), ("b.csv", table(f"id,{TONE}", "z{n},2", 40))],
    "in another order": [("a.csv", SHUFFLED)],
    "words for no label": [("a.csv", MANY + WORDS)],
    "foreign dimensions": [("a.csv", MANY + "d01,ana,mood,3\nd01,ana,,3\n")],
    "ids of other forms": [
        ("a.csv", MANY.replace("d07", "D07").replace("d10", "d 10")),
        ("b.csv", LONG + f"D12,Ana,{TONE},1\nD12,cleo,{TONE},1\n"),
    ],
    "raters by places": [("a.csv", MANY.replace(",ana,", ",rater 1,").replace(",ben,", ",rater 2,"))],
    "rows that do not count": [("a.csv", table(LONG.strip() + ",counts", f"d{{n:02}},ana,{TONE},1,{{yes}}", 60))],
    "drafts with their tasks": [("a.csv", table(f"draft_id,task_id,rater,{TONE}", "d{n:02},t{other},ana,{level}", 60))],
    "nobody is named": [("ana.csv", table(f"task_id,{TONE}", "t{n:02},{level}", 9))],
    "no label at all": [("a.csv", LONG + "d01,ana,mood,1\n" * 30)],
    "labels one a line": [("a.csv", "1\n2\n0\n" * 30)],
    "a column a rater": [("a.csv", table("id,ana,ben", "u{n},{level},{other}", 60))],
    "a judge": [("a.csv", table("draft_id,judge_model,dimension,value", f"d{{n:02}},m-1,{TONE},1", 30))],
}
SAID = {
    "words for no label": Answers({"blank": "missing", "na": "missing", "unsure": "0", "true": "3", "false": "0"}),
    "ids of other forms": Answers(same_ids=True, same_annotators=True),
    "long": Answers(reverse=True),
    "raters by places": Answers(slots_are_people=False),
    "a column a rater": Answers(dimension=TONE),
}


def files(name: str) -> list[File]:
    return [File(called, text if isinstance(text, bytes) else text.encode()) for called, text in CASES[name]]


@pytest.fixture
def by_parts(monkeypatch):
    """From here on every file is large."""

    def begin():
        monkeypatch.setattr(large_files, "LARGE", -1)
        monkeypatch.setattr(row_sources.in_parts, "__defaults__", (7,))

    return begin


def stored(engine, name) -> list:
    of = "WHERE label_set = (SELECT id FROM label_sets WHERE name = :name)"
    values = "files, annotators, left_out, read_as, suspicions, tasks, slots_are_people"
    return [
        rows(engine, f"SELECT unit, annotator, dimension, value FROM set_labels {of} ORDER BY id", name=name),
        rows(engine, f"SELECT {values} FROM label_sets WHERE name = :name", name=name),
        rows(
            engine,
            "SELECT dimension, clusters, skipped, missing, pattern, units FROM counts JOIN pattern_counts "
            f"ON counted = counts.id {of} ORDER BY dimension, pattern",
            name=name,
        ),
    ]


def told(engine, lead, given, said, strict) -> tuple:
    shown = preview_labels(lead, engine, given, rubric="tenacious-v1", said=said, strict=strict, made_by="program")
    return replace(shown, problems=()), sorted(map(str, shown.problems))


def imported(engine, lead, given, said, name) -> tuple:
    try:
        made = import_labels(lead, engine, given, name=name, made_by="model", rubric="tenacious-v1", said=said)
    except Refused as wrong:
        return wrong.sentence, sorted(f"{each} {each.cause} {each.way}" for each in wrong.problems)
    return replace(made, name="", is_new=True), *stored(engine, name)


def compared(engine, given, said, by_parts) -> None:
    (lead,) = people(engine, "lead")
    stock(engine, lead, 30)
    in_hand = [told(engine, lead, given, said, strict) for strict in (False, True)]
    first = imported(engine, lead, given, said, "one")
    by_parts()
    assert [told(engine, lead, given, said, strict) for strict in (False, True)] == in_hand
    assert imported(engine, lead, given, said, "one") == imported(engine, lead, given, said, "two")  # the first is there already
    assert imported(engine, lead, given, said, "two") == first


@pytest.mark.parametrize("case", CASES)
def test_a_file_by_parts_comes_to_what_it_comes_to_in_hand(sqlite_engine, case, by_parts):
    compared(sqlite_engine, files(case), Answers(), by_parts)


@pytest.mark.parametrize("case", SAID)
def test_what_was_said_of_it_is_heard_by_parts_too(sqlite_engine, case, by_parts):
    compared(sqlite_engine, files(case), SAID[case], by_parts)


@pytest.mark.parametrize("folder", ["label_files", "exports"])
def test_what_cannot_be_read_by_parts_is_read_in_hand(sqlite_engine, folder, by_parts):
    of_tools = sorted(each for each in (FILES.parent / folder).iterdir() if each.suffix != ".md")
    (lead,) = people(sqlite_engine, "lead")
    given = [[File(each.name, each.read_bytes())] for each in of_tools]
    in_hand = [told(sqlite_engine, lead, each, Answers(dimension=TONE), False) for each in given]
    by_parts()
    assert [told(sqlite_engine, lead, each, Answers(dimension=TONE), False) for each in given] == in_hand


@pytest.mark.both_databases
def test_a_large_file_comes_in_from_disk_whole_or_not_at_all(engine, tmp_path, by_parts):
    (lead,) = people(engine, "lead")
    stock(engine, lead, 30)
    by_parts()
    file, heard = tmp_path / "a.csv", []
    file.write_text(MANY + f"d02,cleo,{TONE},7\n")
    about = {"name": "Large", "made_by": "model", "rubric": "tenacious-v1", "tell": heard.append}
    with pytest.raises(Refused) as wrong:
        import_labels(lead, engine, [FileOnDisk(file)], **about)
    assert [str(each) for each in wrong.value.problems] == ["line 598: a.csv: tone_compliance takes 0, 1, 2 and 3, not 7"]
    assert rows(engine, "SELECT count(*) FROM set_labels") == [(0,)] and sum(heard) == 597
    file.write_text(MANY)
    made = import_labels(lead, engine, [FileOnDisk(file)], **about)
    assert made.sentence == "Large: 596 labels of 149 units by ana, ben, 2 dimensions"
    assert rows(engine, "SELECT count(*) FROM set_labels") == [(596,)]
    assert made.joined == (30, 0, 119)
    assert check_store(engine) == []


def test_a_file_that_changes_while_it_is_read_is_refused(sqlite_engine, tmp_path, by_parts):
    (lead,) = people(sqlite_engine, "lead")
    by_parts()
    file = tmp_path / "a.csv"
    file.write_text(MANY)

    def more(_rows: int) -> None:
        file.write_text(MANY + f"d900,ana,{TONE},1\n")

    with pytest.raises(Refused, match="changed while it was read"):
        import_labels(lead, sqlite_engine, [FileOnDisk(file)], name="x", made_by="model", rubric="tenacious-v1", tell=more)
    assert rows(sqlite_engine, "SELECT count(*) FROM set_labels") == [(0,)]
