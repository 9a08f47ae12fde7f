"""Tables, columns and prose of a published file: what is taken, what is left out, and that nothing breaks the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.properties import examples
from touchstone.claims.reading.columns import (
    DISAGREEMENTS,
    LEFT_OUT,
    MEAN,
    PERCENT,
    SCORE,
    SUM,
    UNIT,
    UNREAD,
    N,
    column_of,
    columns_of,
)
from touchstone.claims.reading.parsing import Document, Paragraph, read_document
from touchstone.claims.reading.sentences import figures_in
from touchstone.claims.reading.shapes import CLAIMS, LISTING, MATRIX, OTHER
from touchstone.claims.reading.statements import levels_in, sizes_in


def read(text: str, name: str = "file.md") -> Document:
    problems: list = []
    found = read_document(text.encode(), name, problems)
    assert problems == []
    return found


def said(text: str, *names: str, heading: str = ""):
    return [
        (each.figure, each.text, each.about, bool(each.another), bool(each.unsure))
        for each in figures_in([Paragraph(1, heading, text)], names)
    ]


@pytest.mark.parametrize(
    ("header", "role", "who"),
    [
        ("Agreement %", PERCENT, 0),
        ("% agreement", PERCENT, 0),
        ("percent_agreement", PERCENT, 0),
        ("agreement_pct", PERCENT, 0),
        ("Observed agreement (%)", PERCENT, 0),
        ("po", PERCENT, 0),
        ("**Raw agreement**", PERCENT, 0),
        ("Cohen's κ", "kappa unweighted", 0),
        ("kappa", "kappa unweighted", 0),
        ("cohens_kappa", "kappa unweighted", 0),
        ("κ (unweighted)", "kappa unweighted", 0),
        ("Quadratic κ", "kappa quadratic", 0),
        ("QWK", "kappa quadratic", 0),
        ("linear weighted kappa", "kappa linear", 0),
        ("Round 1 Avg", MEAN, 1),
        ("Mean (rater B)", MEAN, 2),
        ("avg_r2", MEAN, 2),
        ("Sum R1", SUM, 1),
        ("n", N, 0),
        ("N units", N, 0),
        ("R2 Score", SCORE, 2),
        ("Task ID", UNIT, 0),
        ("Disagreements", DISAGREEMENTS, 0),
    ],
)
def test_a_column_is_known_by_its_name(header, role, who):
    found = column_of(header, ["30", "29"], is_first=False)
    assert (found.role, found.who) == (role, who)


@pytest.mark.parametrize(
    "header",
    [
        "Weighted κ",
        "κ 95% CI",
        "Fleiss' κ",
        "Krippendorff's alpha",
        "mean κ",
        "κ threshold",
        "",
        "Expected agreement",
        "Agreement level",
        "SD of mean",
        "Δκ",
        "κ before",
        "Status",
        "Pass rate %",
    ],
)
def test_a_column_that_may_be_something_else_is_left_out(header):
    assert column_of(header, ["0.8", "0.9"], is_first=False).role in (LEFT_OUT, UNREAD)


def test_a_column_of_words_is_no_count_whatever_its_name():
    assert column_of("Dispute", ["because", "of"], is_first=False).role == UNREAD
    assert column_of("tasks", ["t1", "t2"], is_first=False).role != N


def test_a_figure_that_stands_twice_is_left_out_both_times():
    found = columns_of(["Dimension", "κ", "Cohen's kappa"], [["a", "0.8", "0.9"]])
    assert [each.role for each in found[1:]] == [LEFT_OUT, LEFT_OUT]
    two = columns_of(["Dimension", "Ana avg", "Ben avg", "κ"], [["x", "1", "2", ".8"]])
    assert [each.who for each in two if each.role == MEAN] == [1, 2]


def test_tables_are_told_apart():
    found = read(
        "# A\n\n| D | Agreement % | κ |\n|:--|--:|---|\n| x | 90% | .8 |\n\n## Rows of x\n"
        "| Task ID | R1 | R2 |\n|-|-|-|\n| t1 | 1 | 2 |\n\n"
        "| | x | y |\n|---|---|---|\n| x | 1 | .4 |\n| y | .4 | 1 |\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    assert [(each.kind, each.line) for each in found.tables] == [(CLAIMS, 3), (LISTING, 8), (MATRIX, 12), (OTHER, 17)]
    assert [each.heading for each in found.tables][:2] == ["A", "A / Rows of x"]


def test_a_table_in_a_fence_is_no_table_and_a_short_row_is_filled():
    assert read("```\n| D | κ |\n|---|---|\n| x | .8 |\n```\n").tables == ()
    (table,) = read("| D | κ | n |\n|---|---|---|\n| x | .8 |\n| y | .7 | 30 | more |\n").tables
    assert [cells for _, cells in table.rows] == [("x", ".8", ""), ("y", ".7", "30")]


def test_a_pipe_behind_a_backslash_belongs_to_its_cell():
    (table,) = read("| D | κ |\n|---|---|\n| a \\| b | .8 |\n").tables
    assert [cells for _, cells in table.rows] == [("a | b", ".8")]


TABLE = "| D | κ |\n|---|---|\n| x | .8 |\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("> | D | κ |\n> |---|---|\n> | x | .8 |\n", 1),
        ("```kappa``` is code in a line, not the start of a block.\n\n" + TABLE, 3),
        ("````\n```\n````\n\n" + TABLE, 5),
    ],
)
def test_a_table_in_a_quote_or_below_other_marks_of_code_is_read(text, line):
    (table,) = read(text).tables
    assert (table.line, table.rows) == (line, ((line + 2, ("x", ".8")),))


@pytest.mark.parametrize("text", ["````\n```\n" + TABLE + "````\n", "> ```\n> | D | κ |\n> |---|---|\n> | x | .8 |\n> ```\n"])
def test_a_table_in_a_longer_fence_or_a_quoted_one_is_none(text):
    assert read(text).tables == ()


def test_a_heading_ends_a_table_and_a_line_without_a_pipe_does_too():
    found = read(TABLE + "## Pairs a | b\n\n" + TABLE + "κ = 0.8 over n = 30.\n")
    assert [(table.heading, len(table.rows)) for table in found.tables] == [("", 1), ("Pairs a | b", 1)]
    assert [each.text for each in found.paragraphs] == ["κ = 0.8 over n = 30."]


def test_a_table_within_a_list_is_read_and_the_list_is_running_text():
    found = read("1. first\n\n     | D | κ |\n     |---|---|\n     | x | .8 |\n\n2. second\n")
    assert ([table.line for table in found.tables], len(found.paragraphs)) == ([3], 2)


def test_a_csv_is_a_table_by_itself():
    (table,) = read("dimension;n;kappa\nx;30;0.8\n", "claims.csv").tables
    assert (table.kind, table.rows) == (CLAIMS, ((2, ("x", "30", "0.8")),))


def test_prose_gives_figures_and_what_they_are_about():
    assert said("tone fell (κ = 0.68), pace had kappa of .91.", "tone", "pace") == [
        ("kappa unweighted", "κ = 0.68", "tone", False, False),
        ("kappa unweighted", "kappa of .91", "pace", False, False),
    ]
    assert said("New κ = 0.8300 (pass).", "tone", heading="Revision of tone") == [
        ("kappa unweighted", "κ = 0.8300", "tone", True, False)
    ]
    assert said("The six contested tasks on tone.", "tone") == [(DISAGREEMENTS, "six contested tasks", "tone", False, False)]
    assert said("We saw 89.3% agreement.")[0][:2] == (PERCENT, "89.3% agreement")
    assert said("quadratic weighted kappa was 0.95")[0][0] == "kappa quadratic"


@pytest.mark.parametrize(
    "text",
    [
        "Any dimension with κ < 0.80 is revised.",
        "alpha = 0.8",
        "the weighted kappa was 0.8",
        "κ from 0.6 to 0.8",
        "kappa statistics 2024",
    ],
)
def test_a_comparison_or_another_coefficient_in_prose_is_no_figure(text):
    assert said(text) == []


@pytest.mark.parametrize("text", ["Fleiss' κ = 0.71", "a mean kappa of 0.80", "the target is κ = 0.80", "κ = 0.80 or higher"])
def test_what_may_be_a_threshold_or_another_figure_is_taken_as_unsure(text):
    ((*_, unsure),) = said(text)
    assert unsure


def test_n_and_levels_are_found_in_the_text():
    paragraphs = [Paragraph(3, "", "A 30-task subset was labelled with scores 0–3; κ came out well (n = 30).")]
    assert sizes_in(paragraphs) == {30: (3, "30-task subset")}
    assert levels_in(paragraphs)[0].values == (0, 1, 2, 3)
    assert set(sizes_in([Paragraph(1, "", "n = 30, then 40 tasks were labelled")])) == {30, 40}
    assert levels_in([Paragraph(1, "", "scores 0-3 and ratings 1-5")])[0].number is None


HTML = "<table>\n<tr><th>D</th><th>Cohen's <b>κ</b></th></tr>\n<tr><td>x</td>\n<td>.8</td></tr>\n</table>\n"


def test_a_table_in_html_is_a_table_and_one_that_cannot_be_read_is_said():
    (table,) = (found := read("Two raters.\n\n" + HTML + "\nκ = 0.8 over n = 30.\n")).tables
    assert (table.line, [column.header for column in table.columns], table.rows) == (3, ["D", "Cohen's κ"], ((5, ("x", ".8")),))
    assert [each.text for each in found.paragraphs] == ["Two raters.", "κ = 0.8 over n = 30."] and found.unread == ()
    spanning = read(HTML.replace("<td>.8</td>", "<td colspan=2>kappa .8</td>"))
    assert (spanning.tables, len(spanning.unread)) == ((), 1)
    assert spanning.unread[0].startswith("line 1: a table in HTML whose cells span others, not read")
    assert read("```\n" + HTML + "```\n").tables == () == read("<table> without an end\n\n<![x[ </table>\n").tables


def test_a_block_of_code_that_gives_a_figure_of_agreement_is_said_to_be_unread():
    assert read("```\nn 30\nagreement  89.3%\n```\n").unread == ("line 1: a block of code, not read (“agreement 89.3%”)",)
    assert read("```\npip install kappa\n```\n").unread == ()


@examples(200)
@given(st.text(alphabet="|-:κ%#<>![` \n\t\\*0123456789.abn=/,\r", max_size=300))
def test_no_markdown_breaks_the_reader(text):
    problems: list = []
    found = read_document(text.encode(), "x.md", problems)
    figures_in(found.paragraphs, ["a", "b"]), sizes_in(found.paragraphs), levels_in(found.paragraphs)


@pytest.mark.parametrize(
    "piece",
    [
        "raw ",
        "rater ",
        "1,",
        "κ ",
        " ",
        "0.8 ± ",
        "**",
        "| ",
        "n = ",
        "quadratic ",
        "a.b ",
        "scores ",
        "-",
        "<table>",
        "from 1 to ",
    ],
)
def test_no_repetition_makes_the_reader_slow(piece):
    line = piece * (18_000 // len(piece))
    found = read(f"| {line} | κ |\n|---|---|\n| {line} | {line} |\n\n{line}\n")
    figures_in(found.paragraphs, ["a", "raw"]), sizes_in(found.paragraphs), levels_in(found.paragraphs)


@examples(200)
@given(st.binary(max_size=300), st.sampled_from(["x.md", "x.csv", "x"]))
def test_no_bytes_break_the_reader(source, name):
    read_document(source, name, [])


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"\xff\xfea\0", "UTF-16"),
        (b"caf\xe9 \xf0", "not UTF-8"),
        (b"a\0b", "NUL"),
        (b"x" * 4_100_000, "MB"),
        (b"| a | k |\n|---|---|\n" + b"| x | .8 |\n" * 1001, "1,001 rows"),
        (b"| a | k |\n|---|---|\n" + b"| x | .8 |\n" * 20_000, "20,000 rows and 2 columns"),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_its_line(source, said):
    problems: list = []
    read_document(source, "x.md", problems)
    assert said in str(problems[0])
