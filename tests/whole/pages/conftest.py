"""Two people of the sample, each at a page."""

import pytest

from tests.support.page_tab import Tab
from tests.support.sample_store import ANA, CLEO


@pytest.fixture
def ana(sample, monkeypatch) -> Tab:
    return Tab(monkeypatch, sample, ANA)


@pytest.fixture
def cleo(sample, monkeypatch) -> Tab:
    return Tab(monkeypatch, sample, CLEO)
