"""The pages Release and Spot check: normal, empty, refused."""

from contextlib import nullcontext

import pytest

from tests.support.page_tab import Tab, label_of
from tests.support.sample_store import ANA, BEN, CLEO, CLOSED, RUBRIC
from touchstone.releasing.verifying.verify import verify
from ui.base.session import stopping
from workflow.people.people import person_named
from workflow.releasing import release_folder, releases
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round


def test_a_round_is_released_from_the_page_and_its_digest_is_shown(sample, tmp_path, monkeypatch):
    monkeypatch.setattr(release_folder, "EXPORTS", tmp_path / "exports")
    tab = Tab(monkeypatch, sample, CLEO).open("release", round=CLOSED)
    tab.press("Release gold")
    assert "waiting for adjudication" in tab.refusal
    for box in tab.at.checkbox:
        if "still waiting" in box.label or "below their threshold" in box.label:
            box.check()
    tab.run().press("Release gold")
    assert tab.refusal == "" and "Sample round 1, release 1: " in tab.done and "each with the reason" in tab.done
    (listed,) = releases.all_releases(person_named(sample, CLEO), sample)
    assert listed.digest in [each.value for each in tab.at.code]
    assert verify(tmp_path / "exports" / "sample-round-1-release-1", digest=listed.digest).holds
    assert "Releases so far" in tab.text


class Screen:
    """What a long step draws, and its Stop button, as Streamlit would call it."""

    def __init__(self, monkeypatch):
        self.shown, self.said, self.press = [], [], None
        for name, taken in (
            ("empty", lambda: self),
            ("progress", self.progress),
            ("button", lambda label, key, on_click: setattr(self, "press", on_click)),
        ):
            monkeypatch.setattr(stopping.st, name, taken)
        monkeypatch.setattr(stopping.messages, "report", self.said.append)

    def container(self):
        return nullcontext()

    def progress(self, share, text):
        self.shown.append((share, text))
        return self

    def empty(self):
        self.shown.append("gone")


def test_a_step_tells_how_far_it_is_and_who_stops_it_is_told_what_became_of_it(monkeypatch):
    screen = Screen(monkeypatch)
    with pytest.raises(KeyboardInterrupt), stopping.stoppable("first", "key", "Stopped; nothing.") as tell:
        tell(0.5, "half")
        raise KeyboardInterrupt
    screen.press()
    with stopping.stoppable("first", "key", "Stopped; nothing.") as tell:
        tell(2.0, "all")
    screen.press()  # too late: it is done, though the page has not drawn that yet
    assert screen.shown == [(0.0, "first"), (0.5, "half"), "gone", (0.0, "first"), (1.0, "all"), "gone"]
    assert screen.said == ["Stopped; nothing.", "It was done before it could be stopped."]


def test_answers_are_kept_from_the_page(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("release", round=CLOSED)
    assert "15 questions open" in tab.at.expander[0].label
    tab.at.text_area(key="answer-licence").set_value("CC-BY-4.0")
    tab.press("Keep the answers")
    assert tab.refusal == "" and "14 questions open" in tab.at.expander[0].label


def test_who_labels_its_drafts_again_releases_and_checks_nothing(sample, monkeypatch):
    design = RoundDesign("again", rubric=RUBRIC, annotators=[ANA, BEN], draft_ids=("sample-01-1",))
    open_round(person_named(sample, BEN), sample, design)
    for page in ("release", "spot-check"):
        tab = Tab(monkeypatch, sample, ANA).open(page, round=CLOSED)
        assert "labels none of its drafts again" in tab.text and not tab.at.button


def test_a_spot_check_is_drawn_and_its_cells_are_checked_one_by_one(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("spot-check", round=CLOSED)
    tab.at.number_input[0].set_value(2)
    tab.press("Draw a spot check")
    assert "Cell 1 of 2" in tab.text
    tab.press("Give this level")
    assert "a check needs a level" in tab.refusal.lower()
    for _ in range(2):
        radio = tab.at.radio[0]
        radio.set_value(radio.options and 0)
        tab.press("Give this level")
    assert "Cell" not in tab.text.split("\n")[0] and "of 2 checked cells wrong" in tab.text


def test_who_labelled_is_told_that_somebody_else_checks(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, ANA).open("spot-check", round=CLOSED)
    assert "so somebody else checks it" in tab.text
    assert [label_of(each) for each in tab.at.button if "Draw" in each.label] == []
