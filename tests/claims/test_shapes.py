"""Shapes that reports have: by row, by name, in lists, as counts, under headings, and what is said of each."""

import pytest

from tests.claims.test_document import checked, dimension, labels, status
from touchstone.claims.claim import CAN, CANNOT, UNCHECKED
from touchstone.claims.document.checked import TOGETHER
from touchstone.claims.reading.parsing import Paragraph, read_document
from touchstone.claims.reading.statements import Place, levels_in, sizes_in, statements_of
from touchstone.claims.verification import DOES_NOT, FOLLOWS, DimensionLabels, ReferenceLabels
from touchstone.data.counts import count_labels, labels_by_unit
from touchstone.data.label import LabelRow
from touchstone.errors import Refused

HEAD = "| Dimension | Agreement % | Kappa |\n|---|---|---|\n"


def found(text: str, **more) -> dict[tuple[str, str], str]:
    return {(each.about, each.finding.figure): each.finding.status for each in checked(text, **more).entries}


def because(text: str, figure: str, **more) -> str:
    return next(each.finding.because for each in checked(text, **more).entries if each.finding.figure == figure)


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("**Size of the sample**: 45 mails", None),
        ("Sample size: 45 mails", 45),
        ("We randomly sampled 45.", 45),
        ("From 900 mails we drew 45, labelled by both.", 45),
        ("Of the 900 mails, 45 were labelled twice.", 45),
        ("Two people independently rated the same 45 mails.", 45),
        ("Forty mails were labelled twice.", 40),
        ("1,200 mails were labelled twice.", 1200),
        ("Items audited: 45", 45),
        ("Agreement on 45 mails", 45),
    ],
)
def test_n_is_read_in_the_usual_words(text, n):
    document = read_document(text.encode(), "x.md", [])
    stated = statements_of(document).sizes_at(Place(frozenset({1}), ()))
    assert list(stated) == ([n] if n else list(sizes_in(document.paragraphs)))


@pytest.mark.parametrize(
    "text",
    [
        "Round 2 labels were kept.",
        "6 mails per dimension",
        "in 2024 mails came",
        "They agreed on 27 mails.",
        "3 questions each were rated",
    ],
)
def test_a_number_that_only_tells_apart_or_counts_something_else_is_no_n(text):
    assert sizes_in([Paragraph(1, "", text)]) == {}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("labels are binary", 2),
        ("pass/fail", 2),
        ("labelled (0/1).", 2),
        ("yes/no/unclear", 3),
        ("a five-point scale", 5),
        ("rated from 1 to 6", 6),
        ("scores 0–3, where 0–1 is bad", 4),
        ("scores of 80–90 % of the maximum", None),
        ("scores 0-100%", None),
        ("binary, then scores 0-3", None),
        ("non-binary labels", None),
    ],
)
def test_levels_are_read_in_the_usual_words(text, number):
    assert levels_in([Paragraph(1, "", text)])[0].number == number


def test_figures_by_name_are_one_claim_each_at_its_line():
    text = "| Metric | Value |\n|---|---|\n| Items | 30 |\n| Agreements | 28 |\n| Disagreements | 3 |\n| Cohen kappa | 1.00 |\n"
    made = checked(text)
    assert found(text)["", "agreements"] == found(text)["", "disagreements"] == found(text)["", "kappa unweighted"] == CANNOT
    assert [(each.line, each.finding.figure) for each in made.entries][:3] == [(3, "n"), (4, "agreements"), (5, "disagreements")]
    assert "28 agreements and 3 disagreements add up to 31" in because(text, "agreements")


def test_a_column_of_values_for_every_dimension_is_a_claim_for_each():
    text = "| Metric | tone | pace |\n|---|---|---|\n| n | 30 | 20 |\n| Agreement % | 90.0 | 88.0 |\n"
    assert (found(text)["tone", "percent"], found(text)["pace", "percent"]) == (CAN, CANNOT)


def test_agreements_and_disagreements_are_n_where_nothing_else_is():
    text = "30 tasks.\n\n| D | Agree | Disagree | Percent |\n|---|---|---|---|\n| a | 19 | 1 | 95.0% |\n| b | 18 | 2 | 93.3% |\n"
    assert (found(text)["a", "percent"], found(text)["b", "percent"]) == (CAN, CANNOT)


@pytest.mark.parametrize("cell", ["about 20", "20ish?", "twenty-odd"])
def test_a_row_whose_n_cannot_be_read_is_not_checked_and_says_so(cell):
    text = f"30 tasks labelled twice.\n\n| D | N tasks labeled | Agreement % |\n|---|---|---|\n| a | {cell} | 85% |\n"
    assert found(text)["a", "percent"] == found(text, n=30)["a", "percent"] == UNCHECKED
    assert f"“{cell}”, could not be read" in because(text, "percent")


def test_a_column_of_whole_numbers_that_is_not_known_leaves_its_rows_unchecked():
    text = "30 tasks labelled twice.\n\n| D | Doubly seen | Agreement % |\n|---|---|---|\n| a | 20 | 85% |\n"
    assert found(text, n=30)["a", "percent"] == UNCHECKED
    assert "the column Doubly seen could not be read, and may hold the row's n" in because(text, "percent")
    assert found(text.replace("Doubly seen", "Weight"))["a", "percent"] == CANNOT, "a weight is no n"


def test_rows_that_are_parts_of_the_units_do_not_have_the_n_of_all():
    text = "30 tasks labelled twice.\n\n| Split | Agreement % |\n|---|---|\n| train | 85% |\n| dev | 90% |\n"
    assert set(found(text, n=30).values()) == {UNCHECKED}
    assert found(text.replace("Split", "Dimension"))["train", "percent"] == CANNOT


def test_pass_counts_of_each_round_are_marginals():
    head = "30 tasks.\n\n| D | Round 1 pass | Round 2 pass | Exact match | Kappa |\n|---|---|---|---|---|\n"
    assert CANNOT not in found(head + "| a | 20 | 21 | 27/30 | 0.77 |\n").values()
    assert found(head + "| a | 20 | 22 | 27/30 | |\n")["a", "together"] == CANNOT, "27 of 30 move the counts by 1 or 3"
    assert found(head + "| a | 20 | 21 | 27/30 | 0.85 |\n")["a", "together"] == CANNOT
    all_pass = found(head + "| a | 30 | 30 | 30/30 | 1.00 |\n")
    assert all_pass["a", "kappa unweighted"] == UNCHECKED and CANNOT not in all_pass.values()
    assert "kappa is undefined" in because(head + "| a | 30 | 30 | 30/30 | 1.00 |\n", "kappa unweighted")


def test_columns_of_several_pairs_are_claims_of_their_own():
    text = (
        "Three raters labelled 30 tasks.\n\n"
        "| D | R1 vs R2 agreement % | R1 vs R2 kappa | R1 vs R3 agreement % | R1 vs R3 kappa |\n"
        "|---|---|---|---|---|\n| a | 90.0% | 0.80 | 85.0% | 0.70 |\n"
    )
    assert found(text)["a, R1 vs R2", "percent"] == CAN
    assert found(text)["a, R1 vs R3", "percent"] == CANNOT


def test_a_list_under_words_that_name_its_figure_is_a_table():
    text = (
        "30 tasks were labelled twice.\n\nAgreement by dimension:\n\n"
        "1. `tone`: `85.00%`\n2. `pace`: `90.00%`\n\nLater: `tone`: 27/30 agree.\n"
    )
    made = checked(text)
    assert (found(text)["tone", "percent"], found(text)["pace", "percent"]) == (CANNOT, CAN)
    assert "tone has several values of agreement: 85.00 % (line 5) and 27/30 (line 8)" in made.notes
    assert checked("κ by dimension (30 tasks labelled twice):\n\n- tone: 1.20\n- pace: 0.90\n").having(CANNOT)


def test_ranges_and_what_they_are_called_are_no_figures():
    text = (
        "κ = 0.7\n\n| Kappa | Reading |\n|---|---|\n| 0.61–0.80 | good |\n| > 0.80 | very good |\n\n"
        "- κ of 0.61 to 0.80: substantial\n"
    )
    made = checked(text)
    assert [each.finding.printed for each in made.entries] == ["κ = 0.7"]
    assert any("ranges and what they are called" in each for each in made.left_out)


COUNTS = (
    "Labelled 30 tasks twice.\n\n"
    "| | B yes | B no | Total |\n|---|---|---|---|\n| A yes | 12 | 3 | 15 |\n| A no | 2 | 13 | 15 |\n\n"
)


def test_figures_beside_a_table_of_counts_follow_from_it_or_do_not():
    made = found(COUNTS + "Agreement: 26 / 30 = 86.7%.\n\nThe kappa is 0.67.\n")
    assert (made["", "percent"], made["", "agreements"], made["", "kappa unweighted"]) == (DOES_NOT, DOES_NOT, FOLLOWS)
    made = checked(COUNTS + "The kappa is 0.66.\n")
    assert "the counts on line 3 give 0.67; 0.6667 has its digits cut off here, not rounded" in made.entries[1].finding.because
    assert not made.can_occur and "does not follow from the counts" in made.sentence


def test_counts_whose_totals_are_wrong_are_impossible_and_those_of_one_level_have_no_kappa():
    assert found(COUNTS.replace("| 12 | 3 | 15 |", "| 12 | 3 | 16 |"))["", "counts"] == CANNOT
    one = "| | B yes | B no |\n|---|---|---|\n| A yes | 30 | 0 |\n| A no | 0 | 0 |\n\nκ = 1.00\n"
    assert found(one)["", "kappa unweighted"] == UNCHECKED
    assert "every label is at one level" in because(one, "kappa unweighted")


def test_counts_of_another_n_or_of_two_tables_are_not_held_against_a_figure():
    assert DOES_NOT not in found(COUNTS + "On 50 other tasks, labelled twice, agreement was 84.0 %.\n").values()
    twice = COUNTS + COUNTS.replace("12 | 3", "13 | 2").replace("Labelled 30 tasks twice.\n\n", "")
    assert DOES_NOT not in found(twice + "The kappa is 0.80.\n").values()


def test_runs_have_the_n_of_their_own_heading():
    text = (
        "# Study\n\n## Run 1 (n = 30)\n\nAgreement: 90.0 %\n\n## Run 2 (n = 20)\n\nAgreement: 90.0 %\n\n"
        "## Run 3 (n = 25)\n\nAgreement: 90.0 %\n"
    )
    assert [each.finding.status for each in checked(text).entries] == [CAN, CAN, CANNOT]


def test_the_n_given_is_for_what_has_none_and_is_not_held_against_what_the_file_says():
    text = "20 tasks were labelled twice.\n\n" + HEAD + "| a | 85.0% | |\n"
    assert found(text)["a", "percent"] == CAN
    assert found(text, n=30)["a", "percent"] == UNCHECKED
    assert "possible of 20, which the file gives as well (line 1" in because(text, "percent", n=30)
    assert found(HEAD + "| a | 85.0% | |\n", n=30)["a", "percent"] == CANNOT


def test_one_word_does_not_silence_a_file_and_two_annotators_nearby_count_more_than_three_elsewhere():
    text = "Pairwise comparisons, by two annotators, of 30 pairs.\n\n" + HEAD + "| a | 85.0% | |\n"
    assert found(text)["a", "percent"] == CANNOT
    text = "# A\n\nThree students wrote the tasks.\n\n## B\n\nTwo annotators labelled 30 tasks; agreement was 85.0 %.\n"
    assert CANNOT in found(text).values()


def test_digits_cut_off_are_told_of_kappas_and_means_as_of_percentages():
    text = "6 items, labelled twice, binary.\n\n" + HEAD + "| a | 83.3% | 0.66 |\n"
    assert "0.6667 has its digits cut off here, not rounded" in because(text, "together")
    text = (
        "30 tasks labelled twice, scores 0-3.\n\n"
        "| D | R1 mean | R2 mean | Agreement % |\n|---|---|---|---|\n| a | 2.06 | 2.10 | 90.0% |\n"
    )
    assert "62/30 has its digits cut off here, not rounded" in because(text, "mean 1")
    made = checked("| D | κ |\n|---|---|\n| tone | 0.68 |\n", labels=labels())
    assert status(made) == {"kappa unweighted": DOES_NOT} and "digits cut off" in made.entries[0].finding.because


def test_a_kappa_without_a_name_is_undefined_where_all_labels_are_one_level():
    made = {}
    for key in ("tone", "pace"):
        declared = dimension(key)
        rows = [LabelRow(str(unit), who, key, 1) for who in ("a", "b") for unit in range(5)]
        counts, units = count_labels(rows, declared, ("a", "b")), labels_by_unit(rows, declared, ("a", "b"))
        made[key] = DimensionLabels(key, (key,), counts, units)
    one_level = ReferenceLabels("x", "people, blind", ("a", "b"), made)
    text = "We labelled 5 tasks twice. Kappa is 1.0000 (100% raw agreement).\n"
    assert "undefined: every label is 1" in because(text, "kappa unweighted", labels=one_level)
    assert "names no dimension" in because(text, "kappa unweighted", labels=labels(keys=("tone", "pace")))


def test_a_program_is_not_held_against_the_labels_of_people():
    text = "## tone\n\nThe scorer agrees with people on 6 of 10 drafts.\n"
    assert found(text, labels=labels())["tone", "agreements"] == UNCHECKED


@pytest.mark.parametrize("text", ["# a\n" * 12_000, "κ = 0.8\n\n" * 12_000, "- κ = 0.8\n" * 12_000])
def test_a_text_of_extreme_length_is_refused_with_its_bound(text):
    with pytest.raises(Refused) as refused:
        checked(text)
    assert "at most 10,000 paragraphs" in str(refused.value.problems[0])


@pytest.mark.parametrize("piece", ["30 tasks ", "scored 3 ", "three ", "1/2 ", "0.8 to ", "90 % of the ", "yes/"])
def test_no_repetition_makes_a_sentence_slow(piece):
    with pytest.raises(Refused):
        checked(piece * (15_000 // len(piece)))


def test_a_number_of_ten_thousand_digits_is_no_figure():
    long = "9" * 10_000
    with pytest.raises(Refused):
        checked(f"n = {long}. Agreement was {long} %. κ = 0.{long}.\n\n{HEAD}| a | {long}% | 0.{long} |\n")


def test_every_figure_that_is_not_checked_says_why():
    text = "Three experts labelled 30 tasks.\n\n" + HEAD + "| a | 85.0% | 0.71 |\n"
    assert found(text)["a", "percent"] == UNCHECKED and ("a", TOGETHER) not in found(text)
    assert "“Three experts”" in because(text, "percent")
