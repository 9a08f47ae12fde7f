"""Pages on the sample of support replies: another rubric, three annotators, labels missing, a nominal dimension.

Nothing in the program knows of it, so no page may speak of the domain of the first sample.
"""

import re
from collections.abc import Iterator

import pytest

from tests.support.page_tab import Tab
from tests.support.sample_store import SUPPORT, copied_sample, hasty_engine
from ui.base import task_and_draft
from ui.base.colours import SHEET

CLOSED, OPEN = (each.name for each in SUPPORT.rounds)
OF_THE_FIRST = re.compile(r"\b(?:outreach|prospects?|bench|company signals?|call to action|personali[sz]ation)\b", re.I)
# All that show something of a round; where versions are chosen, the first sample's are offered too.
PAGES = [
    "",
    "label",
    "my-labels",
    "agreement",
    "slices",
    "plan",
    "adjudicate",
    "revision",
    "gold",
    "scorer",
    "findings",
    "compare",
]


@pytest.fixture
def gil(tmp_path, monkeypatch, page_caches) -> Iterator[Tab]:
    url = copied_sample(tmp_path, SUPPORT.name)
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", url)
    with hasty_engine(url) as engine:
        yield Tab(monkeypatch, engine, SUPPORT.lead)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_and_says_nothing_of_the_other_sample(page, gil):
    tab = gil.open(page)
    assert tab.refusal == ""
    assert not re.search(r"\bnan\b|\bNone\b(?! stated)|Traceback|Error", tab.text)  # a level is called “None stated”
    assert OF_THE_FIRST.findall(tab.text) == []


def test_a_nominal_dimension_is_judged_by_nominal_alpha_and_has_no_weights(gil):
    tab = gil.open("agreement", round=CLOSED, dimension="kind_of_reply")
    assert re.search(r"Kind of reply\s+42\s+\S+ \[\S+ \S+\]\s+alpha, nominal", tab.text)
    assert "hands-over" in tab.text and "was closed early: Fay is away" in tab.text


def test_numbers_of_a_reply_are_told_with_what_they_were_read_as(gil):
    tab = gil.open("findings", draft="support-01-2", rubric=SUPPORT.rubric)
    assert "7 days for a refund here, 14 in the policy" in tab.text
    assert re.search(r"7\s+refund window\s+8\s+since", tab.text)


def test_the_scorer_leaves_out_the_dimension_without_checks(gil):
    tab = gil.open("scorer", round=CLOSED)
    assert f"Resolution: {SUPPORT.rubric} has no checks that score it" in tab.text
    assert "its levels have no order" in tab.text


def test_a_form_begins_with_the_rubric_that_is_in_use(gil):
    tab = gil.open("rounds")
    assert next(each.value for each in tab.at.selectbox if each.label == "Rubric version") == SUPPORT.rubric


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Plan: Grove, 12 seats. Charged $168 on 1 October. Next charge: 1 November.", ["Plan", "Next charge"]),
        ("AI maturity score: 2. Signal age: 38 days.", ["AI maturity score", "Signal age"]),
        # a clause before a colon is no name
        ("Yearly plans: none after 30 days. Seats can be given back at any time: each is credited.", []),
        ("Deleted records are kept 30 days: then they are gone. Plan: Nest.", []),
    ],
)
def test_names_and_values_of_a_field_are_set_out_and_prose_stays_word_for_word(field, names):
    shown = str(task_and_draft.lines_of(field))
    assert re.findall("<dt>(.*?)</dt>", shown) == names
    assert names or shown == f"<p>{field}</p>"


def test_a_draft_is_whole_on_a_page_that_sets_no_room_for_it():
    """Only a place that is as high as the window may give a draft less room than it needs; it scrolls there."""
    sheets = "".join(path.read_text(encoding="utf-8") for path in SHEET.parent.glob("*.css"))
    rules = [rule.partition("{") for rule in sheets.split("}")]
    everywhere = "".join(body for selector, _, body in rules if selector.rpartition("*/")[2].strip() == ".ts-draft")
    assert "flex: none" in everywhere and "min-height" not in everywhere and "max-height" not in everywhere
