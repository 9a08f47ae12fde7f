"""Label sets and Two sources without a browser: bringing labels in, what is asked, what is refused, and nothing there yet."""

import pytest

from tests.support.label_files import FILES
from tests.support.page_tab import HOSTILE, Tab
from tests.support.sample_store import ANA, CLEO, CLOSED, RUBRIC
from tests.support.small_stores import inside
from touchstone.agreement.estimation import pairs
from ui.comparison import asking
from ui.importing import label_set_form
from workflow.importing.label_files import File
from workflow.importing.label_sets import all_label_sets, import_labels
from workflow.people.people import person_named

TONE, CTA = "tone_compliance", "cta_quality"
WIDE = b"task_id,tone_alignment,cta_quality,mood\n" + b"".join(b"t%d,%d,%d,x\n" % (n, n % 4, n % 3) for n in range(8))
OTHER = b"task_id,tone_alignment,cta_quality,mood\n" + b"".join(b"t%d,%d,%d,y\n" % (n, (n + n % 3) % 4, n % 3) for n in range(8))


@pytest.fixture
def chosen(monkeypatch):
    """The files as chosen in the box: AppTest cannot hold one out."""
    given: list[File] = []
    monkeypatch.setattr(label_set_form, "files", lambda: list(given))
    return given


def opened(monkeypatch, engine, name=CLEO) -> Tab:
    """The page, about labels under the first rubric, whichever it begins with."""
    tab = Tab(monkeypatch, engine, name).open("label-sets")
    return answer(tab, "Rubric version", RUBRIC) if any(each.label == "Rubric version" for each in tab.at.selectbox) else tab


def answer(tab: Tab, label: str, value) -> Tab:
    box = next(each for each in tab.at.selectbox if label in each.label)
    box.set_value(value)
    return tab.run()


def named(tab: Tab, name: str = "outside", made_by: str = "program") -> Tab:
    next(each for each in tab.at.text_input if each.label == "Name of the set").set_value(name)
    answer(tab, "Who made the labels?", made_by)
    return answer(tab, "Is the scale reversed", False)


def test_labels_are_brought_in_after_a_preview_and_lead_to_their_report(empty, monkeypatch, chosen):
    chosen += [File("r1.csv", WIDE), File("r2.csv", OTHER)]
    tab = opened(monkeypatch, empty, "ana")
    assert "tone_alignment" in tab.text and "tone_compliance: 8 labels" in tab.text and "left out" in tab.text
    assert "Still needed: a name, who made the labels, 1 answer." in tab.text
    assert all_label_sets(empty) == []
    named(tab)
    assert "Still needed" not in tab.text
    tab.press("Import")
    assert "outside: 32 labels of 8 units by r1, r2, 2 dimensions" in tab.done and "labels made by a program" in tab.done
    assert 'href="/agreement?set=outside"' in tab.markup
    report = Tab(monkeypatch, empty, "ana").open("agreement", set="outside")
    assert report.markup.lower().count("labels made by a program") >= 4, "badge, provenance, captions"


def test_what_the_files_do_not_say_is_asked_and_import_waits_for_it(empty, monkeypatch, chosen):
    chosen.append(File("r1.csv", b"task_id,rater 1 cta_quality,rater 2 cta_quality\nt1,1,\nt2,?,2\n"))
    tab = named(opened(monkeypatch, empty, "ana"))
    assert "Still needed: 3 answers." in tab.text
    assert next(each for each in tab.at.button if each.label == "Import").disabled
    answer(tab, "a blank mean", "missing")
    answer(tab, "What does ? mean", "0")
    answer(tab, "one person throughout", "no")
    tab.press("Import")
    (row,) = all_label_sets(empty)
    assert (row.slots_are_people, row.read_as["said"]["words"]) == (False, {"blank": "missing", "unsure": "0"})
    assert "slots, not people" in tab.text


def test_annotators_a_file_calls_by_places_are_people_unless_somebody_says_otherwise(empty, monkeypatch, chosen):
    rows = "".join(f"t{n},annotator_{who},cta_quality,{n % 3}\n" for n in range(4) for who in (1, 2))
    chosen.append(File("long.csv", f"task_id,annotator,dimension,value\n{rows}".encode()))
    tab = named(opened(monkeypatch, empty, "ana"))
    assert "Still needed" not in tab.text
    answer(tab, "one person throughout", False).press("Import")
    assert all_label_sets(empty)[0].slots_are_people is False


def test_bad_lines_are_listed_and_nothing_can_be_imported(empty, monkeypatch, chosen):
    chosen.append(File("r1.csv", b"task_id,cta_quality\nt1,7\nt1,1\nt1,2\n"))
    tab = named(opened(monkeypatch, empty, "ana"))
    assert "cta_quality takes 0, 1, 2 and 3, not 7" in tab.refusal and "already; keep one" in tab.refusal
    assert next(each for each in tab.at.button if each.label == "Import").disabled


def test_a_file_that_is_no_labels_at_all_is_refused_in_a_sentence(empty, monkeypatch, chosen):
    chosen.append(File("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 40))
    tab = opened(monkeypatch, empty, "ana")
    assert "picture.csv" in tab.refusal and "UTF-8" in tab.refusal


def test_a_name_that_is_taken_is_refused_and_the_files_stay(empty, monkeypatch, chosen):
    import_labels(person_named(empty, "ana"), empty, [File("r1.csv", WIDE)], name="outside", made_by="model", rubric=RUBRIC)
    chosen.append(File("r1.csv", OTHER))
    tab = named(opened(monkeypatch, empty, "ana")).press("Import")
    assert "there is a label set named “outside” already" in tab.refusal.lower()
    assert "How they are read" in tab.text


def test_every_file_s_annotator_can_be_named_where_the_file_names_nobody(empty, monkeypatch, chosen):
    chosen += [File("r1.csv", WIDE), File("long.csv", b"task_id,annotator,dimension,value\nt1,zoe,cta_quality,1\n")]
    tab = opened(monkeypatch, empty, "ana")
    boxes = [each for each in tab.at.text_input if each.label.startswith("Whose labels")]
    assert len(boxes) == 1
    boxes[0].set_value("kim")
    named(tab.run()).press("Import")
    assert all_label_sets(empty)[0].annotators == ["kim", "zoe"]


def test_a_hostile_name_is_text(empty, monkeypatch, chosen):
    chosen.append(File("r1.csv", f'task_id,cta_quality,"{HOSTILE}"\nt1,1,x\n'.encode()))
    tab = named(opened(monkeypatch, empty, "ana"), HOSTILE[:50]).press("Import")
    assert "<script>" not in tab.markup and "&lt;script&gt;" in tab.markup
    Tab(monkeypatch, empty, "ana").open("two-sources")


def test_suspicions_stand_before_the_import_and_with_the_set_ever_after(empty, monkeypatch, chosen):
    chosen += [File("r1.csv", WIDE), File("r2.csv", WIDE)]
    tab = opened(monkeypatch, empty, "ana")
    assert "Suspicious: r1.csv and r2.csv are the same file, byte for byte." in tab.text
    assert "outside, suspicious: r1.csv and r2.csv are the same file" in named(tab).press("Import").text


@pytest.mark.parametrize("name", [path.name for path in sorted(FILES.iterdir()) if path.suffix != ".md"])
def test_files_of_another_rubric_are_refused_or_left_out_and_never_break_the_page(empty, monkeypatch, chosen, name):
    chosen.append(File(name, (FILES / name).read_bytes()))
    assert opened(monkeypatch, empty, "ana").title == "Label sets"


def test_an_empty_store_says_how_to_begin(empty, monkeypatch):
    assert "No labels have been imported yet" in opened(monkeypatch, empty, "ana").text
    tab = Tab(monkeypatch, empty, "ana").open("two-sources")
    assert tab.title == "Two sources of labels are needed, and there are none yet."
    assert "Import labels" in tab.labels


def test_two_annotators_of_many_are_chosen_on_the_agreement_page(empty, monkeypatch):
    """With pairs over two annotators left out, as they are over twenty."""
    monkeypatch.setattr(pairs, "MOST_ANNOTATORS", 2)
    files = [File(f"r{n}.csv", b"task_id,cta_quality\nt1,%d\nt2,2\n" % n) for n in range(3)]
    files.append(File("r3.csv", b"task_id,cta_quality\nt3,1\n"))
    person = person_named(empty, "ana")
    import_labels(person, empty, files, name="many", made_by="person-blind", rubric="tenacious-v1")
    tab = Tab(monkeypatch, empty, "ana").open("agreement", set="many")
    assert "Figures per pair are left out: there are 6 pairs. Choose two annotators to see theirs." in tab.text
    assert "how often r0 and r1 used it" in tab.text and "how often r0 and r2" not in tab.text
    assert "how often r0 and r2 used it" in answer(tab, "Another annotator", "r2").text
    assert "No draft has labels of both r0 and r3" in answer(tab, "Another annotator", "r3").text


def test_two_sources_are_set_side_by_side_and_the_address_keeps_them(sample, monkeypatch):
    units = b"draft_id,cta_quality\n" + b"".join(b"sample-draft-%02d,2\n" % n for n in range(1, 31))
    import_labels(
        person_named(sample, CLEO),
        inside(sample, "Sample"),
        [File("scorer.csv", units)],
        name="machine",
        made_by="program",
        rubric="tenacious-v1",
    )
    tab = Tab(monkeypatch, sample, CLEO).open("two-sources", a=f"gold:{CLOSED}", b="set:machine")
    assert tab.title.startswith("Two sources")
    assert "set:machine made by a program" in tab.text
    assert tab.at.query_params["b"] in ("set:machine", ["set:machine"])
    answer(tab, "Second", f"round:{CLOSED}/{ANA}")
    assert "agreement of gold with labels of a person, blind" in tab.text
    assert "settled from these labels too" in tab.text


def test_two_sources_with_many_labels_are_compared_when_it_is_asked_for(sample, monkeypatch):
    units = b"draft_id,cta_quality\n" + b"".join(b"sample-draft-%02d,2\n" % n for n in range(1, 31))
    lead, files = person_named(sample, CLEO), [File("scorer.csv", units)]
    import_labels(lead, inside(sample, "Sample"), files, name="machine", made_by="program", rubric="tenacious-v1")
    monkeypatch.setattr(asking, "AT_ONCE", 10)
    tab = Tab(monkeypatch, sample, CLEO).open("two-sources", a=f"gold:{CLOSED}", b="set:machine")
    assert f"Not compared yet: gold of {CLOSED}, and the label set machine." in tab.text
    assert "labels of both are counted" in tab.text and "confidence" not in tab.text and not tab.at.get("plotly_chart")
    tab.press("Compare them")
    assert "set:machine made by a program" in tab.text and "Compare them" not in tab.labels
    assert "Compare them" in tab.open("two-sources", a=f"round:{CLOSED}/{ANA}", b="set:machine").labels
    kept = {"a": f"gold:{CLOSED}", "b": f"round:{CLOSED}/{ANA}"}
    assert "settled from these labels too" in tab.open("two-sources", **kept).text, "what was kept at closing says it all"
    assert "labels of the three are read" in tab.open("two-sources", **kept, against="set:machine").text
    assert "No unit was labelled by gold" in tab.press("Compare with it").text and "Compare with it" not in tab.labels


def test_two_sources_of_one_round_show_the_figures_of_its_report(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("two-sources", a=f"round:{CLOSED}/{ANA}", b=f"round:{CLOSED}/Sample Ben")
    assert "Inter-rater agreement of two people who labelled blind" in tab.text
    assert "made by" not in tab.text


def test_what_an_annotator_s_column_and_the_files_together_do_not_say_is_asked_on_the_page_too(empty, monkeypatch, chosen):
    chosen.append(File("a.csv", b"item,mia,noa,pages\nT-1,2,1,3\nt-1,0,.,2\n"))
    tab = opened(monkeypatch, empty, "ana")
    answer(tab, "What does ", "missing")
    answer(tab, "name none", "cta_quality")
    named(tab)
    next(each for each in tab.at.multiselect if "one annotator" in each.label).set_value(["mia", "noa"])
    tab.run()
    answer(tab, "differ only in their form", "no").press("Import")
    (row,) = all_label_sets(empty)
    assert (row.annotators, row.left_out) == (["mia", "noa"], {"a.csv": ["pages"]})


def test_a_judge_s_origin_is_asked_beside_the_set_s(empty, monkeypatch, chosen):
    chosen.append(File("a.csv", b"task_id,judge,cta_quality\nt1,m-1,2\nt2,m-1,1\n"))
    chosen.append(File("b.csv", b"task_id,cta_quality\nx1,2\nx2,1\n"))
    tab = named(opened(monkeypatch, empty, "ana"))
    assert "Look at this: no unit has labels by two annotators" in tab.text
    assert "Still needed: 1 answer." in tab.text
    answer(tab, "Who made the labels of m", "model").press("Import")
    assert all_label_sets(empty)[0].read_as["origins"] == {"m-1": "model"}
