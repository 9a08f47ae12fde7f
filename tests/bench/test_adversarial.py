"""Drafts that fool the scorer: tried, kept, confirmed blind by a second person; and the page."""

import json

import pytest

from db.engine import reading
from db.store.bench import typed_tasks as stored
from tests.bench.test_typed_tasks import KINDS
from tests.support.commands import done, refused, sentence
from tests.support.page_tab import Tab
from tests.support.sample_store import ANA, BEN
from tests.support.small_stores import RUBRIC, draft, opened, people, rows, stock
from touchstone.errors import NotYourTurn, Refused
from workflow.bench.adversarial import confirm, own_attempts, propose_adversarial, task_shown, to_confirm, try_draft
from workflow.bench.candidates import candidates_of
from workflow.bench.spaces import counted_methods
from workflow.data.task_import import import_tasks

BENCH = "bench_fit_alignment"
TEXT = "Hi Tamsin,\n\nWe have 2 Go engineers who can start next week.\n\nShall we talk on Tuesday?"


@pytest.fixture
def of_kinds(empty):
    lead, *_ = people(empty, "lead", "ana", "ben")
    import_tasks(lead, empty, KINDS.read_bytes(), "kinds.jsonl")
    return empty


def asked(text=TEXT, deserved="3", task_id="kind-change-mid-thread", dimension=BENCH):
    return {"rubric": RUBRIC, "dimension": dimension, "task_id": task_id, "text": text, "deserved": deserved}


def test_a_draft_is_tried_and_the_line_that_gave_its_level_is_shown(of_kinds):
    (lead,) = people(of_kinds, "lead")
    made = try_draft(lead, of_kinds, **asked())
    assert (made.scored, made.deserved, made.fools) == (0, 3, True)
    assert made.because and made.findings and "it is fooled" in made.sentence
    assert "it is not fooled" in try_draft(lead, of_kinds, **asked(deserved="0")).sentence
    assert rows(of_kinds, "SELECT COUNT(*) FROM candidates") == [(0,)]
    assert dict(task_shown(lead, of_kinds, "kind-no-signal"))["Bench summary"].startswith("Available bench: 2 Python")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"text": "  "}, "a draft has 1 to 50,000 characters"),
        ({"deserved": "9"}, "takes 0, 1, 2, 3, not 9"),
        ({"task_id": "nowhere"}, "there is no task nowhere"),
        ({"dimension": "length"}, "has no dimension length"),
        ({"task_id": "kind-no-signal", "dimension": "signal_grounding"}, "gives no level on Signal grounding"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_what_cannot_be_tried_is_refused(of_kinds, more, said):
    (lead,) = people(of_kinds, "lead")
    with pytest.raises(Refused, match=said):
        try_draft(lead, of_kinds, **asked(**more))


def test_a_second_person_confirms_blind_and_the_same_level_makes_the_task_with_its_draft(of_kinds):
    lead, ana = people(of_kinds, "lead", "ana")
    with pytest.raises(Refused, match="does not fool it"):
        propose_adversarial(lead, of_kinds, **asked(deserved="0"))
    key = propose_adversarial(lead, of_kinds, **asked())
    with pytest.raises(Refused, match=f"is the candidate {key} already"):
        propose_adversarial(ana, of_kinds, **asked())
    assert to_confirm(lead, of_kinds) == [] and candidates_of(ana, of_kinds) == []
    (shown,) = to_confirm(ana, of_kinds)
    assert (shown.task_id, shown.draft, shown.dimension.key) == (key, TEXT, BENCH)
    assert "deserved" not in repr(shown.fields) and not hasattr(shown, "deserved")
    with pytest.raises(NotYourTurn, match="you wrote"):
        confirm(lead, of_kinds, key, "3")
    made = confirm(ana, of_kinds, key, "3", by_model="heron 2")
    assert (made.is_task, made.scored) == (True, 0)
    assert counted_methods(lead, of_kinds) == {"imported": 3, "adversarial": 1}
    with reading(of_kinds) as connection:
        (document,) = stored.documents_of(connection, [key]).values()
    assert document["origin"] == {"method": "adversarial", "rubric": RUBRIC, "dimension": BENCH, "deserved": 3, "scored": 0}
    assert rows(of_kinds, "SELECT text, author FROM drafts") == [(TEXT, "adversarial")]
    assert own_attempts(lead, of_kinds) == [(key, "accepted by ana on the word of a model (heron 2): gave 3, as its writer did")]
    with pytest.raises(Refused, match="was accepted by ana already"):
        confirm(ana, of_kinds, key, "3")


def test_another_level_makes_no_task_and_is_kept(of_kinds):
    lead, ana = people(of_kinds, "lead", "ana")
    key = propose_adversarial(lead, of_kinds, **asked())
    assert confirm(ana, of_kinds, key, "1").is_task is False
    assert counted_methods(lead, of_kinds) == {"imported": 3}
    assert own_attempts(lead, of_kinds) == [(key, "rejected by ana: gave 1, its writer 3")]


def test_a_draft_of_an_open_round_is_not_tried(empty):
    lead, ana = people(empty, "lead", "ana")
    people(empty, "ben")
    stock(empty, lead)
    text = draft(1)["text"]
    opened(empty, lead, draft_ids=("d01",))
    with pytest.raises(NotYourTurn, match="this draft is in an open round"):
        try_draft(ana, empty, **asked(text=f" {text}\n", task_id="t02", dimension="tone_compliance"))


def test_the_commands_try_keep_list_blind_and_confirm(sample_url, tmp_path):
    done("import-tasks", KINDS, "--project", "Sample")
    file = tmp_path / "draft.txt"
    file.write_text(TEXT)
    tried = (
        "bench adversarial",
        "kind-change-mid-thread",
        file,
        "--rubric",
        RUBRIC,
        "--on",
        BENCH,
        "--as",
        ANA,
        "--project",
        "Sample",
    )
    assert "it is not fooled" in done(*tried, "--deserves", "0")
    assert "does not fool it" in refused(*tried, "--deserves", "0", "--keep")
    made = json.loads(done(*tried, "--deserves", "3", "--keep", "--json"))
    assert (made["fools"], made["scored"], made["deserved"]) == (True, 0, 3) and made["findings"]
    mine = ("bench confirm", "--as", BEN, "--project", "Sample")
    (waiting,) = json.loads(done(*mine, "--json"))
    assert (waiting["task_id"], waiting["draft"]) == (made["kept"], TEXT) and not {"deserved", "scored"} & set(waiting)
    assert "1 draft of others waits for your level" in done(*mine) and "deserve" not in done(*mine)
    assert "no candidate nowhere waits for you" in sentence("bench confirm", "nowhere", *mine[1:])
    assert "is a task now" in done("bench confirm", made["kept"], "--level", "3", "--by-model", "heron 2", *mine[1:])
    file.write_bytes(b"\xff")
    assert "draft.txt is not UTF-8" in sentence(*tried, "--deserves", "3")


def test_the_page_tries_keeps_and_confirms(of_kinds, monkeypatch):
    lead = Tab(monkeypatch, of_kinds, "lead").open("against-the-scorer")
    assert lead.title == "Against the scorer" and "Write a draft that the scorer gives another level" in lead.text
    lead.field("selectbox", "attacked-rubric").set_value(RUBRIC)
    lead.run()
    lead.field("selectbox", "attacked-task").set_value("kind-change-mid-thread")
    lead.run()
    lead.field("selectbox", "attacked-on").select_index(3)
    lead.run()
    lead.field("text_area", "attack").set_value(TEXT)
    lead.field("selectbox", f"deserved-{BENCH}").select_index(3)
    lead.press("Try it")
    assert "it is fooled." in lead.text and "What the scorer says" in lead.text
    lead.press("Keep it for a second person")
    assert "waits for a second person" in lead.done
    (key,) = (key for key, _ in own_attempts(lead.person, of_kinds))
    ana = Tab(monkeypatch, of_kinds, "ana").open("against-the-scorer")
    assert "1 draft of somebody else waits for your level." in ana.text
    assert "deserves" not in ana.text.split("Write one yourself")[0].replace("that this draft deserves", "")
    level = ana.field("radio", f"level-{key}")
    level.set_value(level.options[3])
    ana.run()
    ana.press("Give this level")
    assert f"{key} is a task now" in ana.done


def test_without_a_task_the_page_says_how_to_begin(empty, monkeypatch):
    people(empty, "lead")
    assert "There is no task yet to write a draft for." in Tab(monkeypatch, empty, "lead").open("against-the-scorer").text
