"""What the server loads before the first person asks for it, and that nobody waits for it."""

import logging
import threading
import time

import pytest

from tests.support.app_server import AppServer
from tests.support.browsing import PROJECT
from touchstone.errors import Refused
from ui.base.navigation import PAGES
from ui.base.session import measures
from web.warming import steps as warming
from web.warming import warm_up
from web.warming.warm_up import SETTING, WarmUp, is_wanted
from workflow.bounded_cache import BoundedCache

LONG = 30  # seconds: never waited for but by a test that fails


def noted(names, taken, step=lambda: None):
    return [(name, lambda name=name: (taken.append(name), step())) for name in names]


def test_the_imports_of_every_page_are_among_the_steps_home_first():
    names = [name for name, _ in warming.steps()]
    for file, *_ in PAGES:
        assert any(name.startswith(f"{file}: ") for name in names), file
    assert names[0].startswith("people/home: ") and names.count("rubrics") == 1
    assert len(set(names)) == len(names) and set(warming.COMPUTING) <= set(names)


def test_a_page_that_is_added_is_loaded_without_being_named(tmp_path, monkeypatch):
    (tmp_path / "new").mkdir()
    source = "from colorsys import rgb_to_hsv\n\nraise SystemExit(rgb_to_hsv)\n"
    (tmp_path / "new" / "page.py").write_text(source)
    monkeypatch.setattr(warming, "FOLDER", tmp_path)
    ((name, step),) = warming._imports("new/page")
    assert name == "new/page: from colorsys import rgb_to_hsv"
    step()  # the import alone: what the page does is not done


def test_a_library_of_an_extra_that_is_not_installed_is_no_fault():
    warming._importing("nothing_of_that_name.at_all")()


def test_a_step_that_fails_is_logged_and_the_next_is_taken(caplog):
    taken: list[str] = []

    def wrong():
        raise ImportError("gone")

    with caplog.at_level(logging.INFO, "touchstone"):
        loading = WarmUp([*noted(["first"], taken), ("wrong", wrong), *noted(["last"], taken)])
        loading.begin()
        assert loading.wait(LONG)
    assert taken == ["first", "last"]
    assert "could not be loaded ahead: wrong" in caplog.text and "loaded ahead in" in caplog.text


def test_no_step_is_taken_while_a_page_is_drawn():
    taken, done = [], threading.Event()
    loading = WarmUp(noted(["only"], taken, done.set))
    with measures.drawing("home", 0.0):
        assert measures.being_drawn() == 1
        loading.begin()
        assert not done.wait(0.1) and taken == []
    assert loading.wait(LONG) and taken == ["only"] and measures.being_drawn() == 0


def test_a_page_that_is_drawn_without_end_does_not_hold_it_for_good(monkeypatch):
    monkeypatch.setattr(warm_up, "ASIDE", 0.05)
    taken: list[str] = []
    with measures.drawing("home", 0.0):
        loading = WarmUp(noted(["only"], taken))
        loading.begin()
        assert loading.wait(LONG) and taken == ["only"]


def test_the_end_of_the_server_waits_for_no_further_step(monkeypatch):
    monkeypatch.setattr(warm_up, "LAST", 0.05)
    taken, begun, go_on = [], threading.Event(), threading.Event()

    def long():
        begun.set()
        go_on.wait(LONG)

    loading = WarmUp([("long", long), *noted(["next"], taken)])
    assert loading._thread.daemon, "it keeps no process from ending"
    loading.begin()
    assert begun.wait(LONG)
    loading.end()  # comes back although the step goes on
    go_on.set()
    assert loading.wait(LONG) and taken == []


def test_an_end_before_any_beginning_is_none():
    WarmUp([]).end()


@pytest.mark.parametrize(("said", "wanted"), [("", True), ("on", True), ("OFF", False)])
def test_the_setting_turns_it_off(said, wanted, monkeypatch):
    monkeypatch.setenv(SETTING, said)
    assert is_wanted() == wanted


def test_another_setting_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.setenv(SETTING, "later")
    with pytest.raises(Refused, match="TOUCHSTONE_WARM_UP is later: set it to on or off, or leave it out, which is on"):
        is_wanted()


def test_everything_loads_without_a_fault(sample_url, page_caches, caplog):
    with caplog.at_level(logging.INFO, "touchstone"):
        loading = WarmUp()
        loading.begin()
        assert loading.wait(4 * LONG)
    assert "could not be loaded" not in caplog.text and "loaded ahead in" in caplog.text


def test_a_server_that_is_told_to_end_while_it_loads_ends(sample_url, tmp_path):
    app = AppServer(PROJECT, sample_url, tmp_path / "app.log")
    app.environment[SETTING] = "on"
    app.start()
    app.process.terminate()
    for _ in range(10 * LONG):
        if app.process.poll() is not None:
            break
        time.sleep(0.1)
    assert app.process.poll() is not None
    assert "Traceback" not in app.log.read_text()


def test_what_is_kept_is_given_while_another_value_is_made():
    cache: BoundedCache[int] = BoundedCache(2)
    cache.get("there", lambda: 1)
    begun, go_on = threading.Event(), threading.Event()

    def slowly():
        begun.set()
        assert go_on.wait(LONG)
        return 2

    making = threading.Thread(target=cache.get, args=("slow", slowly))
    making.start()
    assert begun.wait(LONG)
    assert cache.get("there", lambda: 0) == 1, "not waited for"
    go_on.set()
    making.join(LONG)
    assert cache.get("slow", lambda: 0) == 2
    cache.get("third", lambda: 3)
    assert cache.get("there", lambda: 4) == 4, "of three the one asked for longest ago went"
