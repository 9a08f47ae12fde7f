"""Reports and codebooks as files: the figures of the JSON, the same bytes again, nothing from outside taken for markup."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import touchstone
from db.engine import open_engine
from tests.agreement.test_round_reports import ANA, BEN
from tests.support.kept_stores import kept
from tests.support.reading_papers import Reader, both, refusal, rendered
from tests.support.small_stores import CTA, RUBRIC, TONE, label_all, opened, people, save, skip_draft, stock
from touchstone import papers
from touchstone.agreement.coefficient import OF_ALL, OF_TWO
from touchstone.agreement.estimation.icc import ICCS
from touchstone.agreement.figure import short
from touchstone.rubric import codebook
from workflow import clock
from workflow.agreement.papers import report as paper
from workflow.agreement.pseudonyms import pseudonyms_for
from workflow.agreement.reports import agreement_of_rounds, agreement_of_set
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.labelling.own_labels import own_drafts
from workflow.maintenance import store_backup
from workflow.people.people import person_named
from workflow.rounds.closing import close_round
from workflow.rubric import rubrics

PROJECT = Path(__file__).resolve().parents[2]


def rounded(e: dict) -> list[str] | None:
    return None if e["value"] is None else [f"{e[key]:.4f}".replace("-", "−") for key in ("value", "low", "high")]


def leaves(document: dict) -> list[list[str] | None]:
    """Every figure of a part of the JSON in its order, as a table would show it."""
    found = []
    for value in document.values():
        if isinstance(value, dict):
            found += [rounded(value)] if "value" in value else leaves(value)
    return found


def shown(rows: list[list[str]], first: int = 1) -> list[list[str] | None]:
    return [None if "undefined" in row[first] else row[first : first + 3] for row in rows[1:]]


@pytest.fixture
@kept
def team(engine):
    return build(engine)


def build(engine):
    """A closed round with a flagged dimension and an undefined one."""
    found = people(engine, "lead", "ana", "ben")
    stock(engine, found[0], 14)
    opened(engine, found[0], draft_ids=list(ANA))
    label_all(engine, found[1], ANA)
    label_all(engine, found[2], BEN)
    close_round(found[0], engine, "pilot")
    return found


def second_round(engine, team):
    lead, ana, ben = team
    opened(engine, lead, "second", continues="pilot", drafts=2, annotators=["ben", "ana"])
    for person in (ana, ben):
        for draft_id in own_drafts(person, engine, "second")[0]:
            save(engine, person, draft_id, (1, 2), round_name="second")
    close_round(lead, engine, "second")


def three(engine, team):
    lead, ana, ben = team
    (cleo,) = people(engine, "cleo")
    opened(engine, lead, "three", annotators=["ana", "ben", "cleo"], draft_ids=["d11", "d12", "d13"])
    for person, levels in ((ana, (0, 1, 2)), (ben, (0, 1, 2)), (cleo, (0, 1, 3))):
        label_all(engine, person, {f"d1{n}": (level, 1) for n, level in enumerate(levels, 1)}, round_name="three")
    close_round(lead, engine, "three")


# The figures


@pytest.mark.parametrize("names", [["pilot"], ["pilot", "second"], ["three"]], ids=" + ".join)
def test_every_figure_of_the_files_is_the_jsons_to_four_decimals(engine, team, names):
    second_round(engine, team)
    if names == ["three"]:
        opened(engine, team[0], "kept free", draft_ids=["d14"])
        three(engine, team)
    report = agreement_of_rounds(team[0], engine, names)
    document = report.as_json()["dimensions"]
    for kind, parts in both(report):
        assert len(parts) == len(document) == 2
        for (key, each), part in zip(document.items(), parts, strict=True):
            *of_pairs, overall, intraclass = part.tables
            assert shown(intraclass) == leaves(each["icc"]) and len(intraclass) == 1 + len(ICCS)
            assert len(of_pairs) == 4 * len(each["pairs"]), kind
            for place, pair in enumerate(each["pairs"]):
                confusion, beside, levels, figures = of_pairs[4 * place : 4 * place + 4]
                rows, columns = [sum(row) for row in pair["table"]], [sum(column) for column in zip(*pair["table"], strict=True)]
                assert [list(map(int, row[1:])) for row in confusion[1:]] == [
                    *([*row, total] for row, total in zip(pair["table"], rows, strict=True)),
                    [*columns, pair["n"]],
                ]
                titled = [level.in_words for level in report.rubric.dimension(key).levels]
                assert [row[:3] for row in levels[1:]] == [
                    [level, *map(str, row)] for level, *row in zip(titled, rows, columns, strict=True)
                ]
                assert [row[0] for row in confusion[1:]] == [*titled, "Σ"] and confusion[0][1:] == [*titled, "Σ"]
                assert shown(levels, 3) == leaves(pair["per_level"])
                assert shown(figures) == leaves({key: pair[key] for key in pair if key != "per_level"})
                assert len(figures) == 1 + len(OF_TWO)
                plain = [pair[key] for key in ("max_kappa", "pabak", "prevalence_index", "bias_index")]
                assert [row[1] for row in beside[1:3]] == ["undefined" if each is None else f"{each:.4f}" for each in plain[:2]]
                assert plain[2:] == [None, None] and [row[1] for row in beside[3:]] == ["of two levels only"] * 2
            assert shown(overall) == leaves(each["overall"])
            assert len(overall) == 1 + len(OF_ALL)
            for warning in each["warnings"]:
                assert warning in part.text
            assert f"threshold {short(each['threshold'])}" in part.text
            assert (each["verdict"] or "undefined") in part.text.casefold()


def test_the_html_holds_the_json_itself(engine, team):
    report = agreement_of_rounds(team[0], engine, ["pilot"])
    found = re.search("<pre>(.*)</pre>", paper.html(report), re.DOTALL)[1]
    assert json.loads(Reader(found).text) == report.as_json()


def test_the_row_the_threshold_is_about_is_marked(engine, team):
    second_round(engine, team)
    three(engine, team)
    for names, row in ((["pilot"], "Cohen’s kappa, unweighted"), (["three"], "Krippendorff’s alpha, nominal")):
        html = paper.html(agreement_of_rounds(team[0], engine, names))
        assert set(re.findall(r'<tr class="judged"><th scope="row">(.*?)</th>', html)) == {f"{row} (judged)"}


def test_what_is_undefined_says_why_and_nothing_is_nan(engine, team):
    report = agreement_of_rounds(team[0], engine, ["pilot"])
    for text in (paper.html(report), paper.markdown(report)):
        words = Reader(text.split("<details>")[0]).text
        assert words.count("undefined: every label is 2") > 5
        assert "Every label is 2: kappa is undefined, agreement is 100 % of 10." in words
        assert not re.search(r"\bnan\b|\bNone\b", words)


def test_a_round_nobody_labelled_in_has_a_file_without_a_figure(engine, team):
    opened(engine, team[0], "empty", draft_ids=["d11"])
    close_round(team[0], engine, "empty", early="cancelled")
    report = agreement_of_rounds(team[0], engine, ["empty"])
    for text in (paper.html(report), paper.markdown(report)):
        assert "No two annotators labelled the same draft" in text
        assert "undefined: no label to compare" in text
        assert "early: cancelled" in text


def test_the_second_opinion_stands_at_the_top_and_with_each_dimension(engine, team):
    report = agreement_of_rounds(team[0], engine, ["pilot"])
    for kind, parts in both(report):
        for (_, opinion), part in zip(report.second_opinion.items(), parts, strict=True):
            assert opinion.lines and all(line in part.text for line in opinion.lines), kind
    for draw in (paper.html, paper.markdown):
        assert "Second opinion: scikit-learn" in draw(report)
        assert "Second opinion" not in draw(agreement_of_rounds(team[0], engine, ["pilot"], opinion=False))


# Where it came from


def test_the_files_say_where_the_labels_came_from(engine):
    with clock.at(datetime(2026, 3, 2, 9, 5, tzinfo=UTC)):
        team = build(engine)
    with clock.at(datetime(2026, 3, 4, 16, 0, tzinfo=UTC)):
        second_round(engine, team)
    report = agreement_of_rounds(team[0], engine, ["pilot", "second"])
    for text in (paper.html(report), rendered(paper.markdown(report))):
        words = Reader(text).text
        for said in (
            "pilot + second",
            "2 March 2026, 09:05 UTC",
            "4 March 2026, 16:00 UTC",
            report.rubric.digest,
            RUBRIC,
            "10 drafts, each by both annotators; seed",
            "inter-rater round",
            "ana and ben",
            "people, blind",
            f"Touchstone {touchstone.__version__}",
        ):
            assert said in words, said
        assert Reader(text).tables[-1][1:] == [["ana", "12", "12"], ["ben", "12", "12"]]
    assert [source["labels"]["ana"] for source in report.as_json()["sources"]] == [{TONE: 10, CTA: 10}, {TONE: 2, CTA: 2}]


def of_files(engine, team, names=("ana", "ben"), made_by="program"):
    files = [
        File(
            f"{who}_labels.csv",
            b"draft_id,mood,tone_alignment\n" + "".join(f"{unit},ok,{tone}\n" for unit, (tone, _) in labels.items()).encode(),
        )
        for who, labels in zip(names, (ANA, BEN), strict=True)
    ]
    import_labels(team[0], engine, files, name="Outside", made_by=made_by, rubric=RUBRIC, annotators=list(names))
    return files


def test_the_file_of_a_label_set_names_its_files_with_their_digests_and_who_made_them(engine, team):
    of_files(engine, team)
    report = agreement_of_set(team[0], engine, "outside")
    for text in (paper.html(report), rendered(paper.markdown(report))):
        words = Reader(text).text
        for file in report.sources[0].files:
            assert f"{file.name}" in words and file.digest in words and len(file.digest) == 64
        assert "made by a program" in words and "left out of ana_labels.csv: mood" in words
        assert Reader(text).tables[-1][1:] == [["ana", "10"], ["ben", "10"]]


def test_the_version_of_the_program_is_that_of_the_changelog():
    newest = re.search(r"^## (\S+?),? ", (PROJECT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)[1]
    assert newest == touchstone.__version__


# The same bytes


def test_the_same_store_gives_the_same_bytes_also_in_the_other_database(sqlite_engine, postgresql_url, tmp_path):
    team = build(sqlite_engine)
    second_round(sqlite_engine, team)
    of_files(sqlite_engine, team)
    opened(sqlite_engine, team[0], "short", draft_ids=["d13", "d14"])
    for person, draft_id in ((team[2], "d14"), (team[1], "d14"), (team[1], "d13")):
        skip_draft(sqlite_engine, person, draft_id, "blank", round_name="short")
    close_round(team[0], sqlite_engine, "short", early="enough")
    store_backup.backup(sqlite_engine, tmp_path / "backup.sqlite")
    other = open_engine(postgresql_url)
    try:
        store_backup.restore(other, tmp_path / "backup.sqlite")
        made = [every_paper(engine) for engine in (sqlite_engine, sqlite_engine, other)]
    finally:
        other.dispose()
    assert made[0] == made[1] == made[2]
    assert len(set(made[0])) == len(made[0]) == 16


def every_paper(engine) -> list[str]:
    lead = person_named(engine, "lead")
    found = []
    for codes in (False, True):
        reports = [agreement_of_rounds(lead, engine, names, codes=codes) for names in (["pilot"], ["pilot", "second"], ["short"])]
        reports.append(agreement_of_set(lead, engine, "outside", codes=codes))
        found += [draw(report) for report in reports for draw in (paper.html, paper.markdown)]
    return found


# Codes


def test_codes_stand_for_every_name_in_a_round_also_in_what_people_typed(engine):
    lead, zoe, will = people(engine, "lead", "Zoë Ana", "Will Ana")
    stock(engine, lead, 6)
    opened(engine, lead, "zoë ana against WILL ANA", ["Zoë Ana", "Will Ana"])
    name = "zoë ana against WILL ANA"
    label_all(engine, zoe, {"d01": (0, 0), "d02": (0, 1), "d03": (0, 1)}, round_name=name)
    label_all(engine, will, {"d01": (0, 0), "d02": (1, 1), "d03": (1, 1)}, round_name=name)
    skip_draft(engine, zoe, "d04", "Will says it is blank; we will see", round_name=name)
    close_round(lead, engine, name, early="Zoë is away, zoë  ana says")
    plain, coded = (agreement_of_rounds(lead, engine, [name], codes=codes) for codes in (False, True))
    assert coded.annotators == ("A", "B") and coded.name == "A against B"
    assert coded.notes[0] == "A against B was closed early: A is away, A says"
    assert coded.notes[-1] == "1 skip, counted as missing labels: d04 by A (B says it is blank; we will see)"
    assert "A gave every draft 0" in coded.dimensions[TONE].warnings[0]
    for text in (paper.html(coded), paper.markdown(coded), json.dumps(coded.as_json(), ensure_ascii=False)):
        assert not re.search(r"zoë|Will|\bana\b", text), re.findall(r".{20}(?:zoë|Will|\bana\b)", text)
    assert [leaves(each["overall"]) for each in plain.as_json()["dimensions"].values()] == [
        leaves(each["overall"]) for each in coded.as_json()["dimensions"].values()
    ]


def test_codes_number_the_files_of_a_label_set(engine, team):
    of_files(engine, team, names=("Zelda", "Yorick"))
    report = agreement_of_set(team[0], engine, "outside", codes=True)
    assert [tuple(each)[::2] for each in report.sources[0].files] == [("file 1", "A"), ("file 2", "B")]
    for text in (paper.html(report), paper.markdown(report), json.dumps(report.as_json())):
        assert not re.search("zelda|yorick", text, re.IGNORECASE)
        assert "left out of file 1: mood" in text


@pytest.mark.parametrize(
    ("names", "text", "expected"),
    [
        (["ana", "ben"], "ana_1.csv, Ana's, banana, ben", "A_1.csv, A's, banana, B"),
        (["B", "A"], "B and A", "B and A"),
        (["1", "2"], "level 2 of 12", "level 2 of 12"),
        (["ann", "ann lee"], "ann lee, ann", "B, A"),
        (["a.b", "x+"], "a.b axb", "A axb"),
        ([], "anyone", "anyone"),
    ],
)
def test_a_name_is_replaced_where_it_stands_as_a_word(names, text, expected):
    assert pseudonyms_for(names).within(text) == expected


def test_codes_go_on_after_z():
    codes = pseudonyms_for(map(str, range(100, 100 + 704)))
    assert [codes.of(str(100 + place)) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    assert pseudonyms_for(["ana"], wanted=False).of("ana") == "ana"


# Writing


def test_a_paper_is_written_whole_and_replaces_the_paper_before(tmp_path):
    to = tmp_path / "report.html"
    papers.write(to, "<!-- Touchstone --> one")
    papers.write(to, "<!-- Touchstone --> two")
    assert to.read_text() == "<!-- Touchstone --> two"
    assert list(tmp_path.iterdir()) == [to]


def test_a_write_that_fails_leaves_the_paper_before(tmp_path, monkeypatch):
    to = papers.write(tmp_path / "report.html", "<!-- Touchstone --> one")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert refusal(papers.write, to, "two") == f"{to} cannot be written (No space left on device); name another file"
    assert to.read_text() == "<!-- Touchstone --> one"
    assert list(tmp_path.iterdir()) == [to]


def test_a_file_that_is_no_paper_is_left_alone(tmp_path):
    to = tmp_path / "store.db"
    to.write_bytes(b"SQLite format 3\0")
    assert "something other than a Touchstone report" in refusal(papers.write, to, "x")
    assert to.read_bytes() == b"SQLite format 3\0"
    assert refusal(papers.write, tmp_path, "x") == f"{tmp_path} is a folder; name a file in it"
    assert "there is no folder" in refusal(papers.write, tmp_path / "no" / "a.html", "x")


def test_every_paper_says_at_its_start_that_it_is_one(engine, team, tmp_path):
    report = agreement_of_rounds(team[0], engine, ["pilot"])
    for text in (paper.html(report), paper.markdown(report), codebook.html(report.rubric)):
        to = papers.write(tmp_path / "paper", text)
        assert papers.write(to, text).read_text("utf-8") == text


@pytest.mark.parametrize(
    ("name", "stem"), [("Sample round 1", "sample-round-1"), ("März/../x", "marz-x"), ("测试", "report"), ('a"b<c>', "a-b-c")]
)
def test_a_name_becomes_a_file_name_of_plain_letters(name, stem):
    assert papers.file_stem(name) == stem


# The codebook


@pytest.mark.parametrize("path", sorted(rubrics.FOLDER.glob("*.yml")), ids=lambda path: path.stem)
def test_the_codebook_has_all_an_annotator_needs_of_every_version(path):
    rubric = rubrics.rubric_named(None, path.stem)
    html = codebook.html(rubric)
    words = " ".join(Reader(html).text.split())
    assert html == codebook.html(rubrics.rubric_named(None, path.name))
    for said in (rubric.title, rubric.name, rubric.digest, rubric.about, *(field.title for field in rubric.fields)):
        assert " ".join(said.split()) in words
    for each in rubric.dimensions:
        for said in (
            each.title,
            each.question,
            each.guidance,
            *(part for level in each.levels for part in (str(level.value), level.title, level.anchor)),
        ):
            assert " ".join(said.split()) in words, said


def test_the_codebook_of_a_published_version_whose_file_is_gone_comes_from_the_store(engine, team, tmp_path, monkeypatch):
    before = rubrics.rubric_named(engine, RUBRIC)
    monkeypatch.setattr(rubrics, "FOLDER", tmp_path)
    assert codebook.html(rubrics.rubric_named(engine, RUBRIC)) == codebook.html(before)
    assert "cannot be read" in refusal(rubrics.rubric_named, engine, "nowhere-v1")
    assert "cannot be read" in refusal(rubrics.rubric_named, None, RUBRIC)
    assert "is a path" in refusal(rubrics.rubric_named, engine, "../tenacious-v1")
    (tmp_path / f"{RUBRIC}.yml").write_text("rubric: tenacious\n")
    assert "is not a valid rubric yet" in refusal(rubrics.rubric_named, engine, RUBRIC)


def test_a_published_version_whose_file_has_changed_has_no_codebook(engine, team, tmp_path, monkeypatch):
    source = (rubrics.FOLDER / f"{RUBRIC}.yml").read_bytes()
    monkeypatch.setattr(rubrics, "FOLDER", tmp_path)
    (tmp_path / f"{RUBRIC}.yml").write_bytes(source + b"# more\n")
    assert "has changed since it was published" in refusal(rubrics.rubric_named, engine, RUBRIC)
