"""import-labels and compare-sources: what is printed, what is refused by the option's name, and exit codes."""

import json

import pytest

from tests.support.commands import done, refused, run, sentence
from tests.support.label_files import FILES
from tests.support.sample_store import ANA, CLOSED, OPEN, RUBRIC

SET = ("--set", "outside", "--made-by", "program", "--rubric", RUBRIC)


@pytest.fixture
def csv(tmp_path):
    def write(text: str, name: str = "ana.csv"):
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return write


def test_a_preview_shows_each_column_and_stores_nothing(new_url, csv):
    file = csv("task_id,tone_alignment,mood\nt1,2,x\nt2,3.0,x\n")
    for option in ("--preview", "--dry-run"):
        shown = done("import-labels", file, *SET, option)
        assert shown.startswith("nothing was stored; this would be 2 labels of 2 units by ana, 1 dimension")
        assert "tone_alignment: tone_compliance: 2 labels (2: 1, 3: 1)" in shown and "mood: left out" in shown
        assert "none of 2 units is a draft or a task in the store" in shown and "if not, say --reverse" in shown
    assert "there is no label set" in sentence("report", "--set", "outside")


@pytest.mark.parametrize(
    ("cell", "option", "meant"),
    [
        ("", "--blank", "missing"),
        ("n/a", "--na", "missing"),
        ("?", "--unsure", "1"),
        ("false", "--false", "0"),
        ("yes", "--true", "3"),
    ],
)
def test_what_cannot_be_known_is_refused_by_the_name_of_its_option_and_taken_with_it(new_url, csv, cell, option, meant):
    file = csv(f"task_id,cta_quality\nt1,{cell}\nt2,2\n")
    said = refused("import-labels", file, *SET)
    assert option in said and "line 2:" in said
    result = run("import-labels", file, *SET, "--preview")
    assert result.exit_code == 1 and f"Say {option} missing or 0 or 1 or 2 or 3" in result.stdout
    assert "1 question to answer" in result.stderr
    assert "outside: " in done("import-labels", file, *SET, option, meant)


def test_slots_are_asked_about_and_their_report_has_no_pairs(new_url, csv):
    rows = "".join(f"t{n},{n % 4},{(n + n % 2) % 4}\n" for n in range(12))
    file = csv(f"task_id,rater1_cta_quality,rater2_cta_quality\n{rows}")
    assert "--slots-are-people yes, or no" in refused("import-labels", file, *SET)
    assert "not maybe" in sentence("import-labels", file, *SET, "--slots-are-people", "maybe")
    done("import-labels", file, *SET, "--slots-are-people", "no")
    found = json.loads(done("report", "--set", "outside", "--json"))["dimensions"]["cta_quality"]
    assert (found["pairs"], found["statistic"], found["overall"]["conger"]["reason"]) == ([], "alpha", "slots are not people")
    assert "figures per pair are not given" in done("report", "--set", "outside")


def test_strict_reverse_unit_and_dimension_do_what_they_say(new_url, csv):
    file = csv("reply,cta_quality,mood\nt1,0,x\n")
    assert "there is no column draft_id" in refused("import-labels", file, *SET)
    assert "mood is neither a dimension" in refused("import-labels", file, *SET, "--unit", "reply", "--strict")
    done("import-labels", file, *SET, "--unit", "reply", "--reverse")
    assert "reversed" in done("report", "--set", "outside")
    bare = csv('{"id": 1, "text": "x", "label": ["2"]}\n', "bare.jsonl")
    more = ("--set", "bare", *SET[2:])
    assert "--dimension" in refused("import-labels", bare, *more)
    assert "bare: 1 label of 1 unit by bare" in done("import-labels", bare, *more, "--dimension", "cta_quality")


def test_every_figure_in_the_terminal_says_that_a_program_made_the_labels(new_url, csv):
    rows = "".join(f"t{n},{n % 4},{n % 3}\n" for n in range(9))
    files = [csv(f"task_id,cta_quality,tone_alignment\n{rows}", name) for name in ("a.csv", "b.csv")]
    said = done("import-labels", *files, *SET)
    assert "! suspicious: a.csv and b.csv are the same file, byte for byte" in said
    shown = done("report", "--set", "outside").splitlines()
    assert all("labels made by a program" in line for line in shown if "kappa (" in line or line.startswith("  agreement"))
    assert any("suspicious: a.csv and b.csv" in line for line in shown)


def test_import_in_json_is_one_document(new_url, csv):
    file = csv("task_id,cta_quality\nt1,2\n")
    assert json.loads(done("import-labels", file, *SET, "--preview", "--json"))["files"][0]["fields"]["task_id"] == "the unit"
    result = run("import-labels", csv("task_id,cta_quality\nt1,\n", "b.csv"), *SET, "--preview", "--json")
    assert result.exit_code == 1 and [each["key"] for each in json.loads(result.stdout)["questions"]] == ["blank"]
    made = json.loads(done("import-labels", file, *SET, "--json"))
    assert (made["labels"], made["made_by"], made["joined"]["neither"]) == (1, "program", 1)


@pytest.mark.parametrize("name", [path.name for path in sorted(FILES.iterdir())])
def test_a_file_of_any_tool_is_taken_or_refused_in_sentences(new_url, name):
    result = run("import-labels", FILES / name, *SET)
    assert result.exit_code == 1 and "Traceback" not in result.output


def test_two_sources_are_compared_with_their_tables(sample_url, csv):
    file = csv("draft_id,cta_quality\n" + "".join(f"s{n:02},2\n" for n in range(1, 31)), "scorer.csv")
    done("import-labels", file, *SET)
    shown = done("compare-sources", f"round:{CLOSED}/{ANA}", f"gold:{CLOSED}")
    assert "agreement of labels of a person, blind with gold" in shown and "rows are the first, columns the second" in shown
    found = json.loads(done("compare-sources", f"round:{CLOSED}/{ANA}", f"round:{CLOSED}/Sample Ben", "--json"))
    assert found["relation"].startswith("inter-rater") and found["joined"] == 30 and found["sample"]
    report = json.loads(done("report", CLOSED, "--json"))["dimensions"]
    for key, each in found["dimensions"].items():
        assert each["table"] == report[key]["pairs"][0]["table"]
        assert each["kappa"]["unweighted"]["value"] == report[key]["pairs"][0]["kappa"]["unweighted"]["value"]


def test_sources_that_are_none_and_open_rounds_are_refused_in_one_sentence(sample_url):
    assert "blind" in sentence("compare-sources", f"round:{OPEN}/{ANA}", f"gold:{CLOSED}")
    assert "blind" in sentence("compare-sources", f"gold:{CLOSED}", f"gold:{OPEN}")
    assert "is not a source" in sentence("compare-sources", "nowhere", f"gold:{CLOSED}")


def test_columns_of_any_name_are_read_as_they_are_said_to_be_and_that_is_kept(new_url, csv):
    file = csv("Fall;Prüferin;Merkmal;Urteil;Notiz\nF-1;Anna;Ton;gut;x\nF-1;Berta;Ton;2;\nF-2;Anna;Laune;1;\n", "urteile.csv")
    unread = refused("import-labels", file, *SET)
    assert "What is read: a column a dimension" in unread and "--value-field" in unread
    guessed = run("import-labels", file, *SET, "--preview")
    assert guessed.exit_code == 1 and "  Prüferin: the annotator (a guess: by its name)" in guessed.stdout
    assert "--unit Fall --annotator-field 'Prüferin' --dimension-field Merkmal --value-field Urteil" in guessed.stdout
    columns = ("--unit", "Fall", "--annotator-field", "Prüferin", "--dimension-field", "Merkmal", "--value-field", "Urteil")
    more = ("--called", "Ton=tone_alignment", "--called", "Laune=", "--means", "gut=3")
    shown = done("import-labels", file, *SET, *columns, *more, "--preview")
    assert "urteile.csv: columns as they were said to be, 2 labels by Anna and Berta" in shown
    assert "  > F-1, Anna: tone_compliance 3" in shown and "left out of urteile.csv: Laune, Notiz" in shown
    first = json.loads(done("import-labels", file, *SET, *columns, *more, "--preview", "--json"))["files"][0]["first"]
    assert first[1] == {"unit": "F-1", "annotator": "Berta", "dimension": "tone_compliance", "value": 2}
    assert "outside: 2 labels of 1 unit by Anna, Berta, 1 dimension" in done("import-labels", file, *SET, *columns, *more)
    assert "nothing changed" in done("import-labels", file, *SET, *columns, *more)
    assert "of other files or another origin" in sentence("import-labels", file, *SET, *columns, *more[:4], "--means", "gut=2")
    assert "“gut” as 3" in done("report", "--set", "outside")


def test_raters_paths_and_a_dimension_a_column_are_said_on_the_command_line(new_url, csv):
    records = [{"case": {"ref": "a"}, "by": {"ana": {"t": 2}, "ben": {"t": 1}}}, {"case": {"ref": "b"}, "by": {"ana": {"t": 0}}}]
    file = csv(json.dumps(records), "nested.json")
    fields = ("--value-field", "by.ana.t=tone_compliance by ana", "--value-field", "by.ben.t=tone_compliance by ben")
    made = done("import-labels", file, *SET, "--unit", "case.ref", *fields, "--blank", "missing")
    assert "outside: 3 labels of 2 units by ana, ben" in made
    pivot = csv("Fall,Anna,Berta\na,2,1\n", "pivot.csv")
    more = ("--set", "pivot", *SET[2:], "--unit", "Fall", "--raters", "Anna,Berta", "--dimension", "cta_quality")
    assert "pivot: 2 labels of 1 unit by Anna, Berta" in done("import-labels", pivot, *more, "--means", "x=missing")
    said = ("import-labels", pivot, *SET, "--value-field", "Anna")
    assert "--unit and its name" in sentence(*said)
    assert "there is no column “Case”; the file has Fall, Anna, Berta" in refused(*said, "--unit", "Case")
    assert "--called takes NAME=KEY" in sentence(*said, "--unit", "Fall", "--called", "tone")
