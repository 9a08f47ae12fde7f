"""The pages Compare drafts and Preferences: nothing there, opened, chosen in, closed, read."""

from tests.support.page_tab import Tab
from tests.support.small_stores import RUBRIC, TONE, draft, jsonl, label_all, opened, people, rows, task
from workflow.agreement.reports import agreement_of_rounds
from workflow.data.task_import import import_drafts, import_tasks
from workflow.people.home import to_do
from workflow.preferences.comparing import choose_draft, next_pair
from workflow.preferences.comparisons import close_comparison
from workflow.preferences.opening import ComparisonDesign, open_comparison
from workflow.projects.projects import new_project
from workflow.rounds.closing import close_round


def stocked(engine):
    found = people(engine, "lead", "ana", "ben")
    import_tasks(found[0], engine, jsonl(*(task(n) for n in (1, 2))), "tasks.jsonl")
    every = [draft(n, draft_id=f"d{n}{w}", author=f"author-{w}", text=f"Text {w} of {n}.") for n in (1, 2) for w in "xy"]
    import_drafts(found[0], engine, jsonl(*every), "drafts.jsonl")
    return found


def take(tab, *sides: str):
    """A side in each row, then Save."""
    for group, side in zip(tab.at.get("button_group"), sides, strict=True):
        group.set_value(side)
    tab.press("Save and next")


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
    tab.press("Save and next")
    assert tab.refusal.endswith("Choose left, as good or right first ")
    take(tab, "left")
    assert "pair 2 of 2; 1 pair left" in tab.text
    tab.press("Back")
    assert "pair 1 of 2; you chose in it before" in tab.text
    take(tab, "right")
    take(tab, "tie")
    assert "Nothing is left to compare in which" in tab.text
    assert [taken for (taken,) in rows(empty, "SELECT taken FROM dimension_choices ORDER BY choice")] == ["left", "right", "tie"]
    tab = Tab(monkeypatch, empty, "lead").open("preferences")
    assert "which (open)" in tab.text and "Who is chosen most" not in tab.text
    tab.press("Close the comparison round")
    assert "cannot be closed yet" in tab.refusal and "can be closed" not in tab.text.replace(tab.refusal, "")
    assert any("Why close it early" in each.label for each in tab.at.text_input)
    while pair := next_pair(ben, empty, "which"):
        choose_draft(ben, empty, "which", pair.number, {"overall": "left"}, "because of the ending")
    tab.open("preferences")
    assert "ben 2 of 2: everyone is done, so it can be closed." in tab.text
    assert not any("Why close it early" in each.label for each in tab.at.text_input), "there is nothing early about it"
    tab.press("Close the comparison round")
    assert tab.refusal == "" and "which is closed" in tab.done
    assert "4 choices on 2 pairs of 2 tasks by 2 annotators" in tab.text and "Who is chosen most" in tab.text
    assert "annotators differ" in tab.text and "because of the ending" in tab.text and "Text x of 1" in tab.text
    assert "No drafts to compare" in Tab(monkeypatch, empty, "ana").open("compare-drafts").text or "Nothing is left" in tab.text


def test_home_says_that_a_round_is_held_back_from_who_compares_its_drafts_and_not_that_labels_are_missing(empty, monkeypatch):
    lead, ana, ben = stocked(empty)
    opened(empty, lead)
    for each in (ana, ben):
        label_all(empty, each, {f"d{n}{w}": (1, 1) for n in (1, 2) for w in "xy"})
    close_round(lead, empty, "pilot")
    agreement_of_rounds(lead, empty, ["pilot"], opinion=False)
    open_comparison(lead, empty, ComparisonDesign("which", ["ana", "ben"], seed=3))
    text = Tab(monkeypatch, empty, "ana").open("").text
    assert "its drafts are held back from you until the comparison round is closed in which you compare them." in text
    assert "too few drafts" not in text and "nothing settled" not in text and "Go on comparing" not in text
    assert "held back" not in Tab(monkeypatch, empty, "lead").open("").text
    while pair := next_pair(ana, empty, "which"):
        choose_draft(ana, empty, "which", pair.number, {"overall": "left"})
    assert to_do(ana, empty).sentence.startswith("pilot is closed; its drafts are held back from you until the comparison round")


def test_a_round_is_opened_from_the_page(empty, monkeypatch):
    stocked(empty)
    tab = Tab(monkeypatch, empty, "lead").open("preferences")
    tab.press("Open the comparison round")
    assert "needs a name" in tab.refusal
    tab.at.text_input[0].set_value("which")
    tab.at.multiselect[0].set_value(["ana"])
    tab.press("Open the comparison round")
    assert tab.refusal == "" and "which (open): 2 pairs; ana 0 of 2" in tab.text


def test_a_round_on_two_dimensions_is_opened_chosen_in_and_read_from_the_pages(empty, monkeypatch):
    lead, ana, _ = stocked(empty)
    tab = Tab(monkeypatch, empty, "lead").open("preferences")
    tab.at.text_input[0].set_value("which")
    tab.field("multiselect", "new-annotators").set_value(["ana"])
    next(each for each in tab.at.selectbox if each.label == "Rubric version").set_value(RUBRIC)
    tab.run().field("multiselect", "new-dimensions").set_value([TONE, "overall"])
    tab.press("Open the comparison round")
    assert tab.refusal == "" and "which (open): 2 pairs on 2 dimensions; ana 0 of 2" in tab.text
    tab = Tab(monkeypatch, empty, "ana").open("compare-drafts")
    tab.at.get("button_group")[0].set_value("left")
    tab.press("Save and next")
    assert tab.refusal.endswith("Choose on Overall too: left, as good or right ")
    take(tab, "left", "right")
    take(tab, "tie", "right")
    assert "Nothing is left to compare in which" in tab.text
    close_comparison(lead, empty, "which")
    tab = Tab(monkeypatch, empty, "lead").open("preferences")
    assert "2 dimensions." in tab.text and "Dimension by dimension" in tab.text and "Rank: Overall" in tab.text
    tab.at.get("button_group")[0].set_value("overall")
    assert "It asked: Which draft is better?" in tab.run().text


def test_home_and_label_say_that_pairs_wait_and_home_that_a_round_can_be_closed(empty, monkeypatch):
    lead, ana, _ = stocked(empty)
    open_comparison(lead, empty, ComparisonDesign("which", ["ana"], seed=3))
    tab = Tab(monkeypatch, empty, "ana").open("home")
    assert "You have 2 pairs to compare in which." in tab.text and "which: 2 pairs of drafts to compare." in tab.text
    assert "Compare 2 pairs of drafts in which" in tab.open("label").text
    new_project(lead, empty, "Other")
    assert "2 pairs of drafts are waiting for you in First project." in tab.open("home", project="Other").text
    while pair := next_pair(ana, empty, "which"):
        choose_draft(ana, empty, "which", pair.number, {"overall": "tie"})
    tab = Tab(monkeypatch, empty, "ana")
    assert "which: every pair compared." in tab.open("home", project="First project").text
    assert "Compare 2 pairs" not in tab.open("label").text
    assert (
        "Everyone has compared all pairs in which: it can be closed."
        in Tab(monkeypatch, empty, "lead").open("home", project="First project").text
    )
