"""The guide in the app: every page has a part of it, every link leads to one, and nothing is asked of another host."""

import re
from pathlib import Path

import pytest

from tests.support.page_tab import Tab
from tests.support.pages_list import PAGES
from tests.support.sample_store import ANA, CLEO
from ui.base import navigation
from ui.people import guide

PROJECT = Path(__file__).resolve().parents[2]
ANCHORS = [navigation.anchor_of(part.heading) for part in guide.parts()]


def test_every_page_but_the_guide_has_a_part_of_it():
    assert set(navigation.GUIDE) == set(navigation.FILES) - {"guide"}
    headings = {part.heading for part in guide.parts()}
    assert {heading for heading in navigation.GUIDE.values() if heading not in headings} == set()


def test_every_part_has_an_anchor_of_its_own_and_some_text():
    assert len(set(ANCHORS)) == len(ANCHORS) > 20 and all(part.text.strip() for part in guide.parts())
    assert ANCHORS[-1] == "glossary"


def test_commands_stand_between_fences_and_no_text_begins_with_an_indent():
    for part in guide.parts():
        assert part.text.count("```") % 2 == 0 and not re.search(r"^ {4}\S", part.text, re.MULTILINE), part.heading
    slices = next(part for part in guide.parts() if part.heading == "Where agreement is low")
    assert slices.text.strip().startswith("```sh\npython manage.py slices march-pilot --by difficulty\n")


def test_links_of_the_guide_lead_within_it_and_name_files_that_are_there():
    for part in guide.parts():
        for _, to in guide.LINK.findall(part.text):
            assert to.startswith("#") and to.removeprefix("#") in ANCHORS, to
        for file in re.findall(r"\(`([\w/.-]+\.md)`\)", part.text):
            assert (PROJECT / file).is_file(), file
    assert not re.search(r"https?://(?!127\.0\.0\.1)", "".join(part.text for part in guide.parts()))


def test_no_word_of_the_guide_is_taken_for_a_formula_an_emoji_or_html():
    for part in guide.parts():
        bare = re.sub(r"```.*?```|`[^`]*`|^    .*$", "", part.text, flags=re.DOTALL | re.MULTILINE)
        assert "$" not in bare and not re.search(r"(?<!\w):[a-z_+-]+:", bare) and not re.search(r"</?[a-z]", bare), part.heading


def helps(tab: Tab) -> list[str]:
    return re.findall(r'<a class="ts-help" href="/guide\?part=([\w-]+)(?:&amp;[^"]*)?"', tab.markup)


@pytest.mark.parametrize("page", [each for each in PAGES if each not in ("label", "guide")])
def test_every_page_leads_to_its_part_beside_its_heading(page, sample, monkeypatch):
    (part,) = helps(Tab(monkeypatch, sample, CLEO).open(page))
    assert part in ANCHORS


def test_the_way_to_the_guide_keeps_the_round_in_hand(sample, monkeypatch):
    assert (
        "&amp;round=Sample+round+1"
        in Tab(monkeypatch, sample, CLEO).open("gold", round="Sample round 1").markup.split("ts-help")[1]
    )


@pytest.mark.parametrize("page", ["agreement", "gold", "rounds", "slices", "compare"])
def test_a_page_with_nothing_on_it_yet_does_too(page, empty, monkeypatch):
    (part,) = helps(Tab(monkeypatch, empty, "ana").open(page))
    assert part in ANCHORS


def test_the_label_page_has_its_help_in_the_rubric(sample, monkeypatch):
    assert helps(Tab(monkeypatch, sample, ANA).open("label")) == ["labelling"]


def test_the_page_shows_the_whole_guide_and_the_glossary(cleo_at_guide):
    shown = "\n".join(each.value for each in cleo_at_guide.at.markdown)
    assert "Krippendorff's alpha" in shown and "check-store" in shown
    assert [each.proto.anchor for each in cleo_at_guide.at.header] == ANCHORS
    assert "ts-help" not in cleo_at_guide.markup


@pytest.fixture
def cleo_at_guide(sample, monkeypatch) -> Tab:
    return Tab(monkeypatch, sample, CLEO).open("guide")


def test_without_the_files_there_is_a_page_without_parts(monkeypatch, tmp_path):
    monkeypatch.setattr(guide, "DOCS", tmp_path)
    guide.parts.cache_clear()
    try:
        assert guide.parts() == ()
    finally:
        guide.parts.cache_clear()
