"""The pages Compare drafts and Preferences: nothing there, opened, chosen in, closed, read."""

from tests.support.page_tab import Tab
from tests.support.small_stores import draft, jsonl, people, rows, task
from workflow.data.task_import import import_drafts, import_tasks
from workflow.preferences.comparisons import ComparisonDesign, choose_draft, next_pair, open_comparison


def stocked(engine):
    found = people(engine, "lead", "ana", "ben")
    import_tasks(found[0], engine, jsonl(*(task(n) for n in (1, 2))), "tasks.jsonl")
    every = [draft(n, draft_id=f"d{n}{w}", author=f"author-{w}", text=f"Text {w} of {n}.") for n in (1, 2) for w in "xy"]
    import_drafts(found[0], engine, jsonl(*every), "drafts.jsonl")
    return found


def test_pages_without_a_comparison_round_say_how_to_begin(empty, monkeypatch):
    people(empty, "lead", "ana")
    assert "No drafts to compare yet" in Tab(monkeypatch, empty, "ana").open("compare-drafts").text
    assert "No comparison round yet" in Tab(monkeypatch, empty, "lead").open("preferences").text


def test_a_pair_is_chosen_in_corrected_and_the_round_is_read_once_it_is_closed(empty, monkeypatch):
    lead, ana, ben = stocked(empty)
    open_comparison(lead, empty, ComparisonDesign("which", ["ana", "ben"], seed=3))
    tab = Tab(monkeypatch, empty, "ana").open("compare-drafts")
    assert "which, pair 1 of 2; 2 pairs left" in tab.text and "author-" not in tab.text
    assert "Text x of" in tab.text and "Text y of" in tab.text and "hidden" not in tab.text
    assert next(each for each in tab.at.button if each.label == "Save").disabled
    tab.press("Left is better")
    tab.press("Save")
    assert "pair 2 of 2; 1 pair left" in tab.text
    tab.press("Back")
    assert "pair 1 of 2; you chose in it before" in tab.text
    tab.press("Right is better")
    tab.press("Save")
    tab.press("As good as each other")
    tab.press("Save")
    assert "Nothing is left to compare in which" in tab.text
    assert [taken for (taken,) in rows(empty, "SELECT taken FROM pair_choices ORDER BY id")] == ["left", "right", "tie"]
    tab = Tab(monkeypatch, empty, "lead").open("preferences")
    assert "which (open)" in tab.text and "Who is chosen most" not in tab.text
    tab.press("Close the comparison round")
    assert "cannot be closed yet" in tab.refusal
    while pair := next_pair(ben, empty, "which"):
        choose_draft(ben, empty, "which", pair.number, "left")
    tab.press("Close the comparison round")
    assert tab.refusal == "" and "which is closed" in tab.done
    assert "4 choices on 2 pairs of 2 tasks by 2 annotators" in tab.text and "Who is chosen most" in tab.text
    assert "No drafts to compare" in Tab(monkeypatch, empty, "ana").open("compare-drafts").text or "Nothing is left" in tab.text


def test_a_round_is_opened_from_the_page(empty, monkeypatch):
    stocked(empty)
    tab = Tab(monkeypatch, empty, "lead").open("preferences")
    tab.press("Open the comparison round")
    assert "needs a name" in tab.refusal
    tab.at.text_input[0].set_value("which")
    tab.at.multiselect[0].set_value(["ana"])
    tab.press("Open the comparison round")
    assert tab.refusal == "" and "which (open): 2 pairs; ana 0 of 2" in tab.text
