"""What stands in a widget that is drawn, begun to be drawn again, or comes back after it was gone."""

import pytest
from streamlit.runtime.scriptrunner import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from ui.base.session import tab


class OneTab(dict):
    to_dict = dict.copy


@pytest.fixture
def values(monkeypatch):
    values = OneTab()
    monkeypatch.setattr(tab.st, "session_state", values)
    return values


def test_a_choice_made_while_a_page_is_begun_again_stands(values):
    with pytest.raises(RerunException), tab.drawing("Label"):
        tab.start_with("level", 1)
        raise RerunException(RerunData())  # the next key has come
    values["level"] = 3
    with tab.drawing("Label"):
        tab.start_with("level", 1)
    assert values["level"] == 3
    with tab.drawing("Label"):
        tab.start_with("level", 1)
    assert values["level"] == 3


@pytest.mark.parametrize("give", [tab.start_with, tab.follow])
def test_a_widget_that_comes_back_has_what_is_stored(values, give):
    with tab.drawing("New rubric"):
        give("title", "First")
    values["title"] = ""  # as Streamlit sends of one that was discarded
    with tab.drawing("New rubric"):
        pass
    with tab.drawing("New rubric"):
        give("title", "Second")
    assert values["title"] == "Second"
    with tab.drawing("Home"):
        pass
    with tab.drawing("New rubric"):
        give("title", "Third")
    assert values["title"] == "Third"
