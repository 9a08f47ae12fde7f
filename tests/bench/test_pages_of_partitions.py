"""The pages Leaks, Split and Sealed: nothing there, what is refused, and what they do."""

import pytest

from tests.bench.test_sealed_leaves_nothing import labelled
from tests.bench.test_sealing import NOTED, RECIPIENT, SECRET, secret_task, stocked
from tests.support.page_tab import Tab, label_of
from tests.support.pages_list import PAGES
from tests.support.sample_store import CLEO, CLOSED
from tests.support.small_stores import jsonl, people, rows
from touchstone import embedding
from ui.bench.leak_run import two_to_compare
from workflow.bench.sealing import open_partition
from workflow.bench.splits import use_split
from workflow.data.task_import import import_tasks
from workflow.people.people import person_named

HELD = (
    "SELECT t.task_id FROM tasks t JOIN drafts d ON d.task = t.id JOIN round_drafts h ON h.draft = d.id"
    " JOIN rounds r ON r.id = h.round WHERE r.closed_at IS NULL"
)
pytestmark = pytest.mark.usefixtures("rubric_folder")


def press(tab: Tab, label: str) -> Tab:
    next(each for each in tab.at.button if each.label == label).click()
    return tab.run()


def fill(tab: Tab, **values) -> None:
    for key, value in values.items():
        name = key.replace("_", "-")
        widget = next(
            each
            for each in (
                *tab.at.text_input,
                *tab.at.text_area,
                *tab.at.selectbox,
                *tab.at.multiselect,
                *tab.at.get("button_group"),
            )
            if each.key == name
        )
        widget.set_value(value)


def test_a_store_without_partitions_says_how_to_begin(empty, monkeypatch):
    people(empty, "lead")
    for page, said in (("leaks", "Nothing to compare yet"), ("split", "No task to split yet"), ("sealed", "No partition yet")):
        assert said in Tab(monkeypatch, empty, "lead").open(page).text


def test_two_partitions_are_compared_and_a_list_is_signed(empty, monkeypatch):
    lead, *_ = stocked(empty)
    copy = {
        "task_id": "h9",
        "partition": "held_out",
        "input": {"company_signal": "Firm 2 Firm 2"},
        "groups": {"company": "Alder"},
    }
    import_tasks(lead, empty, jsonl(copy, {**copy, "task_id": "t9", "partition": "train"}), "more.jsonl")
    monkeypatch.setattr(embedding, "PACKAGES", ("touchstone-has-no-such-package",))
    tab = Tab(monkeypatch, empty, "lead").open("leaks")
    assert "With the extra embed they are in order of meaning" in tab.text and "make embed" in tab.text
    assert not tab.at.checkbox
    press(tab, "Compare")
    assert "The lists are in order of the letters in common." in tab.text
    assert "1 of 5 held tasks leaks" in tab.text and "the same company: Alder" in tab.text
    assert [label_of(each) for each in tab.at.get("download_button")] == ["Download all pairs (JSON)"]
    assert "0 of 1 list is signed" in tab.text
    press(tab, "Sign")
    assert "A list is signed with one of: no leak, leak" in tab.refusal
    tab.at.get("button_group")[-1].set_value("leak")
    press(tab, "Sign")
    assert "h9 is signed: leak." in tab.text and "1 of 1 list is signed" in tab.text and "lead signed on" in tab.text
    assert rows(empty, "SELECT verdict, note FROM leak_signatures") == [("leak", "")]
    tab.open("split")
    assert [each.label for each in tab.at.checkbox] == ["Keep together what leaked in the last check (1 pair)"]
    fill(tab, split_by=["k"], split_sizes="5/5", split_keys="k=company_signal:Firm (1)")
    press(tab, "Split")
    made = tab.at.session_state["touchstone"]["split"]
    assert list(made.design.together) == [("h9", "t9")] and made.split.partition["h9"] == made.split.partition["t9"]


def test_a_partition_is_not_compared_with_itself_and_a_wrong_key_is_said(empty, monkeypatch):
    stocked(empty)
    tab = Tab(monkeypatch, empty, "lead").open("leaks")
    fill(tab, leak_train="held_out", leak_held="held_out")
    assert "held_out cannot leak into itself; choose two partitions" in press(tab, "Compare").refusal
    fill(tab, leak_train="train", leak_keys="company")
    assert "The key 'company' is not NAME=FIELD" in press(tab, "Compare").refusal


@pytest.mark.parametrize(
    ("names", "train", "held"),
    [
        (["dev", "train"], "train", "dev"),
        (["dev", "held_out", "train"], "train", "held_out"),
        (["Test", "Training"], "Training", "Test"),
        (["held-train", "x"], "held-train", "x"),
        (["a", "b", "c"], "a", "c"),
        (["held_out", "seen"], "seen", "held_out"),
    ],
)
def test_the_two_that_are_compared_at_first_are_never_the_same(names, train, held):
    ours, theirs = two_to_compare(names)
    assert (names[ours], names[theirs]) == (train, held)


def test_a_split_is_shown_and_then_used(empty, monkeypatch):
    stocked(empty)
    tab = Tab(monkeypatch, empty, "lead").open("split")
    fill(tab, split_by=["cluster"], split_sizes="5/2", split_strata=["dimension"])
    assert "The sizes 5/2 are 7 tasks, and there are 8; let them add up to that" in press(tab, "Split").refusal
    fill(tab, split_by=["cluster"], split_sizes="5/3")
    (by, strata) = tab.at.multiselect
    assert by.options == strata.options and {"cluster", "company_signal", "difficulty", "dimension"} <= set(by.options)
    assert "Tasks by partition now: held_out 4, train 4." in tab.text
    assert "8 tasks in 6 groups: 5 train and 3 held_out; no group crosses" in press(tab, "Split").text
    press(tab, "Use this split")
    assert "all tasks are in the partitions of this split" in tab.text
    count = "SELECT partition, count(*) FROM tasks GROUP BY partition ORDER BY partition"
    assert rows(empty, count) == [("held_out", 3), ("train", 5)]


def test_a_partition_is_sealed_on_its_page_and_opened_by_its_keeper(empty, monkeypatch):
    stocked(empty)
    tab = Tab(monkeypatch, empty, "lead").open("sealed")
    assert "No partition is sealed" in tab.text
    fill(tab, seal_partition="held_out", seal_keeper="kim", seal_recipient="age1x")
    assert "is no public key of age" in press(tab, "Seal").refusal
    fill(tab, seal_recipient=" ")
    assert "The keeper's public key is missing" in press(tab, "Seal").refusal
    fill(tab, seal_partition="held_out", seal_keeper="kim", seal_recipient=RECIPIENT)
    press(tab, "Seal")
    assert "held_out (4 tasks, 4 drafts) is sealed since" in tab.text
    assert [label_of(each) for each in tab.at.get("download_button")] == [
        "Download held_out.age",
        "Download held_out.manifest.json",
    ]
    assert "Open a seal" not in tab.text
    mine = Tab(monkeypatch, empty, "kim").open("sealed")
    assert "Opening a seal needs a reason" in press(mine, "Open").refusal
    fill(mine, open_reason="the evaluation is over")
    assert "was opened by kim on" in press(mine, "Open").text


def test_a_split_beside_a_seal_says_what_it_did_not_compare_and_a_release_counts_what_leaves(empty, monkeypatch):
    lead, _ = labelled(empty)
    tab = Tab(monkeypatch, empty, "lead").open("split")
    fill(tab, split_by=["company_signal"], split_sizes="2/2", split_names="train,dev")
    assert "Held_out is sealed and was not compared" in press(tab, "Split").text
    tab.open("release", round="mixed")
    assert "8 cells settled, 0 cells waiting" in tab.text and "3 of 7 drafts are left out: they are sealed" in tab.text
    assert [each.label for each in tab.at.checkbox if "waiting" in each.label] == []


def test_no_page_has_a_word_of_what_is_sealed(empty, monkeypatch, caplog):
    """Of a closed round with sealed drafts too; but for the page on which an adjudicator reads what they decide on."""
    lead, kim = labelled(empty)
    tab = Tab(monkeypatch, empty, "lead")
    shown = {page: tab.open(page, round="mixed").markup for page in PAGES}
    assert [page for page, markup in shown.items() if SECRET in markup or NOTED in markup] == ["adjudicate"]
    assert SECRET not in caplog.text
    import_tasks(lead, empty, jsonl({**secret_task(9), "task_id": "t9", "partition": "train"}), "copy.jsonl")
    open_partition(kim, empty, "held_out", "done")
    assert SECRET in tab.open("leaks").press("Compare").markup  # what is looked for is told once it is open


def test_slices_by_partition_are_those_of_the_split_that_is_used_now(sample, monkeypatch):
    def shown():
        tab = Tab(monkeypatch, sample, CLEO).open("slices", round=CLOSED)
        next(each for each in tab.at.get("button_group") if each.key.startswith("cut-by")).set_value("partition")
        return tab.run().text

    assert "newly-made" not in shown()
    there = dict(rows(sample, "SELECT task_id, partition FROM tasks"))
    held = {row[0] for row in rows(sample, HELD)}
    use_split(person_named(sample, CLEO), sample, {task: name if task in held else "newly-made" for task, name in there.items()})
    assert "newly-made" in shown()
