import pytest

from tests.judging.training.gold_for_tests import gold
from tests.support.kept_stores import kept
from tests.support.small_stores import TONE
from workflow.judging.training.training import train_judge


@pytest.fixture
@kept
def lead(engine):
    """With the judge tone-v1, trained on `pilot`."""
    lead = gold(engine)
    train_judge(lead, engine, "tone", TONE, ["pilot"])
    return lead


@pytest.fixture
def enough(monkeypatch):
    """The labels of the tests' round are enough."""
    monkeypatch.setattr("touchstone.judging.training.readiness.LEAST_LABELS", 100)
