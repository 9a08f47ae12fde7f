"""One claim: which figures can occur, which cannot, and what could instead."""

import doctest
import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.properties import examples
from touchstone.claims import typed_claim
from touchstone.claims.claim import CAN, CANNOT, UNCHECKED, UNDECIDED, Claim
from touchstone.claims.consistency import check
from touchstone.claims.typed_claim import check_claim, claim_of, how_read, levels_of
from touchstone.claims.weighted_kappa import kappa_of_table, some_table_has
from touchstone.errors import Refused


def said(n=30, **figures):
    return check(claim_of(n, **figures))


def status(checked) -> dict[str, str]:
    return {each.figure: each.status for each in checked.everything}


def test_a_percentage_no_number_of_units_makes_is_told_with_the_two_nearest():
    made = said(percent="89.3")
    assert made.sentence == "89.3 % of 30 is impossible (27/30 = 90.0, 26/30 = 86.7)."
    assert made.findings[0].nearest == ("90.0", "86.7")
    assert made.can_occur is False and made.together is None


@pytest.mark.parametrize("n", [*range(1, 41), 97])
def test_every_share_of_n_printed_at_any_digits_can_occur(n):
    for k in range(n + 1):
        for digits in (0, 1, 2):
            assert said(n, percent=f"{100 * k / n:.{digits}f} %").can_occur is True


def test_a_percentage_is_impossible_exactly_where_no_share_rounds_to_it():
    for n in (7, 30, 113):
        shares = [Fraction(100 * k, n) for k in range(n + 1)]
        for tenth in range(0, 1001):
            fits = any(abs(share - Fraction(tenth, 10)) <= Fraction(1, 20) for share in shares)
            assert said(n, percent=f"{tenth / 10:.1f}%").can_occur is fits


def test_digits_cut_off_are_named_as_that():
    assert "20/30 has its digits cut off here, not rounded" in said(percent="66.6").sentence


def test_kappa_and_percent_that_no_table_has_are_told_with_the_nearest_of_both():
    made = said(percent="83.3", kappa="0.7895", levels="4")
    assert status(made) == {"percent": CAN, "kappa unweighted": CAN, "together": CANNOT}
    assert made.sentence == (
        "83.3 % of 30 and kappa 0.7895 are impossible together with 4 levels: the nearest kappa there is "
        "0.7817; kappa 0.7895 can go with 86.7 (26/30)."
    )


def test_more_levels_allow_more():
    assert said(percent="83.3", kappa="0.79", levels="4").can_occur is False
    assert said(percent="83.3", kappa="0.79", levels="6").can_occur is True
    assert said(percent="83.3", kappa="0.79").can_occur is True


def test_a_kappa_that_no_whole_number_gives_is_impossible_with_any_number_of_levels():
    """(750 - S) / (900 - S) is .7893 at S = 188 and .7896 at 187: never .7895 to four digits."""
    assert said(percent="83.3", kappa="0.7895").can_occur is False
    assert said(percent="83.3", kappa="0.7896").can_occur is not False


def test_the_example_told_with_a_possible_claim_has_its_figures():
    made = said(percent="90.0", kappa=".8529", levels="0,1,2,3", means=["2.10", "2.00"])
    assert made.can_occur is True
    assert "e.g. counts" in made.together.because


def test_means_too_far_apart_for_the_disagreements_cannot_occur():
    made = said(percent="90.0", levels="0,1,2,3", means=["2.17", "1.13"])
    assert made.sentence == "90.0 % of 30 and the means are impossible together with levels 0 to 3."


def test_three_figures_that_go_in_pairs_need_not_go_together():
    """65 and 64 of 30 labels with 27 agreements: every way to lay out diagonal and disagreements, one by one."""
    made = said(percent="90.0", kappa="0.8529", levels="0,1,2,3", means=["2.17", "2.13"])
    assert made.can_occur is False
    assert made.together.nearest == ("0.8505",)
    cells = [(i, j) for i in range(4) for j in range(4) if i != j]
    found = set()
    for off in itertools.combinations_with_replacement(cells, 3):
        for a in itertools.product(range(28), repeat=3):
            if sum(a) > 27 or sum(i * x for i, x in enumerate(a)) + 3 * (27 - sum(a)) + sum(i for i, _ in off) != 65:
                continue
            diagonal = (*a, 27 - sum(a))
            if sum(i * x for i, x in enumerate(diagonal)) + sum(j for _, j in off) != 64:
                continue
            r = [x + sum(i == level for i, _ in off) for level, x in enumerate(diagonal)]
            c = [x + sum(j == level for _, j in off) for level, x in enumerate(diagonal)]
            chance = sum(x * y for x, y in zip(r, c, strict=True))
            found.add(Fraction(810 - chance, 900 - chance))
    assert max(found) < Fraction("0.85285")
    assert round(float(max(found)), 4) == 0.8505


def test_a_mean_is_a_sum_of_levels():
    made = said(means=["2.08"], levels="0,1,2,3")
    assert made.sentence == "a mean of 2.08 of 30 labels is impossible (63/30 = 2.10, 62/30 = 2.07) with levels 0 to 3."
    assert said(means=["3.01"], levels="0-3").can_occur is False
    assert said(means=["3.00"], levels="0-3").can_occur is True
    assert said(means=["2.07"]).can_occur is True


@pytest.mark.parametrize("values", ["0,2,4", "1,5", "0,3,4", "-1,0,1"])
def test_a_mean_of_levels_that_are_not_evenly_spaced_is_checked_sum_by_sum(values):
    numbers = [int(each) for each in values.split(",")]
    sums = {sum(each) for each in itertools.combinations_with_replacement(numbers, 6)}
    for total in range(-8, 30):
        text = f"{total / 6:.4f}"
        assert (said(6, means=[text], levels=values).can_occur is True) == (total in sums), total


def test_sums_counts_and_marginals_are_held_against_n_and_each_other():
    assert said(sums=[62], means=["2.07"], levels="0-3").can_occur is True
    assert said(sums=[62], means=["2.10"]).sentence == "a sum of 62 over 30 labels is a mean of 2.07, not 2.10."
    assert said(counts=["7,8,9,7"]).sentence == "the counts 7 8 9 7 add up to 31, and there are 30 units."
    assert said(counts=["10,10,10", "10,10,10"], percent="96.7").can_occur is False, "one disagreement changes the margins"
    assert said(counts=["10,10,10", "10,11,9"], percent="96.7", kappa="0.95").can_occur is True
    assert said(marginals=[".333,.333,.333"], percent="90").can_occur is True
    assert said(marginals=[".33,.33,.30"]).can_occur is False


def test_disagreements_are_the_other_side_of_the_percentage():
    assert said(percent="76.7", disagreements=7).can_occur is True
    made = said(percent="76.7", disagreements=6)
    assert made.sentence == (
        "6 disagreements of 30 leave 24 in agreement, which is 80.0 and not 76.7 %; 76.7 % has 7 disagreements."
    )
    assert said(disagreements=31).can_occur is False


def test_full_agreement_leaves_one_kappa_and_says_when_there_is_none():
    assert said(percent="100", kappa="1.00", levels="2").can_occur is True
    made = said(percent="100", kappa="0.00", levels="2")
    assert made.can_occur is False and "kappa is undefined" in made.sentence


@pytest.mark.parametrize("kappa", ["1.01", "-1.2", "8567"])
def test_a_kappa_outside_of_its_range_is_impossible(kappa):
    assert said(kappa=kappa).can_occur is False


def test_a_claim_between_the_bounds_that_cannot_be_tried_is_never_called_impossible():
    made = said(5000, percent="90", kappa=".8660", levels="40")
    assert made.can_occur in (True, None)
    assert status(made)["together"] in (CAN, UNDECIDED)


def test_weighted_kappas_are_tried_where_the_tables_are_few_and_else_said_not_to_be():
    assert status(said(6, percent="66.7", quadratic=".50", levels="3"))["together"] in (CAN, CANNOT)
    made = said(percent="90", quadratic=".945", levels="4")
    assert status(made)["together"] == UNCHECKED and made.can_occur is True
    assert "too many tables" in made.together.because
    two = said(percent="90", kappa=".80", quadratic=".60", levels="2")
    assert two.can_occur is False and "two levels" in two.sentence


@examples(60)
@given(st.lists(st.integers(0, 8), min_size=5, max_size=5))
def test_the_weighted_kappas_of_a_real_table_are_found(cells):
    from statsmodels.stats.inter_rater import cohens_kappa

    table = [[sum(cell == 3 * i + j for cell in cells) for j in range(3)] for i in range(3)]
    if any(sum(row) == 5 for row in table) or any(sum(column) == 5 for column in zip(*table, strict=True)):
        return
    k = sum(table[i][i] for i in range(3))
    for kind in ("linear", "quadratic"):
        value = cohens_kappa(table, weights=[0, 1, 2], wt=kind, return_results=False)
        claim = claim_of(5, **{kind: f"{value:.3f}"})
        assert some_table_has(5, 3, range(k, k + 1), claim.kappas)


@pytest.mark.parametrize(
    ("figures", "way_out"),
    [
        ({"n": None, "percent": "90"}, "how many units"),
        ({"n": 0, "percent": "90"}, "1 to"),
        ({"n": -5, "percent": "90"}, "1 to"),
        ({"n": 10**10, "percent": "90"}, "1,000,000,000"),
        ({"n": 30}, "give percent agreement"),
        ({"n": 30, "percent": "1e308"}, "as printed"),
        ({"n": 30, "kappa": "nan"}, "as printed"),
        ({"n": 30, "percent": "90", "levels": "1"}, "2 to"),
        ({"n": 30, "percent": "90", "levels": "0,0,1"}, "each once"),
        ({"n": 30, "counts": ["a,b"]}, "one per level"),
        ({"n": 30, "counts": ["1,2"], "levels": "4"}, "one count per level"),
        ({"n": 30, "means": ["1", "2", "3"]}, "two at most"),
        ({"n": 30, "percent": "90", "disagreements": -1}, "0 or more"),
        ({"n": 30, "percent": "90", "levels": "9" * 40}, "2 to"),
        ({"n": 3, "counts": ["1,2"], "marginals": [".5,.5"]}, "one of them"),
    ],
)
def test_a_claim_that_cannot_be_asked_is_refused_with_the_way_out(figures, way_out):
    with pytest.raises(Refused) as refused:
        check(claim_of(**figures))
    assert way_out in refused.value.sentence and "\n" not in refused.value.sentence


def test_a_share_is_told_to_be_read_as_one():
    assert "read as a share" in how_read(claim_of(30, percent=".9"))
    assert how_read(claim_of(30, percent="90")) == ""


def test_levels_are_a_number_a_range_or_a_list():
    assert (levels_of("4").number, levels_of("4").values) == (4, None)
    assert levels_of("0-3").values == levels_of("0,1,2,3").values == (0, 1, 2, 3)
    assert (levels_of("pass,fail").number, levels_of("pass,fail").values) == (2, None)
    assert levels_of(" ") is None


def test_a_claim_of_a_single_unit_and_of_two_levels_is_answered():
    for n, text in itertools.product((1, 2, 3), ("-1.00", "0.00", "0.50", "1.00")):
        assert check(claim_of(n, kappa=text, levels="2")).can_occur in (True, False, None)
    assert isinstance(check(Claim(1)).sentence, str)


def test_the_library_s_call_gives_what_the_command_prints():
    found = check_claim(n=30, percent="89.3", levels=4).as_json()
    assert (found["possible"], found["can_occur"], found["n"]) == (False, False, 30)
    assert found["figures"] == [
        {
            "figure": "percent",
            "printed": "89.3 %",
            "status": CANNOT,
            "because": "89.3 % of 30 is impossible (27/30 = 90.0, 26/30 = 86.7)",
            "nearest": ["90.0", "86.7"],
        }
    ]
    assert check_claim(30, percent=".9").read_as == how_read(claim_of(30, percent=".9")) != ""


def test_a_figure_that_is_no_text_is_a_programmer_s_mistake_since_digits_count():
    with pytest.raises(TypeError, match='percent is the text as printed, since its digits count: "89.3"'):
        check_claim(n=30, percent=89.3)
    with pytest.raises(Refused, match="no figure to check"):
        check_claim(n=30)


def test_the_examples_in_the_library_s_docstring_are_true():
    assert doctest.testmod(typed_claim) == doctest.TestResults(failed=0, attempted=5)


def test_weights_by_value_are_those_of_a_rubric():
    """Five units at 1 2 4 4 8, of which the second judge gives one 4 a 2 and the 8 a 4: distances 2 and 4, so the squares add up
    to 20; of 25 pairs of an own and another's label, squared distances of 1 2 4 4 8 to 1 2 2 4 4 add up to
    (0+1+1+9+9) + (1+0+0+4+4) + 2 (9+4+4+0+0) + (49+36+36+16+16) = 216. Kappa is 1 - 5 * 20 / 216 = .537; by position the squares
    are 1 and 1, and of pairs (0+1+1+4+4) + (1+0+0+1+1) + 2 (4+1+1+0+0) + (9+4+4+1+1) = 44: 1 - 5 * 2 / 44 = .773."""
    by_value = check_claim(n=5, quadratic="0.537", percent="60.0", levels="1,2,4,8", by="value")
    assert kappa_of_table([[1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 0]], 2, (1, 2, 4, 8)) == 1 - Fraction(100, 216)
    assert kappa_of_table([[1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 0]], 2) == 1 - Fraction(10, 44)
    assert by_value.can_occur is True and by_value.levels.in_words == "levels 1, 2, 4, 8, weights by value"
    assert by_value.as_json()["levels"]["by"] == "value"
    for levels, by, said in (("4", "value", "need the numbers of the levels"), ("0-3", "rank", "by position or value, not by")):
        with pytest.raises(Refused, match=said):
            check_claim(n=5, quadratic="0.5", levels=levels, by=by)
