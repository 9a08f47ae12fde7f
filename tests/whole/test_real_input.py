"""The seed's own files and published cases. They lie beside the checkout in ../shared (or where TOUCHSTONE_SHARED says)
and are no part of the project: without them these tests are passed over."""

import csv
import json
import random
from collections import Counter

import pytest

from tests.support.shared_input import SHARED
from tests.support.small_stores import rows
from touchstone.agreement.coefficient import FLEISS, KAPPA, PERCENT, QUADRATIC_KAPPA, Coefficient
from touchstone.agreement.estimation.formulas import are_numbers, patterns_of
from touchstone.agreement.report import dimension_report
from touchstone.agreement.report import figures as figures_of
from touchstone.claims.claim import CAN, CANNOT
from touchstone.claims.verification import DOES_NOT, FOLLOWS, NO_LABELS
from touchstone.data.counts import Counts
from touchstone.data.label_file import read_decisions, read_labels
from touchstone.scorer.batch import drafts_of_files, score_drafts
from touchstone.scorer.scoring import Scorer
from workflow.agreement.disagreements import disagreements_on, draft_of
from workflow.agreement.reports import agreement_of_rounds, agreement_of_set
from workflow.claims.checking import check_alone, check_published
from workflow.data.task_import import import_drafts, import_tasks, whats_there
from workflow.gold.adjudication import decide_from_rows, open_disagreements, round_drafts
from workflow.gold.export import export_gold
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.labelling.own_labels import label_from_rows, own_drafts
from workflow.maintenance.store_check import check_store
from workflow.people.people import add_person, person_named
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rubric import rubrics
from workflow.scorer import scoring

SEED, CASES, FORMATS = SHARED / "seed", SHARED / "cases" / "agreement-cases.json", SHARED / "formats"
RUBRIC = "tenacious-v1"
FLAGGED = ["tone_compliance", "bench_fit_alignment", "personalization_depth"]
KAPPAS = {
    "signal_grounding": (0.856688, 0.952),
    "tone_compliance": (0.789474, 0.904),
    "cta_quality": (0.852941, 0.945),
    "bench_fit_alignment": (0.794168, 0.916),
    "personalization_depth": (0.681818, 0.885),
}  # unweighted, quadratic
PERCENTS = [90.0, 86.7, 90.0, 86.7, 76.7]
PUBLISHED = ["signal_grounding", "tone_alignment", "cta_quality", "bench_fit_accuracy", "personalization_depth"]
ABOUT = {
    "signal_grounding": (0.65, 0.95),
    "tone_compliance": (0.53, 0.92),
    "cta_quality": (0.63, 0.95),
    "bench_fit_alignment": (0.56, 0.92),
    "personalization_depth": (0.44, 0.83),
}

TRAPS = SEED.parent / "cases" / "scorer-traps.jsonl"
needs_seed = pytest.mark.skipif(not SEED.is_dir(), reason=f"the seed's files are not at {SEED}")
needs_cases = pytest.mark.skipif(not CASES.is_file(), reason=f"the published cases are not at {CASES}")
needs_formats = pytest.mark.skipif(not FORMATS.is_dir(), reason=f"the sample formats are not at {FORMATS}")


def of_seed(name: str) -> bytes:
    return (SEED / name).read_bytes()


def bring_in(engine):
    lead = add_person(None, engine, "lead")
    tasks = [
        import_tasks(lead, engine, of_seed(f"tasks-{name}.jsonl"), f"tasks-{name}.jsonl", partition=name).tasks_added
        for name in ("train", "dev")
    ]
    drafts = import_drafts(lead, engine, of_seed("drafts.jsonl"), "drafts.jsonl").drafts_added
    return lead, tasks, drafts


@needs_seed
def test_the_seeds_tasks_and_drafts_come_in_as_they_are_and_again_change_nothing(engine):
    lead, tasks, drafts = bring_in(engine)
    assert (tasks, drafts) == ([100, 60], 105)
    assert bring_in(engine)[1:] == ([0, 0], 0)
    assert whats_there(engine) == (160, 105)


def labels_file(drafts, annotator: str, keys) -> bytes:
    """Invented levels: the second annotator is one level higher on every tenth cell."""
    lines = ["draft_id,annotator,dimension,value"]
    cells = [(draft, key) for draft in sorted(drafts) for key in keys]
    for place, (draft, key) in enumerate(cells):
        level = place % 3 + (annotator == "ben" and place % 10 == 0)
        lines.append(f"{draft},{annotator},{key},{level}")
    return "\n".join(lines).encode()


@needs_seed
def test_a_round_of_thirty_of_the_seeds_drafts_lives_its_whole_life(engine, tmp_path):
    lead, *_ = bring_in(engine)
    people = [add_person(None, engine, name) for name in ("ana", "ben")]
    opened = open_round(
        lead,
        engine,
        RoundDesign("thirty", rubric=RUBRIC, annotators=["ana", "ben"], drafts=30, strata=["dimension", "difficulty"]),
    )
    assert opened.drafts == 30
    for person in people:
        drafts, rubric, found = own_drafts(person, engine, "thirty")
        source = labels_file(drafts, person.name, found.dimensions)
        read, others, problems = read_labels(source, person.name, drafts, rubric, found.dimensions)
        assert (len(read), others, problems) == (30, 0, [])
        assert label_from_rows(person, engine, "thirty", read, person.name) == (30, 0)
    close_round(lead, engine, "thirty")

    report = agreement_of_rounds(lead, engine, ["thirty"])
    assert {each.units_with_two for each in report.dimensions.values()} == {30}
    waiting = open_disagreements(lead, engine, "thirty").waiting
    assert len(waiting) == 15
    assert sum(len(disagreements_on(lead, engine, key, round_name="thirty")) for key in report.dimensions) == 15

    drafts, rubric, found = round_drafts(lead, engine, "thirty")
    source = "draft_id,dimension,value,reason,cause\n" + "".join(
        f"{cell.draft_id},{cell.dimension},{cell.labels[0].value},first reading holds,slip\n" for cell in waiting
    )
    decisions, problems = read_decisions(source.encode(), drafts, rubric, found.dimensions)
    assert problems == []
    assert decide_from_rows(lead, engine, "thirty", decisions) == (15, 0)

    manifest = json.loads((export_gold(lead, engine, "thirty", tmp_path / "gold") / "manifest.json").read_text())
    assert (manifest["rows"], manifest["drafts"], manifest["left_out"]) == (150, 30, [])
    assert sum(each["adjudicated"] for each in manifest["dimensions"].values()) == 15
    assert check_store(engine) == []


def seeds_labels(engine):
    lead = add_person(None, engine, "lead")
    files = [File(name, of_seed(name)) for name in ("round1_labels.csv", "round2_labels.csv")]
    return lead, import_labels(lead, engine, files, name="seed", made_by="program", rubric=RUBRIC)


@needs_seed
def test_the_seeds_labels_give_its_kappas_and_flag_exactly_three_dimensions(engine):
    lead, made = seeds_labels(engine)
    assert (made.labels, made.units, made.annotators) == (300, 30, ("round1_labels", "round2_labels"))
    assert made.left_out == {name: ("dimension", "final_score") for name in ("round1_labels.csv", "round2_labels.csv")}
    report = agreement_of_set(lead, engine, "seed")
    assert report.notes[0].startswith("these labels were made by a program: their agreement is not agreement between people")
    found = report.dimensions
    for key, (unweighted, quadratic) in KAPPAS.items():
        assert found[key].judged.value == pytest.approx(unweighted, abs=1e-6)
        assert found[key].pairs[0].figures[QUADRATIC_KAPPA].value == pytest.approx(quadratic, abs=6e-4)
    assert [round(100 * found[key].overall[PERCENT].value, 1) for key in KAPPAS] == PERCENTS
    assert [each.dimension for each in report.flagged] == FLAGGED


@needs_seed
def test_thirty_of_the_seeds_labels_decide_nothing(sqlite_engine):
    lead, _ = seeds_labels(sqlite_engine)
    for key, each in agreement_of_set(lead, sqlite_engine, "seed").dimensions.items():
        assert each.verdict == "undecided"
        assert (each.judged.low, each.judged.high) == pytest.approx(ABOUT[key], abs=0.015)


@needs_seed
def test_the_seeds_bench_labels_hide_a_level_on_which_hardly_anyone_agrees(sqlite_engine):
    lead, _ = seeds_labels(sqlite_engine)
    warnings = agreement_of_set(lead, sqlite_engine, "seed").dimensions["bench_fit_alignment"].warnings
    assert any("quadratic kappa is .92, and agreement is lowest on level 1, .33" in sentence for sentence in warnings)


@needs_seed
def test_fewer_further_labels_are_needed_for_the_seeds_personalization_than_for_its_tone(sqlite_engine):
    lead, _ = seeds_labels(sqlite_engine)
    found = agreement_of_set(lead, sqlite_engine, "seed").dimensions
    personalization, tone = (found[key].further for key in ("personalization_depth", "tone_compliance"))
    assert 0 < personalization.start < personalization.end <= 400
    assert personalization.start < tone.start and tone.end is None and tone.in_words().endswith(" to over 1,000 more")


@needs_seed
def test_the_units_of_the_seeds_labels_are_its_tasks(sqlite_engine):
    bring_in(sqlite_engine)
    lead, _ = seeds_labels(sqlite_engine)
    report = agreement_of_set(lead, sqlite_engine, "seed")
    units = {each.unit for key in KAPPAS for each in disagreements_on(lead, sqlite_engine, key, label_set="seed")}
    assert len(units) > 5
    assert any(draft_of(lead, sqlite_engine, unit, report.rubric).text for unit in units)


@needs_seed
def test_what_was_published_of_the_seeds_labels_is_marked_figure_by_figure(sqlite_engine):
    lead, _ = seeds_labels(sqlite_engine)
    made = check_published(lead, sqlite_engine, of_seed("published-agreement.md"), "published-agreement.md", label_set="seed")
    of = {(each.about, each.finding.figure): each.finding for each in made.entries if each.part == "table"}
    percents = [of[about, "percent"] for about in PUBLISHED]
    assert [each.status for each in percents] == [CANNOT, DOES_NOT, FOLLOWS, DOES_NOT, FOLLOWS]
    assert [each.nearest for each in percents] == [("90.0",), ("86.7",), (), ("86.7",), ()]
    assert {of[about, "kappa unweighted"].status for about in PUBLISHED} == {FOLLOWS}
    means = {(about, seat): of[about, f"mean {seat}"] for about in PUBLISHED for seat in (1, 2)}
    assert [key for key, each in means.items() if each.status == FOLLOWS] == [("tone_alignment", 2)]
    assert [each.nearest[0] for each in means.values() if each.nearest] == [
        "2.00",
        "1.97",
        "2.07",
        "2.10",
        "2.00",
        "2.10",
        "2.10",
        "1.80",
        "1.63",
    ]
    listed = {each.finding.figure: each.finding for each in made.entries if each.part == "listed"}
    assert len(listed) == 7 and {each.status for each in listed.values()} == {DOES_NOT}
    assert sum("not among the 30" in each.because for each in listed.values()) == 6
    assert listed["tb_train_0044"].nearest == ("2 and 2",)
    text = {each.finding.printed: each.finding.status for each in made.entries if each.part == "text"}
    assert text == {"30-task subset": FOLLOWS, "κ = 0.68": FOLLOWS, "six contested tasks": DOES_NOT, "κ = 0.8300": NO_LABELS}
    assert made.made_by == "a program"


@needs_seed
def test_what_was_published_cannot_all_occur_with_any_labels():
    made = check_alone(of_seed("published-agreement.md"), "published-agreement.md")
    together = {each.about: each.finding.status for each in made.entries if each.part == "together"}
    assert together == dict.fromkeys(PUBLISHED[:4], CANNOT) | {"personalization_depth": CAN}
    assert any("between dimensions" in each for each in made.left_out)


@needs_seed
def test_the_articles_kappas_follow_but_the_one_after_the_revision(sqlite_engine):
    lead, _ = seeds_labels(sqlite_engine)
    made = check_published(lead, sqlite_engine, of_seed("article.txt"), "article.txt", label_set="seed")
    assert [each.finding.status for each in made.entries] == [FOLLOWS, FOLLOWS, FOLLOWS, NO_LABELS]


FILES_OF_A_FORMAT = [
    ["long.csv"],
    ["wide_per_rater_round1.csv", "wide_per_rater_round2.csv"],
    ["label_studio.json"],
    ["doccano_round1.jsonl", "doccano_round2.jsonl"],
]


@needs_formats
@pytest.mark.parametrize("names", FILES_OF_A_FORMAT, ids=lambda names: names[0])
def test_the_same_labels_in_another_format_are_the_same_to_the_last_cell(sqlite_engine, names):
    lead = add_person(None, sqlite_engine, "lead")
    files = [File(name, (FORMATS / name).read_bytes()) for name in names]
    import_labels(
        lead,
        sqlite_engine,
        files,
        name="again",
        made_by="program",
        rubric=RUBRIC,
        annotators=["round1", "round2"][: len(names)] if len(names) > 1 else ["anyone"],
    )
    found = agreement_of_set(lead, sqlite_engine, "again").dimensions
    assert {key: found[key].judged.value for key in KAPPAS} == pytest.approx(
        {key: value for key, (value, _) in KAPPAS.items()}, abs=1e-6
    )
    expected = json.loads((FORMATS / "EXPECTED.json").read_text())["n_disagreements"]
    rubric = agreement_of_set(lead, sqlite_engine, "again").rubric
    assert {rubric.dimension(name).key: number for name, number in expected.items()} == {
        key: len(disagreements_on(lead, sqlite_engine, key, label_set="again")) for key in KAPPAS
    }
    seed = {
        (row["task_id"], who, rubric.dimension(name).key, row[name])
        for who in ("round1", "round2")
        for row in csv.DictReader(of_seed(f"{who}_labels.csv").decode().splitlines())
        for name in row
        if rubric.dimension(name)
    }
    assert set(rows(sqlite_engine, "SELECT unit, annotator, dimension, value FROM set_labels")) == seed


@needs_formats
def test_every_sample_of_a_format_is_read_here():
    read = {name for names in FILES_OF_A_FORMAT for name in names}
    assert read == {path.name for path in FORMATS.iterdir()} - {"EXPECTED.json"}


@needs_seed
def test_nothing_about_the_seeds_labels_is_suspicious_and_a_shuffle_of_them_is(sqlite_engine):
    _, made = seeds_labels(sqlite_engine)
    assert made.suspicions == ()
    first, *lines = of_seed("round1_labels.csv").decode().splitlines()
    units, rest = zip(*(line.split(",", 1) for line in lines), strict=True)
    shuffled = random.Random(7).sample(rest, len(rest))
    other = "\n".join([first, *(f"{unit},{cells}" for unit, cells in zip(units, shuffled, strict=True))])
    files = [File("a.csv", of_seed("round1_labels.csv")), File("b.csv", other.encode())]
    made = import_labels(person_named(sqlite_engine, "lead"), sqlite_engine, files, name="two", made_by="program", rubric=RUBRIC)
    assert made.suspicions[0].startswith("the labels of b are those of a in another order, draft by draft")


# Published cases


WEIGHTS = {"identity": "unweighted", "linear": "linear", "quadratic": "quadratic"}
OVERALL = {"fleiss": FLEISS, "conger": KAPPA, "pi": FLEISS, "percent": PERCENT}


def coefficient_of(expected: dict) -> Coefficient | None:
    """The coefficient of a published figure here; None where it is out of scope (custom weights, ratio, Light's kappa)."""
    coefficient, weights = expected["coef"], expected["weights"]
    if coefficient in OVERALL and weights in (None, "identity"):
        return OVERALL[coefficient]
    if coefficient == "alpha" and weights in ("nominal", "ordinal", "interval"):
        return Coefficient("alpha", weights)
    if coefficient in ("kappa", "ac", "bp") and weights in WEIGHTS:
        return Coefficient(coefficient, WEIGHTS[weights])
    return None


def patterns(case: dict) -> Counter:
    """The histogram of label patterns of a published case, whichever way it is printed."""
    place = {level: code for code, level in enumerate(case["categories"])}
    if "contingency_table" in case:
        return Counter({(i, j): n for i, row in enumerate(case["contingency_table"]) for j, n in enumerate(row) if n})
    if "counts" in case:
        return Counter(tuple(code for code, n in enumerate(row) for _ in range(n)) for row in case["counts"])
    return Counter(
        tuple(None if value is None else place[value] for value in unit) for unit in zip(*case["raters_x_units"], strict=True)
    )


def published() -> list:
    if not CASES.is_file():
        return [pytest.param(None, None, marks=needs_cases)]
    return [
        pytest.param(case, each, id=f"{case['id']} {each['coef']} {each['weights']}")
        for case in json.loads(CASES.read_text())
        for each in case["expected"]
        if coefficient_of(each)
    ]


@pytest.mark.parametrize(("case", "expected"), published())
def test_published_figures_come_out_as_published(case, expected):
    found = patterns(case)
    levels = tuple(case["categories"])
    if expected["weights"] == "interval" and not are_numbers(levels):
        levels = tuple(range(len(levels)))  # Gwet takes words by their places; for words the program gives none
    annotators = tuple(f"r{seat}" for seat in range(len(next(iter(found)))))
    report = dimension_report(Counts("d", "ordinal", levels, annotators, found, sum(found.values())), None)
    figures = {**report.overall, **(report.pairs[0].figures if len(annotators) == 2 else {})}
    name = coefficient_of(expected)
    if name not in figures:
        assert name == Coefficient("bp", "quadratic")  # every other figure stands in the report that the pages read
        figures = figures_of(patterns_of(found, range(len(annotators)), levels), [name])
    assert figures[name].value == pytest.approx(expected["value"], abs=expected["tol"])


@needs_cases
def test_few_of_the_published_figures_are_out_of_scope():
    cases = json.loads(CASES.read_text())
    left_out = {(each["coef"], each["weights"]) for case in cases for each in case["expected"] if not coefficient_of(each)}
    assert left_out == {
        ("alpha", "ratio"),
        ("alpha", "custom"),
        ("kappa", "custom"),
        ("kappa", "custom_sim"),
        ("light", "identity"),
        ("ac", "ordinal"),
    }


@pytest.mark.skipif(not TRAPS.is_file(), reason=f"the scorer's traps are not at {TRAPS}")
def test_each_of_the_seeds_traps_gets_its_right_answer():
    rubric, problems, _ = rubrics.read_file(rubrics.FOLDER / "tenacious-v1.yml")
    assert problems == []
    scorer = Scorer(rubric)
    for line in TRAPS.read_text("utf-8").splitlines():
        case = json.loads(line)
        extra = {key: value for key, value in case["task"].items() if key not in ("task_id", "input")}
        made = scorer.score(case["draft"], case["task"]["input"], extra)
        got = made.penalty if case["dimension"] == "banned_phrase_penalty" else made.scores[case["dimension"]].value
        assert got == case["right"], case["why"]


@needs_seed
def test_the_seeds_drafts_are_scored_each_with_findings_in_its_text():
    files = [(name, of_seed(name)) for name in ("tasks-train.jsonl", "tasks-dev.jsonl", "drafts.jsonl")]
    rubric, _ = scoring.rubric_for_scoring(None, "tenacious-v1")
    drafts = drafts_of_files(files)
    made = list(score_drafts(rubric, drafts))
    assert len(made) == 105 and all(each.score.final is not None for each in made)
    for draft, each in zip(drafts, made, strict=True):
        for score in each.score.scores.values():
            assert all(draft.text[found.start : found.end] == found.text for found in score.findings)
