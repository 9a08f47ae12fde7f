"""Two annotators of a report that leaves its pairs out, and of one that has them."""

import pytest

from tests.comparison.test_sources import bring
from tests.support.kept_stores import kept
from tests.support.small_stores import TONE, label_all, opened, people, stock
from touchstone.agreement.coefficient import KAPPA
from workflow.agreement.reports import agreement_of_rounds, agreement_of_set, pair_of_report
from workflow.importing.label_files import File
from workflow.rounds.closing import close_round

NAMES = [f"rater{number:02}" for number in range(21)]


def level(draft: int, rater: int) -> int:
    return (draft + (rater % 3 == 0)) % 3


FILES = [
    File(f"{name}.csv", f"task_id,{TONE}\n".encode() + b"".join(f"u{d},{level(d, number)}\n".encode() for d in (1, 2, 3)))
    for number, name in enumerate(NAMES)
]


@pytest.fixture
@kept
def lead(engine):
    """A round of three drafts that 21 people labelled, and a label set of the same."""
    lead, *raters = people(engine, "lead", *NAMES)
    stock(engine, lead, 3)
    opened(engine, lead, annotators=NAMES)
    for number, person in enumerate(raters):
        label_all(engine, person, {f"d0{draft}": (level(draft, number), 1) for draft in (1, 2, 3)})
    close_round(lead, engine, "pilot")
    bring(engine, lead, *FILES, name="outside", made_by="model")
    return lead


def test_two_annotators_of_many_have_the_figures_that_their_labels_give(engine, lead):
    """Three drafts, one on each of the levels 0 to 2 by everyone, so chance is 1/3. The first rater's are one further throughout:
    none agrees with the second's, (0 - 1/3) / (1 - 1/3) = -1/2. The second's and the third's are the same."""
    for report in (
        agreement_of_rounds(lead, engine, ["pilot"], opinion=False),
        agreement_of_set(lead, engine, "outside", opinion=False),
    ):
        assert report.dimensions[TONE].pairs == () and report.dimensions[TONE].pairs_left_out == 210
        apart, same = (pair_of_report(lead, engine, report, TONE, *two) for two in (NAMES[:2], NAMES[1:3]))
        assert (apart.a, apart.b, apart.n) == ("rater00", "rater01", 3)
        assert apart.table == ((0, 0, 1, 0), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 0))
        assert apart.figures[KAPPA].value == pytest.approx(-0.5) and same.figures[KAPPA].value == 1


def test_a_report_with_pairs_gives_its_own(engine, lead):
    bring(engine, lead, *FILES[:2], name="two", made_by="model")
    report = agreement_of_set(lead, engine, "two", opinion=False)
    assert pair_of_report(lead, engine, report, TONE, "rater01", "rater00") is report.dimensions[TONE].pairs[0]
    assert pair_of_report(lead, engine, report, TONE, "rater00", "rater05") is None
