"""The pages of the benchmark: empty, normal, refused; what their buttons do."""

import json

import pytest

from tests.bench.spaces import REPAIRS
from tests.bench.spaces import space as space_of
from tests.bench.stub_models import serving
from tests.bench.test_from_drafts import small
from tests.bench.test_synthesis import KEY, OTHER_KEY, RECIPE, say
from tests.support.page_tab import Tab
from tests.support.small_stores import CTA, TONE, jsonl, label_all, opened, people
from workflow.bench.candidates import candidates_of
from workflow.bench.from_drafts import propose_from_drafts
from workflow.bench.space_view import see_space, weakest
from workflow.bench.spaces import counted_methods, make_tasks
from workflow.data.task_import import import_drafts
from workflow.rounds.closing import close_round


@pytest.fixture
def repairs(empty):
    """The tasks of the bicycle shop's space, two of them with a draft that two people labelled differently."""
    lead, ana, ben = people(empty, "lead", "ana", "ben")
    made = make_tasks(lead, empty, space_of(), REPAIRS.encode()).remade
    drafts = [
        {"draft_id": f"d0{number}", "task_id": task.task_id, "text": f"Hello, draft {number}."}
        for number, task in enumerate(made.added[:2])
    ]
    import_drafts(lead, empty, jsonl(*drafts), "drafts.jsonl")
    opened(empty, lead, dimensions=(TONE, CTA))
    label_all(empty, ana, {"d00": (0, 2), "d01": (2, 2)})
    label_all(empty, ben, {"d00": (1, 2), "d01": (2, 2)})
    return empty


def test_a_project_without_a_space_is_told_how_to_begin(empty, monkeypatch):
    people(empty, "lead")
    tab = Tab(monkeypatch, empty, "lead").open("space")
    assert tab.title == "Space" and "No task was made of a parameter space yet" in tab.text
    assert "The project has no task yet" in tab.text
    tab.field("file_uploader", "space-file").set_value([("repairs.yml", REPAIRS.encode(), "text/yaml")])
    tab.run()
    assert "repairs: 4 parameters, 24 valid rows of 36, 1 own case." in tab.text
    tab.press("Make the tasks that are missing")
    assert "possible pairs are covered" in tab.done
    assert tab.title == "Space repairs"
    assert "Tasks of the project by how they were made:" in tab.text


def test_a_wrong_file_is_refused_on_the_page_with_its_lines(empty, monkeypatch):
    people(empty, "lead")
    tab = Tab(monkeypatch, empty, "lead").open("space")
    wrong = REPAIRS.replace("strength: 2", "strenght: 2").encode()
    tab.field("file_uploader", "space-file").set_value([("repairs.yml", wrong, "text/yaml")])
    tab.run()
    assert "line 2: strenght is an unknown field; did you mean strength?" in tab.text
    assert "Make the tasks that are missing" not in tab.labels


def test_the_space_says_what_tasks_drafts_and_labels_cover_and_where_people_differ(repairs, monkeypatch):
    (lead,) = people(repairs, "lead")
    seen = see_space(lead, repairs, "repairs")
    assert seen.by_tasks.found == seen.by_tasks.possible > seen.by_drafts.found > 0 == seen.by_labels.found
    close_round(lead, repairs, "pilot")
    seen = see_space(lead, repairs, "repairs")
    assert seen.by_labels.found == seen.by_drafts.found
    parts = seen.corners(["part"])
    assert sum(each.labelled_twice for each in parts) == 4 and sum(each.differing for each in parts) == 1
    assert sum(each.scored for each in parts) == 3, "a cell that waits is no failure of the scorer"
    assert weakest(seen) == []
    tab = Tab(monkeypatch, repairs, "lead").open("space", space="repairs", strength="2")
    assert tab.title == "Space repairs" and seen.sentence in tab.text
    assert "people differ" in tab.text.casefold() and "1 of 2" in tab.text
    tab.field("selectbox", "corner-with").set_value("wear")
    tab.run()
    assert "Part and wear: chain, heavy" in tab.text and "Part and wear: chain, none" not in tab.text


def test_who_labels_a_draft_in_another_round_is_told_nothing_of_it_by_the_space(repairs):
    lead, ana = people(repairs, "lead", "ana")
    close_round(lead, repairs, "pilot")
    opened(repairs, lead, "second", draft_ids=("d00",))
    assert sum(each.differing for each in see_space(lead, repairs, "repairs").corners(["part"])) == 1
    assert sum(each.differing for each in see_space(ana, repairs, "repairs").corners(["part"])) == 0


def test_a_space_that_is_not_here_is_refused(repairs, monkeypatch):
    tab = Tab(monkeypatch, repairs, "lead").open("space", space="nowhere")
    assert "nowhere" in tab.refusal


def test_candidates_are_made_read_and_signed_off_on_their_page(empty, monkeypatch):
    lead, *_ = small(empty)
    tab = Tab(monkeypatch, empty, "lead").open("candidates")
    assert "No candidate yet, and no closed round" in tab.text
    close_round(lead, empty, "pilot")
    tab.open("candidates").press("Make candidates of its failed drafts")
    assert "2 failed drafts of pilot: 2 candidates under other names wait for a sign-off." in tab.done
    first, second = (each.task_id for each in candidates_of(lead, empty))
    listed = tab.open("candidates").text
    assert all(title in listed for each in candidates_of(lead, empty) for title in (*each.failed, each.begins[:20]))
    assert all(each.failed and "_" not in "".join(each.failed) for each in candidates_of(lead, empty)), "titles, no keys"
    tab.open("candidates", candidate=first)
    assert "Look at these, which nothing replaced:" in tab.text and "Rosa Lindqvist" in tab.text
    tab.field("text_input", f"names-{first}").set_value("Rosa Lindqvist")
    tab.press("It is a task")
    assert f"{first} is a task now." in tab.done
    assert "It was accepted by lead." in tab.text
    assert counted_methods(lead, empty)["drafts"] == 1
    tab.open("candidates", candidate=second).press("Turn it down")
    assert "A reason has 1 to 1,000 characters" in tab.refusal
    tab.field("text_input", f"reason-{second}").set_value("it gives the firm away")
    tab.press("Turn it down")
    assert f"{second} was turned down." in tab.done
    tab.open("candidates")
    assert "0 candidates wait for a sign-off, 2 decided." in tab.text
    assert "There is no candidate “nowhere” here" in tab.open("candidates", candidate="nowhere").text


def test_models_are_asked_on_the_page_of_candidates_and_a_run_goes_on_where_it_was(empty, monkeypatch):
    people(empty, "lead")
    monkeypatch.setenv("TOUCHSTONE_GENERATOR_KEY", KEY)
    monkeypatch.setenv("TOUCHSTONE_JUDGE_KEY", OTHER_KEY)
    tab = Tab(monkeypatch, empty, "lead").open("candidates")
    with serving(say) as stub:
        source = RECIPE.format(at=stub.address)
        tab.field("file_uploader", "recipe-file").set_value([("recipe.yml", source.encode(), "text/yaml")])
        tab.run()
        assert "repairs-by-models: 4 calls to the generator, and up to 8 calls to judges." in tab.text
        tab.press("Ask the models")
        assert "2 of 4 candidates were let pass and wait for a sign-off" in tab.done
        assert "everything was answered already" in tab.text and len(stub.asked) == 12
    tab.field("file_uploader", "recipe-file").set_value([("recipe.yml", b"recipe: x", "text/yaml")])
    assert "recipe.yml is not a recipe yet" in tab.run().text


def test_on_a_teams_server_no_page_asks_models(empty, monkeypatch):
    """A recipe names an address and a variable of the server's environment, whose word would be sent there."""
    people(empty, "lead")
    monkeypatch.setattr("ui.bench.model_run.is_team", lambda: True)
    tab = Tab(monkeypatch, empty, "lead").open("candidates")
    assert "Models are asked on the server itself" in tab.text and not tab.at.get("file_uploader")


def test_texts_of_candidates_are_drawn_as_text(empty, monkeypatch):
    lead, *_ = small(empty)
    close_round(lead, empty, "pilot")
    propose_from_drafts(lead, empty, "pilot")
    first = candidates_of(lead, empty)[0]
    assert "<script" not in json.dumps(first.document)
    tab = Tab(monkeypatch, empty, "lead").open("candidates", candidate=first.task_id)
    assert tab.shows(first.draft)
