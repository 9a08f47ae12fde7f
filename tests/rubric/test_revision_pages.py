"""The way from one rubric version to the next, on its pages and in its commands."""

import html
import json

import pytest

from tests.support.commands import document, done, refused, sentence
from tests.support.page_tab import HOSTILE, Tab
from tests.support.sample_store import ANA, BEN, CLEO, CLOSED, OPEN, RUBRIC
from tests.support.small_stores import change, rows
from workflow.people.people import person_named
from workflow.rounds import opening, rounds
from workflow.rounds.design import RoundDesign
from workflow.rubric import meetings, rubrics, versions
from workflow.scorer import scoring

ANCHOR = "At least one signal detail."
NEW_ANCHOR = "Company name and one <b>signal</b> detail, not a token."
NEXT = "tenacious-v2"


@pytest.fixture
def sample(sample, rubric_folder):
    """The sample workspace, over a folder of rubric versions of the test's own."""
    return sample


def second_version(*changes: tuple[str, str], name: str = NEXT) -> str:
    """Version 2 as a file beside the first: an anchor changed, and whatever else is asked."""
    text = (rubrics.FOLDER / f"{RUBRIC}.yml").read_text("utf-8")
    for old, new in changes or ((ANCHOR, NEW_ANCHOR),):
        assert old in text, old
        text = text.replace(old, new, 1)
    (rubrics.FOLDER / f"{name}.yml").write_text(text.replace("\nversion: 1\n", f"\nversion: {name[-1]}\n"), "utf-8")
    return name


# Two versions side by side


def test_two_versions_are_told_apart_in_words_and_as_one_document(sample):
    second_version()
    told = done("diff-rubrics", RUBRIC, NEXT)
    assert told.startswith("1 dimension of 5 differs between tenacious-v1 and tenacious-v2: Personalization (words).")
    assert "{+Company name and+}" in told and "anchor of level 2" in " ".join(told.split())
    found = document("diff-rubrics", RUBRIC, NEXT, "--json")
    assert found["to_label_again"] == ["personalization_depth"]
    assert found["dimensions"]["tone_compliance"]["parts"] == []
    assert json.dumps(found["dimensions"]["personalization_depth"]["texts"]).count("anchor of level 2") == 1
    assert done("diff-rubrics", RUBRIC, str(rubrics.FOLDER / f"{NEXT}.yml")) == told


@pytest.mark.parametrize(
    ("names", "named"),
    [
        ((RUBRIC, "nowhere-v1"), "nowhere-v1"),
        (("../x", RUBRIC), "is a path"),
        ((RUBRIC, "no/such/file.yml"), "file.yml"),
        (("nowhere.yml", RUBRIC), "nowhere.yml"),
    ],
)
def test_a_version_that_is_not_there_is_named(names, named, sample):
    assert named in sentence("diff-rubrics", *names)


def test_a_version_with_mistakes_is_refused_with_its_lines(sample):
    second_version((ANCHOR, "|"))
    assert "line " in refused("diff-rubrics", RUBRIC, NEXT)


def test_the_rubrics_page_sets_two_versions_side_by_side(sample, monkeypatch):
    second_version()
    tab = Tab(monkeypatch, sample, CLEO).open("rubrics", rubric=RUBRIC)
    box = next(each for each in tab.at.selectbox if each.label == "Compare with another version")
    assert (box.value, box.options) == (None, [NEXT])
    box.set_value(NEXT)
    tab.run()
    assert "1 dimension of 5 differs between tenacious-v1 and tenacious-v2" in tab.text
    assert "<ins>Company name and</ins>" in tab.markup and "<del>At least</del>" in tab.markup
    assert "&lt;b&gt;" not in tab.text and "<b>signal</b>" not in tab.markup
    assert tab.at.query_params["beside"] == NEXT
    again = Tab(monkeypatch, sample, CLEO).open("rubrics", rubric=NEXT, beside=RUBRIC)
    assert "differs between tenacious-v1 and tenacious-v2" in again.text, "the earlier version stands on the left"


def test_the_rubrics_page_with_one_version_has_nothing_to_set_beside_it(sample, monkeypatch):
    assert "Compare with another version" not in Tab(monkeypatch, sample, CLEO).open("rubrics").text


def test_two_versions_that_differ_in_nothing_say_so(sample, monkeypatch):
    second_version(("# The Tenacious rubric", "# A rubric"))
    tab = Tab(monkeypatch, sample, CLEO).open("rubrics", rubric=NEXT, beside=RUBRIC)
    assert "differs from tenacious-v1 in no dimension, only in the file's layout" in tab.text


# The meeting


def widget(tab: Tab, kind: str, key: str):
    return next(each for each in tab.at.get(kind) if (each.key or "").startswith(key))


def decision(tab: Tab):
    return next(each for each in tab.at.text_area if each.label.startswith("Decision"))


def test_the_meeting_opens_on_the_worst_dimension_with_a_disagreement_on_the_table(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("revision", round=CLOSED)
    assert tab.title.startswith(f"Revision meeting on {CLOSED}")
    assert "Personalization: 8 disagreements, none decided yet." in tab.text
    assert "At least one signal detail." in tab.text, "the anchors are in view"
    assert tab.at.query_params["dimension"] == "personalization_depth"
    box = widget(tab, "selectbox", "point-")
    made = meetings.meeting(tab.person, sample, CLOSED, "personalization_depth")
    assert box.value == made.points[0].draft_id and len(box.options) == 8
    assert box.options[0].startswith(f"{made.groups[0].title} · 1 of {len(made.groups[0].points)}")
    sizes = [len(group.points) for group in made.groups]
    assert sizes == sorted(sizes, reverse=True)


def test_a_decision_is_kept_survives_a_refresh_and_is_corrected(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("revision", round=CLOSED)
    first = widget(tab, "selectbox", "point-").value
    decision(tab).set_value(f"name {HOSTILE}")
    tab.press("Keep and next")
    assert "1 decided" in tab.text and "1 draft of Sample round 1 is marked as discussed" in tab.text
    assert widget(tab, "selectbox", "point-").value != first, "the next lies on the table"
    again = Tab(monkeypatch, sample, ANA).open("revision", round=CLOSED)
    assert decision(again).value == f"name {HOSTILE}" and "<script>" not in again.markup
    assert f"Decided by {CLEO}" in again.text
    decision(again).set_value("the other way round")
    again.run()
    assert f"Decided by {ANA}" in again.text
    assert rows(sample, "SELECT count(*) FROM discussions") == [(2,)]


def test_a_draft_is_ticked_as_discussed_and_the_tick_taken_out(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("revision", round=CLOSED)
    widget(tab, "checkbox", "discussed-").check()
    assert "1 discussed without a decision" in tab.run().text
    widget(tab, "checkbox", "discussed-").uncheck()
    assert "discussed without" not in tab.run().text
    decision(tab).set_value("a word")
    tab.run()
    assert widget(tab, "checkbox", "discussed-").disabled, "a decision is a mark"


def test_the_note_of_the_meeting_is_kept_on_leaving_its_box(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("revision", round=CLOSED)
    note = next(each for each in tab.at.text_area if each.label.startswith("Note on"))
    note.set_value("company names are the trouble")
    tab.run()
    assert f"Written by {CLEO}" in tab.text
    other = Tab(monkeypatch, sample, CLEO).open("revision", round=CLOSED, dimension="tone_compliance")
    assert "Written by" not in other.text


def test_a_decision_too_long_or_made_meanwhile_is_refused_and_what_was_typed_stays(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("revision", round=CLOSED)
    decision(tab).set_value("x" * 4001)
    tab.run()
    assert "4,001 characters" in tab.refusal and len(decision(tab).value) == 4001
    draft = widget(tab, "selectbox", "point-").value
    meetings.decide(person_named(sample, ANA), sample, CLOSED, draft, "personalization_depth", "first")
    decision(tab).set_value("second")
    tab.press("Keep and next")
    assert f"{ANA} wrote “first”" in tab.refusal and widget(tab, "selectbox", "point-").value == draft


def test_what_the_scorer_says_stands_beside_each_disagreement_and_in_the_overview(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("revision", round=CLOSED, dimension="personalization_depth")
    draft = widget(tab, "selectbox", "point-").value
    made = scoring.findings_of(tab.person, sample, draft, RUBRIC).score.scores["personalization_depth"]
    assert f"Scorer: {made.value}" in tab.text and made.because in tab.text
    for each in made.findings:
        assert f"{html.escape(each.message)} <small>{each.check}</small>" in tab.markup and each.text in each.message
    link = next(each for each in tab.at.get("page_link") if each.proto.label == "Findings in the draft")
    assert f"draft={draft}" in link.proto.query_string and "dimension=personalization_depth" in link.proto.query_string
    points = meetings.meeting(tab.person, sample, CLOSED, "personalization_depth").points
    assert tab.text.count(f"{made.value}: {made.because}") >= 1 and len(points) == 8
    opening.open_round(tab.person, sample, RoundDesign("again", rubric=RUBRIC, annotators=[ANA, BEN], draft_ids=[draft]))
    tab.run()
    assert "Scorer: no level held back while an open round holds this draft" in " ".join(tab.text.split())
    assert not any(each.proto.label == "Findings in the draft" for each in tab.at.get("page_link"))
    assert f"no level: {scoring.HELD}" in tab.text


def test_hostile_text_that_the_scorer_found_is_drawn_as_text(sample, monkeypatch):
    change(sample, "UPDATE drafts SET text = :text", text=f"quick chat {HOSTILE} quick chat" + " <i>ninja</i>" * 12)
    tab = Tab(monkeypatch, sample, CLEO).open("revision", round=CLOSED, dimension="tone_compliance")
    assert "Scorer: 0" in tab.text and "a banned phrase" in tab.text and "and 6 more" in tab.text
    assert "<script>" not in tab.markup and "<i>ninja" not in tab.markup


def test_what_the_reader_labels_in_an_open_round_is_held_back_from_the_meeting(sample, monkeypatch):
    cleo, ana = person_named(sample, CLEO), person_named(sample, ANA)
    made = meetings.meeting(ana, sample, CLOSED, "personalization_depth")
    some = [point.draft_id for point in made.points[:3]]
    meetings.decide(cleo, sample, CLOSED, some[0], "personalization_depth", "a secret decision")
    opening.open_round(cleo, sample, RoundDesign("again", rubric=RUBRIC, annotators=[ANA, BEN], draft_ids=some))
    tab = Tab(monkeypatch, sample, ANA).open("revision", round=CLOSED)
    assert (
        "3 of 30 drafts are left out: you are labelling them in an open round" in tab.text
        and "Personalization: 5 disagreements" in tab.text
    )
    for each in (*some, "a secret decision"):
        assert each not in tab.text + "".join(widget(tab, "selectbox", "point-").options)


# Publishing, and the round that measures the version


def meeting_held(engine) -> str:
    """A decision of Cleo's on the first disagreement; its draft."""
    cleo = person_named(engine, CLEO)
    draft = meetings.meeting(cleo, engine, CLOSED, "personalization_depth").points[0].draft_id
    meetings.decide(cleo, engine, CLOSED, draft, "personalization_depth", f"name the company {HOSTILE}")
    return draft


def test_a_version_is_published_on_its_page_with_the_decisions_of_the_meeting(sample, monkeypatch):
    draft = meeting_held(sample)
    name = second_version()
    tab = Tab(monkeypatch, sample, CLEO).open("revision", round=CLOSED)
    assert any(label.startswith("Publish tenacious") for label in tab.labels)
    tab = Tab(monkeypatch, sample, CLEO).open("rubrics", rubric=name, meeting=CLOSED)
    assert "Not published yet" in tab.text
    tab.press("Publish")
    assert "published with a reason" in tab.refusal
    tab.at.text_area(key=f"why-{name}").set_value("A name alone is level 1.")
    tab.press("Publish")
    assert f"{name} is published" in tab.done
    assert "Why it was published" in tab.text and "A name alone is level 1." in tab.text and draft in tab.text
    assert "<script>" not in tab.markup
    assert not any(each.label == "Publish" for each in tab.at.button)
    old = Tab(monkeypatch, sample, CLEO)
    for page, asked in (("rubrics", {"rubric": RUBRIC}), ("agreement", {"round": CLOSED}), ("gold", {"round": CLOSED})):
        assert f"Personalization was reworded in {name}" in old.open(page, **asked).text, page


def drafts_of(engine, name: str) -> set[str]:
    return {
        row[0]
        for row in rows(
            engine,
            "SELECT draft_id FROM drafts JOIN round_drafts ON draft = drafts.id JOIN rounds "
            "ON rounds.id = round WHERE name = :name",
            name=name,
        )
    }


def test_the_next_round_is_opened_with_one_press_on_fresh_drafts(sample, monkeypatch):
    meeting_held(sample)
    name = second_version()
    versions.publish(person_named(sample, CLEO), sample, name, "clearer", round_name=CLOSED)
    tab = Tab(monkeypatch, sample, CLEO).open("rubrics", rubric=name)
    assert "Personalization differs in words or levels from" in tab.text
    button = next(each for each in tab.at.button if each.label.startswith("Open the round"))
    button.click()
    tab.run()
    assert "is open: " in tab.done, tab.text
    assert f"There is no fresh draft to measure {name} on" in tab.text, "those of the new round are not fresh again"
    made = rounds.all_rounds(sample)[0]
    assert (made.rubric, made.dimensions, made.annotators) == (name, ("personalization_depth",), (ANA, BEN))
    fresh, used = drafts_of(sample, made.name), drafts_of(sample, CLOSED)
    assert fresh and not fresh & used


def test_a_round_without_annotators_or_without_fresh_drafts_is_refused(sample, monkeypatch):
    name = second_version()
    versions.publish(person_named(sample, CLEO), sample, name, "clearer")
    tab = Tab(monkeypatch, sample, CLEO).open("rubrics", rubric=name)
    next(each for each in tab.at.multiselect if each.label == "Annotators").set_value([])
    next(each for each in tab.at.button if each.label.startswith("Open the round")).click()
    assert "needs two or more annotators" in tab.run().refusal
    found = next(each.id for each in rounds.all_rounds(sample) if each.name == CLOSED)
    change(
        sample,
        "INSERT INTO round_drafts (round, draft, is_practice) SELECT :id, drafts.id, true FROM drafts WHERE NOT "
        "EXISTS (SELECT 1 FROM round_drafts WHERE round = :id AND draft = drafts.id)",
        id=found,
    )
    again = Tab(monkeypatch, sample, CLEO).open("rubrics", rubric=name)
    assert f"There is no fresh draft to measure {name} on" in again.text
    assert not any(each.label.startswith("Open the round") for each in again.at.button)


def test_the_commands_publish_and_open_the_next_round(sample):
    meeting_held(sample)
    name = second_version()
    assert "published with a reason" in sentence("publish-rubric", name, "--why", " ")
    assert "put it there" in sentence("publish-rubric", "elsewhere/x-v2.yml", "--why", "x")
    told = done("publish-rubric", str(rubrics.FOLDER / f"{name}.yml"), "--why", "clearer", "--after", CLOSED, "--as", CLEO)
    assert told.startswith(f"{name} is published, digest ") and f"on 1 decision of the meeting on {CLOSED}" in told
    assert "a version is published once" in sentence("publish-rubric", name, "--why", "again")
    assert "Personalization was reworded" in " ".join(done("report", CLOSED).split())
    opened = done("open-next-round", "--rubric", name, "--after", CLOSED, "--name", "april", "--drafts", "2")
    assert opened.startswith("april is open: 2 drafts under tenacious-v2") and "personalization_depth" in opened
    assert "is not a later version of it" in sentence("open-next-round", "--rubric", RUBRIC, "--after", CLOSED)
    assert "blind" in sentence("open-next-round", "--rubric", name, "--after", OPEN)
