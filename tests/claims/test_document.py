"""A published file, checked row by row: without labels, and held against some."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.properties import examples
from tests.support.short_run import some
from touchstone.claims.claim import CAN, CANNOT, UNCHECKED, Levels
from touchstone.claims.document.checked import IN_LIST, IN_TEXT, THE_LIST, TOGETHER
from touchstone.claims.document.checking import check_file
from touchstone.claims.typed_claim import levels_of
from touchstone.claims.verification import DOES_NOT, FOLLOWS, NO_LABELS, DimensionLabels, ReferenceLabels
from touchstone.data.counts import count_labels, labels_by_unit
from touchstone.data.label import LabelRow
from touchstone.errors import Refused
from touchstone.rubric.model import Dimension

FIRST = {"u1": 2, "u2": 1, "u3": 0, "u4": 1, "u5": 2, "u6": 0, "u7": 2, "u8": 1, "u9": 1, "u10": 2}
SECOND = FIRST | {"u2": 2, "u5": 1}
TABLE = "| Dimension | Round 1 Avg | Round 2 Avg | Agreement % | Cohen's κ |\n|---|---|---|---|---|\n"


def dimension(key: str = "tone", alias: str = "tone_of_voice") -> Dimension:
    return Dimension(
        key=key,
        title="Tone of it",
        question="?",
        scale="ordinal",
        weight=1.0,
        aliases=(alias,),
        levels=[{"value": value, "title": "x", "anchor": "x"} for value in range(3)],
        agreement={"statistic": "kappa", "weights": "unweighted", "threshold": 0.8},
    )


def labels(*held_back: str, keys=("tone",), made_by: str = "a program", also=None) -> ReferenceLabels:
    made = {}
    for key in keys:
        declared = dimension(key, f"{key}_of_voice")
        rows = [
            LabelRow(unit, who, key, value)
            for who, given in (("round1_x", FIRST), ("round2_x", SECOND))
            for unit, value in given.items()
        ]
        made[key] = DimensionLabels(
            key,
            (key, f"{key}_of_voice"),
            count_labels(rows, declared, ("round1_x", "round2_x")),
            labels_by_unit(rows, declared, ("round1_x", "round2_x")),
        )
    return ReferenceLabels("outside", made_by, ("round1_x", "round2_x"), made, frozenset(held_back), also or {})


def checked(text: str, name: str = "file.md", **more):
    return check_file(text.encode(), name, **more)


def status(made, part: str = "") -> dict[str, str]:
    return {each.finding.figure: each.finding.status for each in made.entries if not part or each.part == part}


def test_a_part_that_its_percentage_does_not_fit_says_what_was_written_and_what_it_is():
    # 27 / 30 = .9, and 93.3 % is 28 of 30.
    (one,) = [each for each in checked("They agreed on 27 of 30 drafts (93.3 %).").entries if each.finding.status == CANNOT]
    assert (one.finding.printed, one.finding.because) == ("27 of 30 drafts (93.3 %)", "27 of 30 is 90.0 %, not 93.3 %")


def test_what_rose_or_fell_is_read_and_not_checked():
    made = checked("Agreement rose from 71 % to 84 % on 30 drafts, and kappa fell from 0.66 to 0.41.")
    assert [(each.finding.figure, each.finding.status) for each in made.entries] == [
        *[("percent", UNCHECKED)] * 2,
        *[("kappa unweighted", UNCHECKED)] * 2,
    ]
    assert all("two labellings, and the n of each is not said" in each.finding.because for each in made.entries)


def test_every_row_is_a_claim_of_the_n_in_the_text():
    made = checked(
        f"A 30-task subset, scores 0–3.\n\n{TABLE}| tone | 2.07 | 2.10 | 89.3% | 0.8567 |\n"
        "| pace | 2.10 | 2.00 | 90.0% | 0.8529 |\n"
    )
    assert made.sentence == "1 of 8 figures impossible: 89.3 %."
    assert [each.finding.status for each in made.entries if each.part == TOGETHER] == [CANNOT, CAN]
    assert "n is 30, from line 1: “30-task subset”" in made.notes
    assert "levels 0 to 3, from the text: “scores 0–3”" in made.notes
    assert ("line 3", "Round 1 Avg", "mean of annotator 1") in made.read


def test_figures_that_each_can_occur_and_not_together_are_counted_as_a_row():
    made = checked(f"n = 30\n\n{TABLE}| tone | 2.1 | 2.1 | 83.3% | 0.7895 |\n")
    assert made.sentence == "Each of 4 figures is possible by itself; in 1 row they are impossible together."
    assert not made.can_occur


def test_a_file_without_n_is_refused_with_the_option_that_gives_it():
    text = f"{TABLE}| tone | 2.07 | 2.10 | 89.3% | .85 |\n"
    with pytest.raises(Refused, match="does not say how many units") as refused:
        checked(text)
    assert refused.value.way == ("n 30",)
    with pytest.raises(Refused, match=r"30 \(line 1\) and 40 \(line 1\).*which n"):
        checked("30 tasks were labelled, then n = 40.\n\n" + text)
    assert checked(text, n=30).having(CANNOT)
    assert checked("| Dimension | n | κ |\n|---|---|---|\n| a | 30 | .8 |\n").can_occur, "the table says it itself"


def test_a_file_without_any_figure_of_agreement_says_what_it_looked_for():
    with pytest.raises(Refused, match="Agreement %.*tables found: line 1: a, b"):
        checked("| a | b |\n|---|---|\n| 1 | 2 |\n")


@pytest.mark.parametrize(
    "text", ["# only a heading", "", "| Model | Mean score | Pass rate % |\n|---|---|---|\n| x | 0.613 | 89.3% |\n"]
)
def test_percentages_and_means_of_something_else_raise_no_alarm(text):
    with pytest.raises(Refused):
        checked(text)


def test_decimal_commas_shares_beside_percentages_and_intervals_raise_no_alarm():
    made = checked(
        "dimension;n;agreement_pct;cohens_kappa;kappa_quadratic;mean_rater1;mean_rater2\n"
        "a;30;86,7;0,7895;0,904;2,067;2,067\nb;30;90;0,8529;0,945;2,10;2,00\n",
        "x.csv",
        levels=Levels(4, (0, 1, 2, 3)),
    )
    assert made.can_occur and made.single == 12
    made = checked(
        "Two annotators labelled 200 texts. Overall agreement was 91.7%.\n\nC | p_o | κ [95% CI] | Cohen's κ\n"
        ":-- | --: | :-: | --:\nx | .915 | .81 [.73, .88] | **.81**\ny | 92.5 % | – | 0.79†\n"
    )
    assert made.can_occur and made.having(CAN) and "n is 200, from line 1" in made.notes[0]


def test_a_matrix_between_dimensions_raises_no_alarm_and_is_named_as_left_out():
    made = checked(
        "n = 30\n\n| D | κ |\n|---|---|\n| x | .8 |\n\n| | x | y |\n|---|---|---|\n| x | 1.00 | 0.41 |\n| y | 0.41 | 1.00 |\n"
    )
    assert made.can_occur
    assert any("between dimensions" in each for each in made.left_out)


def test_where_the_text_speaks_of_a_weighted_kappa_a_plain_column_raises_no_alarm():
    text = "n = 30. We report quadratic-weighted kappa.\n\n| D | Agreement % | κ |\n|---|---|---|\n| a | 83.3% | 0.93 |\n"
    made = checked(text, levels=Levels(4))
    assert made.can_occur and any("does not say which it is" in each for each in made.left_out)
    assert not checked(text.replace("| κ |", "| Unweighted κ |"), levels=Levels(4)).can_occur
    assert not checked(text.replace("We report", "Unweighted, not"), levels=Levels(4)).can_occur


def test_agreement_of_more_than_two_annotators_is_not_k_of_n_and_raises_no_alarm():
    text = "n = 30\n\nThree independent annotators labelled.\n\n| D | Agreement % | κ |\n|---|---|---|\n| a | 84.4% | 0.78 |\n"
    made = checked(text, levels=Levels(4))
    assert made.can_occur and status(made, "table")["percent"] == UNCHECKED
    assert not checked(text.replace("Three", "Two"), levels=Levels(4)).can_occur


def test_a_row_whose_figures_all_follow_is_not_called_impossible_for_a_wrong_n():
    made = checked(f"n = 12\n\n{TABLE}| tone | 1.20 | 1.20 | 80% | 0.6875 |\n", labels=labels())
    assert status(made, "table") == {"mean 1": FOLLOWS, "mean 2": FOLLOWS, "percent": FOLLOWS, "kappa unweighted": FOLLOWS}
    assert not [each for each in made.entries if each.part == TOGETHER]
    assert status(made, IN_TEXT) == {"n": DOES_NOT}


def test_a_file_whose_rows_have_no_usable_n_is_refused_with_the_reason():
    with pytest.raises(Refused, match="n is 0"):
        checked("| D | n | κ |\n|---|---|---|\n| a | 0 | 0.8 |\n")
    made = checked("| D | n | κ |\n|---|---|---|\n| a | 0 | 0.8 |\n| b | 30 | 0.8 |\n")
    assert {each.about for each in made.entries} == {"b"}


def test_a_matrix_is_told_beside_the_labels_and_not_marked():
    two = labels(keys=("tone", "pace"))  # the same labels on both, so that each annotator's kappa between them is 1
    matrix = "\n\n| | tone | pace |\n|---|---|---|\n| tone | 1.00 | {} |\n| pace | {} | 1.00 |\n"
    table = "| D | κ |\n|---|---|\n| tone | 0.69 |"
    made = checked(table + matrix.format("0.41", "0.41"), labels=two)
    assert made.can_occur and len(made.entries) == 1
    assert "0 of its 1 figure above the diagonal are a kappa of the labels (made by a program)" in made.left_out[0]
    assert "printed 0.41: round1_x 1.00, round2_x 1.00 and all 1.00" in made.left_out[0]
    assert "1 of its 1 figure above" in checked(table + matrix.format("1.00", "1.00"), labels=two).left_out[0]


def test_shares_in_a_column_are_told_to_be_read_as_such():
    made = checked("n = 30\n\n| D | Agreement |\n|---|---|\n| a | 0.90 |\n")
    assert ("line 3", "Agreement", "percent agreement, as shares of 1") in made.read


def test_a_csv_row_by_row_with_its_own_n_sums_and_counts():
    made = checked(
        "dimension,n,agreement,kappa,sum r1,avg r1,disagreements\na,30,0.9,.8529,62,2.07,3\nb,12,0.75,.6,15,1.30,3\n",
        "claims.csv",
        levels=Levels(4, (0, 1, 2, 3)),
    )
    of_b = {each.finding.figure: each.finding for each in made.entries if each.about == "b"}
    assert of_b["mean 1"].status == CANNOT and of_b["mean 1"].nearest == ("1.33", "1.25")
    assert of_b["disagreements"].status == CAN
    assert of_b["sum 1"].status == CANNOT
    assert all(each.finding.status == CAN for each in made.entries if each.about == "a")


def test_a_row_over_the_others_is_held_against_them_as_far_as_their_rounding_lets_it():
    table = "| D | n | κ | Disagreements |\n|---|---|---|---|\n| a | 30 | 0.80 | 3 |\n| b | 30 | 0.85 | 4 |\n"
    assert status(checked(table + "| Mean | | 0.83 | |\n"))["mean of kappa unweighted"] == CAN
    assert status(checked(table + "| Mean | | 0.84 | |\n"))["mean of kappa unweighted"] == CANNOT
    total = status(checked(table + "| Total | 60 | | 8 |\n"))
    assert (total["total of n"], total["total of disagreements"]) == (CAN, CANNOT)
    assert status(checked(table + "| Overall | | 0.99 | |\n"))["total of kappa unweighted"] == UNCHECKED


def test_a_cell_that_cannot_be_read_is_named_and_a_blank_is_nothing():
    made = checked("n = 30\n\n| D | κ | Agreement |\n|---|---|---|\n| a | pending | 27/30 |\n| b | – | 26/30 (86.7%) |\n")
    assert "line 5, κ: “pending” is not a figure that can be read" in made.left_out
    assert not any("27/30" in each or "–" in each.split("“")[-1] for each in made.left_out if "κ" not in each)
    assert {each.finding.printed for each in made.entries if each.finding.figure == "agreements"} == {"27/30", "26/30"}


def test_a_number_of_disagreements_in_the_text_is_held_against_the_percentage():
    text = f"n = 30\n\n{TABLE}| tone | 2.1 | 2.1 | 76.7% | .68 |\n\n"
    assert status(checked(text + "The six contested tasks of tone.\n"), IN_TEXT) == {"disagreements": CANNOT}
    assert status(checked(text + "On tone six disagreements were about length.\n"), IN_TEXT) == {"disagreements": UNCHECKED}
    assert status(checked(text + "The seven contested tasks of tone.\n"), IN_TEXT) == {"disagreements": CAN}


def test_every_figure_is_held_against_the_labels_and_told_what_follows():
    made = checked(f"n = 10\n\n{TABLE}| tone_of_voice | 1.20 | 1.30 | 85% | 0.6875 |\n", labels=labels())
    assert status(made, "table") == {"mean 1": FOLLOWS, "mean 2": DOES_NOT, "percent": CANNOT, "kappa unweighted": FOLLOWS}
    of = {each.finding.figure: each.finding for each in made.entries}
    assert of["percent"].because == (
        "85 % of 10 is impossible (9/10 = 90, 8/10 = 80); the labels (made by a program) give 80 (8 of 10)"
    )
    assert of["mean 2"].because == "the labels (made by a program) give round2_x: 1.20 (12/10)"
    assert of["mean 2"].nearest == ("1.20",)
    assert made.sentence.startswith("Of 5 figures compared with outside (labels made by a program), 3 follow, 1 does not follow")
    assert all(each["made_by"] == "a program" for each in made.as_json()["figures"])


def test_a_dimension_without_labels_has_none_behind_its_figures():
    made = checked(f"{TABLE}| mood | 1.20 | 1.30 | 80% | 0.6875 |\n", labels=labels())
    assert set(status(made).values()) == {NO_LABELS}
    assert made.can_occur, "what has no labels behind it is not shown to be wrong"


def test_the_only_dimension_needs_no_name_and_among_several_one_that_is_not_named_is_not_guessed():
    text = "| n | κ |\n|---|---|\n| 10 | 0.69 |\n"
    assert status(checked(text, labels=labels()))["kappa unweighted"] == FOLLOWS
    assert status(checked(text, labels=labels(keys=("tone", "pace"))))["kappa unweighted"] == UNCHECKED


def test_a_kappa_of_another_labelling_has_no_labels_behind_it_unless_they_give_it():
    made = checked("## tone\n\nκ = 0.69 at first. New κ = 0.8300 (pass).\n", labels=labels())
    assert [(each.finding.printed, each.finding.status) for each in made.entries] == [
        ("κ = 0.69", FOLLOWS),
        ("κ = 0.8300", NO_LABELS),
    ]
    assert "“New”" in made.entries[1].finding.because
    (again,) = checked("## tone\n\nNew κ = 0.69.\n", labels=labels()).entries
    assert again.finding.status == FOLLOWS


LIST = "## Disagreements (tone, before)\n\n| Task ID | R1 Score | R2 Score |\n|---|---|---|\n"


def test_listed_disagreements_are_looked_up_one_by_one():
    made = checked(LIST + "| u2 | 1 | 2 |\n| u5 | 1 | 2 |\n| u9 | 1 | 0 |\n| t77 | 1 | 0 |\n", labels=labels())
    assert status(made, IN_LIST) == {"u2": FOLLOWS, "u5": DOES_NOT, "u9": DOES_NOT, "t77": DOES_NOT}
    because = {each.finding.figure: each.finding.because for each in made.entries}
    assert because["t77"] == "not among the 10 labelled units"
    assert because["u9"] == "the labels have 1 and 1, an agreement"
    assert "2 disagreements on tone: u2 (1, 2) and u5 (2, 1)" in because["the list"]
    both = checked(LIST + "| u2 | 1 | 2 |\n| u5 | 2 | 1 |\n", labels=labels())
    assert status(both, THE_LIST) == {"the list": FOLLOWS}


def test_what_a_unit_was_given_is_not_told_to_someone_who_labels_it():
    made = checked(LIST + "| u2 | 1 | 2 |\n| u9 | 1 | 0 |\n", labels=labels("u2", "u9"))
    assert status(made, IN_LIST) == {"u2": UNCHECKED, "u9": UNCHECKED}
    told = " ".join(each.finding.because for each in made.entries)
    assert "1 and 1" not in told and "(1, 2)" not in told and "u5 (2, 1)" in told


def test_a_task_stands_for_its_only_draft():
    assert status(checked(LIST + "| t2 | 1 | 2 |\n", labels=labels(also={"t2": "u2"})), IN_LIST) == {"t2": FOLLOWS}


def test_a_listed_disagreement_with_the_same_label_twice_is_none():
    assert status(checked(LIST + "| u2 | 1 | 1 |\n")) == {"u2": CANNOT}


def test_a_kappa_that_is_undefined_in_the_labels_is_not_held_against_anything():
    declared = dimension()
    rows = [LabelRow(unit, who, "tone", 1) for who in ("a", "b") for unit in FIRST]
    only = ReferenceLabels(
        "x",
        "people, blind",
        ("a", "b"),
        {
            "tone": DimensionLabels(
                "tone", ("tone",), count_labels(rows, declared, ("a", "b")), labels_by_unit(rows, declared, ("a", "b"))
            )
        },
    )
    made = checked("| D | κ |\n|---|---|\n| tone | 1.00 |\n", labels=only)
    assert status(made) == {"kappa unweighted": UNCHECKED}
    assert "undefined: every label is 1" in made.entries[0].finding.because


@pytest.mark.whole_run("rows are checked one by one in the short run")
def test_many_rows_are_checked_in_good_time():
    rows = "".join(f"| d{place} | 200 | {70 + place % 30}.5% | 0.{4000 + place} |\n" for place in some(range(500)))
    made = checked("| D | n | Agreement % | κ |\n|---|---|---|---|\n" + rows, levels=Levels(4, (0, 1, 2, 3)))
    assert len(made.entries) > 2.8 * len(some(range(500)))


CELLS = st.text(alphabet="0123456789.,%/κnan-−<>=*\\ ()e", max_size=12)


@examples(150)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=4), st.booleans())
def test_no_cell_breaks_the_check(rows, with_labels):
    text = "| Dimension | n | Agreement | κ | avg r1 |\n|---|---|---|---|---|\n" + "".join(
        f"| {' | '.join(each.replace('|', '') for each in row)} |\n" for row in rows
    )
    try:
        made = checked(text, n=30, labels=labels() if with_labels else None)
    except Refused as refused:
        assert "\n" not in refused.sentence
    else:
        assert made.sentence and made.as_json()


def test_a_weighted_kappa_by_value_is_held_against_counts_by_the_values_that_are_given():
    """The table of `test_consistency`: quadratic kappa .773 by position, .537 by the values 1 2 4 8."""
    cells = "| 1 | 1 | 0 | 0 | 0 |\n| 2 | 0 | 1 | 0 | 0 |\n| 4 | 0 | 1 | 1 | 0 |\n| 8 | 0 | 0 | 1 | 0 |\n"
    table = "| | 1 | 2 | 4 | 8 |\n|---|---|---|---|---|\n" + cells
    text = "Two raters, 5 texts. Quadratic kappa is 0.537.\n\n" + table
    key = "kappa quadratic"
    assert status(checked(text), IN_TEXT)[key] == DOES_NOT
    assert status(checked(text, levels=levels_of("1,2,4,8", "value")), IN_TEXT)[key] == FOLLOWS
    assert status(checked("Weights go by the values of the levels. " + text), IN_TEXT)[key] == UNCHECKED
