"""The Effect page without a browser: where things stand, the moves, one draft with both spans, what is not opened."""

import re

from markupsafe import escape

from tests.support.page_tab import HOSTILE, Tab
from tests.support.sample_store import ANA, CLEO, CLOSED
from tests.support.small_stores import draft, jsonl, task
from touchstone.agreement.coefficient import KAPPA
from touchstone.agreement.figure import undefined
from touchstone.comparison.two_rounds import Change
from ui.scorer import effect as changing
from workflow.data.task_import import import_drafts, import_tasks
from workflow.people.people import add_person, person_named
from workflow.rounds import closing, opening
from workflow.rounds.design import RoundDesign
from workflow.rubric import rubrics
from workflow.rubric.next_version import keep_file
from workflow.rubric.unfinished_version import unfinished
from workflow.rubric.versions import publish
from workflow.scorer import drafts_to_score
from workflow.scorer.comparable_versions import UNFINISHED
from workflow.scorer.effect_report import WithGold


def box(tab, label):
    return next(each for each in tab.at.selectbox if each.label == label)


def test_the_newest_version_is_set_beside_the_one_in_use_and_what_moves_comes_first(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("effect")
    assert tab.title.startswith("What tenacious-v3 would change")
    assert re.search(r"\d+ of 30 drafts get another level under tenacious-v3: Personalization \(\d+\)\.", tab.text)
    assert [box(tab, each).value for each in ("Before", "After", "Gold of the round")] == ["tenacious-v1", "tenacious-v3", CLOSED]
    assert "drafts of open rounds are left out until they are closed" in tab.text
    assert re.search(r"[.\d]+ \[[^]]+\] → [.\d]+ \[", tab.text), "kappa before and after"
    assert tab.at.get("plotly_chart")


def test_a_draft_that_moved_is_drawn_with_what_counts_no_longer_and_what_counts_now(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("effect", before="tenacious-v1", after="tenacious-v2")
    assert 'class="ts-gone' in tab.markup or 'class="ts-new' in tab.markup
    assert "counts in tenacious-v1 alone" in tab.text and "counts in tenacious-v2 alone" in tab.text
    assert "company-in-body" in tab.text
    moves = box(tab, "Change")
    assert len(moves.options) > 1
    before = tab.text
    moves.select_index(1)
    assert tab.run().text != before
    one, two = re.match(r"(\d) → (\d): \d+ draft", moves.options[1]).groups()
    assert re.search(rf"tenacious-v1\s+{one}\s.*?tenacious-v2\s+{two}\s", tab.text, re.DOTALL)


def test_the_address_keeps_what_is_shown_and_foreign_words_in_it_are_passed_over(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open(
        "effect", before="tenacious-v2", after="tenacious-v1", gold="", dimension=HOSTILE, move=HOSTILE
    )
    assert tab.title.startswith("What tenacious-v1 would change")
    assert "kappa with gold" not in tab.text.lower()
    assert "<script>" not in tab.markup
    tab = Tab(monkeypatch, sample, CLEO).open("effect", before="nowhere-v1", after=HOSTILE, gold="nowhere")
    assert tab.title == "Effect" and "nowhere-v1 is not a version that can score" in tab.refusal
    assert "another level" not in tab.text and "<script>" not in tab.markup
    assert any(each.startswith("Show tenacious") for each in tab.text.split("\n")), "the two in the boxes are one press away"


def test_a_published_version_whose_file_is_gone_is_read_from_the_store_and_that_is_said(sample, monkeypatch, tmp_path):
    for name in ("tenacious-v1.yml", "tenacious-v2.yml"):
        (tmp_path / name).write_bytes((rubrics.FOLDER / name).read_bytes())
    monkeypatch.setattr(rubrics, "FOLDER", tmp_path)
    publish(person_named(sample, CLEO), sample, "tenacious-v2", "clearer words")
    (tmp_path / "tenacious-v2.yml").unlink()
    tab = Tab(monkeypatch, sample, CLEO).open("rubrics", rubric="tenacious-v2")
    assert "2 versions of tenacious, the rubric of Sample; 2 published." in tab.text
    assert "tenacious-v2 is in the store and not in rubric_versions/ on this server; download it" in tab.text
    assert "is not a valid rubric yet" not in tab.text and "has changed since" not in tab.text
    assert "Write its next version" in tab.labels


def test_one_version_against_itself_moves_nothing(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("effect", before="tenacious-v1", after="tenacious-v1")
    assert "tenacious-v1 and tenacious-v1 are the same file: no draft can change level." in tab.text
    assert not [each for each in tab.at.selectbox if each.label == "Change"]


def test_the_version_one_is_writing_is_tried_and_its_mistakes_are_told(sample, monkeypatch, tmp_path):
    (tmp_path / "tenacious-v1.yml").write_bytes((rubrics.FOLDER / "tenacious-v1.yml").read_bytes())
    monkeypatch.setattr(rubrics, "FOLDER", tmp_path)
    cleo = person_named(sample, CLEO)
    tab = Tab(monkeypatch, sample, CLEO).open("effect")
    assert tab.title == "There are not two rubric versions that can score yet." and "Write the next version" in tab.labels
    source = unfinished(cleo, sample, "tenacious-v1").source
    keep_file(cleo, sample, "tenacious-v1", source.replace("- world-class\n", "- world-class\n          - hi\n"))
    tab = Tab(monkeypatch, sample, CLEO).open("effect")
    assert box(tab, "After").value == "tenacious-v2" + UNFINISHED
    assert "another level under tenacious-v2" in tab.text
    keep_file(cleo, sample, "tenacious-v1", "rubric: [")
    tab = Tab(monkeypatch, sample, CLEO).open("effect")
    assert "fix them under Next version" in tab.refusal
    assert UNFINISHED not in Tab(monkeypatch, sample, ANA).open("effect").text, "what another writes is theirs"


def test_drafts_never_labelled_are_counted_and_not_opened_and_hostile_text_is_text(empty, monkeypatch):
    lead = person_named(empty, "ana")
    add_person(None, empty, "ben")
    text = f"Subject: Marrowby Insurance: a thought\n\nHi, {HOSTILE} & a smaller team is exactly the moment to act."
    signal = "Company: Marrowby Insurance (Seed, $4M, closed 38 days ago). Open engineering roles: 6."
    import_tasks(lead, empty, jsonl(*(task(n, input={"company_signal": signal, "prior_thread": ""}) for n in (1, 2))), "t.jsonl")
    import_drafts(lead, empty, jsonl(draft(1, text=text), draft(2, text=f"{text} Twice.")), "d.jsonl")
    opening.open_round(lead, empty, RoundDesign("pilot", rubric="tenacious-v1", annotators=["ana", "ben"], draft_ids=["d01"]))
    closing.close_round(lead, empty, "pilot", early="enough")
    tab = Tab(monkeypatch, empty, "ana").open("effect", gold="")
    assert "2 of 2 drafts get another level" in tab.text
    assert "1 draft with this change was never in a closed round" in tab.text
    assert "d01" in tab.text and "d02" not in tab.text and "Twice." not in tab.text
    assert "<script>" not in tab.markup and escape(HOSTILE) in re.sub("</?(mark|sup)[^>]*>", "", tab.markup)


def test_what_got_worse_against_the_gold_stands_in_the_first_sentence_and_is_marked(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("effect", before="tenacious-v1", after="tenacious-v3", gold=CLOSED)
    assert "Held against the gold of Sample round 1, 4 cells got worse and 0 better." in tab.text
    (marked,) = re.findall(r'<tr role="row" class="ts-marked"><th [^>]*><a [^>]*>(.*?)</a></th>', tab.markup)
    assert marked == "Personalization"


def test_of_many_drafts_a_sample_is_scored_as_the_page_opens_and_all_when_asked(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("effect")
    assert not [each for each in tab.at.selectbox if each.label == "Drafts scored"], "thirty are scored whole"
    monkeypatch.setattr(drafts_to_score, "SCORED_WHOLE", 20)
    monkeypatch.setattr(drafts_to_score, "SAMPLES", (5, 10))
    tab = Tab(monkeypatch, sample, CLEO).open("effect")
    assert box(tab, "Drafts scored").options == [
        "5 of 30 drafts, drawn at random",
        "10 of 30 drafts, drawn at random",
        "all 30 drafts",
    ]
    assert "of 5 drafts drawn at random from 30" in tab.text or "No draft of 5 drawn at random from 30" in tab.text
    box(tab, "Drafts scored").set_value("all")
    assert re.search(r"\d+ of 30 drafts get another level", tab.run().text)
    tab = Tab(monkeypatch, sample, CLEO).open("effect", drafts="10")
    assert "5 of 30 drafts, drawn at random" not in tab.text and "10 of 30 drafts, drawn at random, scored under" in tab.text
    tab = Tab(monkeypatch, sample, CLEO).open("effect", drafts=HOSTILE)
    assert "5 of 30 drafts, drawn at random, scored under" in tab.text


def test_where_nothing_can_be_compared_that_is_said_once():
    nothing, unknown = undefined("no data"), undefined("single level", 3)
    none = changing._with_gold(WithGold(0, 0, 0, 0, {KAPPA: Change(KAPPA, nothing, nothing, nothing)}))
    assert none == ("nothing to compare: no draft has gold and a level under both", "–", "–")
    alike = changing._with_gold(WithGold(3, 0, 0, 0, {KAPPA: Change(KAPPA, unknown, unknown, unknown)}))
    assert alike == ("undefined: every label is the same", "–", "0, 0 of 3")
    assert changing._discussed(WithGold(0, 0, 0, 0, {})) == "none"
