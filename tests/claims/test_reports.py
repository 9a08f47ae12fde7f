"""Reports in the words of READMEs, papers and model cards: nothing honest is called impossible, and nothing impossible passes."""

import pytest

from tests.claims.honest_reports import honest_reports
from tests.claims.impossible_reports import impossible_reports
from tests.support.short_run import some
from touchstone.claims.claim import CANNOT
from touchstone.claims.document.checking import check_file
from touchstone.claims.verification import DOES_NOT
from touchstone.errors import Refused

HONEST, IMPOSSIBLE = honest_reports(), impossible_reports()


def alarms(text: str, n: int | None = None) -> list[str]:
    """What is said of every figure that is called impossible."""
    try:
        made = check_file(text.encode(), "report.md", n=n)
    except Refused:
        return []
    return [each.finding.because for each in made.entries if each.finding.status in (CANNOT, DOES_NOT)]


def test_there_are_sixty_of_each():
    assert len(HONEST) >= 60 and len(IMPOSSIBLE) >= 60


@pytest.mark.parametrize(("text", "n"), some(HONEST), ids=lambda given: str(given)[:60])
def test_nothing_honest_is_called_impossible_with_or_without_n(text, n):
    assert alarms(text) == []
    assert alarms(text, n) == []


@pytest.mark.parametrize("text", some(IMPOSSIBLE), ids=lambda text: text[:60])
def test_what_is_impossible_is_caught(text):
    assert alarms(text)
