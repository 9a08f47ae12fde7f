"""Labels and decisions out of CSV: what is read, and the sentence for what is not."""

import pytest

from touchstone.data.label_file import Decision, FileRow, read_decisions, read_labels
from touchstone.rubric.model import Agreement, Dimension, Level, Rubric

RULE = Agreement(statistic="kappa", weights="unweighted", threshold=0.8)


def dimension(key: str, values, aliases=()) -> Dimension:
    return Dimension(
        key=key,
        title=key.title(),
        question="How?",
        scale="ordinal",
        weight=0.5,
        agreement=RULE,
        aliases=aliases,
        levels=tuple(Level(value=each, title="x", anchor="y") for each in values),
    )


HOUSE = Rubric(
    name="house-v1",
    version=1,
    title="House",
    about="",
    fields=(),
    digest="0" * 64,
    dimensions=(dimension("warmth", (0, 1, 2), ("friendliness",)), dimension("verdict", ("pass", "fail"))),
)
DRAFTS = {"d1": "t1", "d2": "t2", "d3": "t2"}


def labels(text: str, annotator="Ana", keys=("warmth", "verdict"), drafts=None):
    return read_labels(text.encode(), annotator, drafts or DRAFTS, HOUSE, keys)


def said(text: str, **more) -> list[str]:
    return [str(each) for each in labels(text, **more)[2]]


def test_a_draft_is_read_whole_with_its_note_and_in_file_order():
    text = "draft_id,dimension,value,note\nd3,verdict,fail,\nd1,warmth,2,\nd3,friendliness, 0 ,why\nd1,verdict,pass,\n"
    assert labels(text) == (
        [FileRow("d3", {"verdict": "fail", "warmth": 0}, "why", ""), FileRow("d1", {"warmth": 2, "verdict": "pass"}, "", "")],
        0,
        [],
    )


def test_a_draft_may_be_named_by_its_task_where_it_is_the_only_one():
    text = "task_id,dimension,score\nt1,warmth,2\n"
    assert labels(text, keys=("warmth",))[0] == [FileRow("d1", {"warmth": 2}, "", "")]
    assert said("task_id,dimension,score\nt2,warmth,2\n", keys=("warmth",)) == [
        "line 2: task t2 has 2 drafts here (d2, d3); use a column draft_id"
    ]


def test_a_skip_needs_no_dimension():
    assert labels("draft_id,dimension,value,skip\nd1,,,blank draft\n")[0] == [FileRow("d1", {}, "", "blank draft")]


def test_rows_of_other_annotators_are_counted_and_left_out():
    text = "draft_id,annotator,dimension,value\nd1,ANA ,warmth,1\nd1,Ben,warmth,2\nd2,,warmth,0\n"
    rows, others, problems = labels(text, keys=("warmth",))
    assert ([row.values for row in rows], others, problems) == ([{"warmth": 1}, {"warmth": 0}], 1, [])
    assert said("draft_id,annotator,dimension,value\nd1,Ben,warmth,2\n") == [
        "no row is by Ana; the column annotator names others"
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("d1,warmth,3", "warmth takes 0, 1 and 2, not 3"),
        ("d1,warmth,1.0", "warmth takes 0, 1 and 2, not 1.0"),
        ("d1,warmth,", "warmth takes 0, 1 and 2, not a blank"),
        ("d1,charm,1", "charm is not a dimension here; there are warmth"),
        ("d1,verdict,pass", "verdict is not a dimension here; there are warmth"),
        ("d1,,1", "a blank is not a dimension here; there are warmth"),
        ("d9,warmth,1", "d9 is not one of the drafts assigned to Ana"),
        ("t1,warmth,1", "t1 is not one of the drafts assigned to Ana"),
        (",warmth,1", "a blank is not one of the drafts assigned to Ana"),
    ],
)
def test_a_bad_row_is_named_with_its_reason(row, reason):
    assert said(f"draft_id,dimension,value\nd2,warmth,1\n{row}\n", keys=("warmth",)) == [f"line 3: {reason}"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the file has no rows under its header; it needs one label per row"),
        ("draft_id,dimension,value\n", "the file has no rows under its header; it needs one label per row"),
        (
            "name,dimension,value\nd1,warmth,1\n",
            "line 1: there is no column draft_id or task_id or unit or id; the header has name, dimension, value",
        ),
        ("draft_id,dimension\nd1,warmth\n", "line 1: there is no column value or score; the header has draft_id, dimension"),
        ("draft_id,value\nd1,1\n", "line 1: there is no column dimension; the header has draft_id, value"),
        ("draft_id,dimension,value\nd1,warmth,1\n", "d1 has no verdict; a draft is labelled whole, or skipped"),
        (
            "draft_id,dimension,value\nd1,warmth,1\nd1,friendliness,1\nd1,verdict,pass\n",
            "line 3: d1 has warmth on line 2 already; keep one",
        ),
        ("draft_id,dimension,value,skip\nd1,warmth,1,\nd1,,,blank\n", "d1 is skipped and labelled in the same file; keep one"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(text, reason):
    assert said(text) == [reason]


# Decisions


def decisions(text: str):
    found, problems = read_decisions(text.encode(), DRAFTS, HOUSE, ("warmth",))
    return found, [str(each) for each in problems]


def test_a_decision_is_read_with_its_reason_and_cause():
    text = 'draft_id,dimension,value,reason,cause\nd1,friendliness,2," a, b ",SLIP\n'
    assert decisions(text) == ([Decision("d1", "warmth", 2, "a, b", "slip")], [])


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("d1,warmth,2,why,mood", "line 2: cause is mood; it takes rubric unclear, slip, missing context, true ambiguity"),
        ("d1,warmth,2,why,", "line 2: cause is blank; it takes rubric unclear, slip, missing context, true ambiguity"),
        ("d1,warmth,2, ,slip", "line 2: the reason is blank; a decision needs one"),
        ("d1,warmth,7,why,slip", "line 2: warmth takes 0, 1 and 2, not 7"),
        ("d9,warmth,1,why,slip", "line 2: d9 is not one of the drafts of this round"),
        ("d1,warmth,1,why,slip\nd1,warmth,2,why,slip", "d1 / warmth is decided 2 times in the file; keep one"),
    ],
)
def test_a_decision_that_cannot_be_taken_says_why(rows, reason):
    assert decisions(f"draft_id,dimension,value,reason,cause\n{rows}\n")[1] == [reason]


def test_a_file_of_decisions_without_a_reason_column_is_refused_by_its_header():
    assert decisions("draft_id,dimension,value,cause\nd1,warmth,1,slip\n")[1] == [
        "line 1: there is no column reason; the header has draft_id, dimension, value, cause"
    ]
