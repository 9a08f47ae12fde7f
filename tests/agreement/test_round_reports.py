"""The agreement report: the figures of a small round worked out by hand, and all that must stand beside them."""

import json
from functools import partial

import pytest
import sqlalchemy as sa

from db.engine import reading
from tests.support.kept_stores import kept
from tests.support.small_stores import CTA, RUBRIC, TONE, label_all, opened, people, save, skip_draft, stock
from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA, PERCENT, QUADRATIC_KAPPA
from touchstone.agreement.estimation.clusters import histograms_by_cluster
from touchstone.data.look_plan import LookPlan
from touchstone.errors import Refused
from workflow.agreement.disagreements import disagreements_on, draft_of
from workflow.agreement.label_rows import pooled, table_of_round
from workflow.agreement.pseudonyms import Pseudonyms
from workflow.agreement.reports import agreement_of_rounds, agreement_of_set, rounds_to_pool
from workflow.agreement.second_opinions import codes_of_rounds
from workflow.bounded_cache import BoundedCache
from workflow.gold.adjudication import adjudicate
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.labelling.own_labels import own_drafts
from workflow.rounds import rounds
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rounds.rounds import row_of
from workflow.rubric import rubrics

# Ten drafts, tone: ana 0 0 0 0 0 1 1 1 1 1, ben the same but for the last of each: the table is 4 1 / 1 4.
ANA = {f"d{n:02}": (0 if n <= 5 else 1, 2) for n in range(1, 11)}
BEN = {**ANA, "d05": (1, 2), "d10": (0, 2)}


def refusal(verb, *args, **more) -> str:
    with pytest.raises(Refused) as refused:
        verb(*args, **more)
    return refused.value.sentence


@pytest.fixture
@kept
def team(engine):
    found = people(engine, "lead", "ana", "ben")
    stock(engine, found[0], 14)
    opened(engine, found[0], draft_ids=list(ANA))
    label_all(engine, found[1], ANA)
    label_all(engine, found[2], BEN)
    close_round(found[0], engine, "pilot")
    return found


def test_the_figures_of_a_round_are_those_worked_out_by_hand(engine, team):
    """Agreement 8 of 10; by chance .5 x .5 + .5 x .5 = .5; kappa (.8 - .5) / (1 - .5) = .6."""
    report = agreement_of_rounds(team[0], engine, ["pilot"])
    tone = report.dimensions[TONE]
    pair = tone.pairs[0]
    assert (pair.a, pair.b, pair.n) == ("ana", "ben", 10)
    assert pair.table == ((4, 1, 0, 0), (1, 4, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0))
    assert pair.figures[PERCENT].value == pytest.approx(0.8)
    assert tone.judged.value == pair.figures[KAPPA].value == pytest.approx(0.6)
    # Levels 0 and 1 only, among 0 to 3: by quadratic weights 1 - .2/9 against 1 - .5/9.
    assert pair.figures[QUADRATIC_KAPPA].value == pytest.approx(0.6)
    assert (tone.threshold, tone.flagged, tone.verdict, tone.statistic) == (0.8, True, "undecided", "kappa")
    assert tone.judged.low < 0.6 < tone.judged.high
    assert (tone.units, tone.units_with_two, tone.clusters) == (10, 10, 10)


def test_a_dimension_on_which_every_label_is_the_same_is_undefined_in_words(engine, team):
    report = agreement_of_rounds(team[0], engine, ["pilot"])
    cta = report.dimensions[CTA]
    assert (cta.judged.value, cta.judged.reason, cta.flagged, cta.verdict) == (None, "single level", None, None)
    assert cta.warnings[0] == "Every label is 2: kappa is undefined, agreement is 100 % of 10."
    json.dumps(report.as_json(), allow_nan=False)


def test_the_report_says_where_its_labels_came_from(engine, team):
    report = agreement_of_rounds(team[0], engine, ["PILOT", "pilot "])
    assert (report.name, report.rounds, report.label_set, report.made_by) == ("pilot", ("pilot",), None, "people, blind")
    assert (report.annotators, report.units, report.is_sample, report.notes) == (("ana", "ben"), 10, False, ())
    assert [each.dimension for each in report.flagged] == [TONE]
    assert report.sentence == (
        "1 of 2 dimensions is flagged, 1 undefined; at 10 drafts 1 is not decided. Tone: label 10 to 260 more."
    )
    document = report.as_json()
    assert (document["rubric"], len(document["rubric_digest"]), list(document["dimensions"])) == ("tenacious-v1", 64, [TONE, CTA])


def test_disagreements_are_listed_the_widest_apart_first_with_notes(engine, team):
    lead, ana, ben = team
    opened(engine, lead, "second", draft_ids=["d11", "d12", "d13"])
    label_all(engine, ana, {"d11": (0, 0), "d12": (0, 0), "d13": (2, 2)}, round_name="second")
    label_all(engine, ben, {"d11": (1, 0), "d13": (2, 2)}, round_name="second")
    save(engine, ben, "d12", (3, 0), "far too keen", round_name="second")
    close_round(lead, engine, "second")
    first, other = disagreements_on(lead, engine, TONE, round_name="second")
    assert (first.unit, first.task_id, first.spread, other.unit, other.spread) == ("d12", "t12", 3, "d11", 1)
    assert [tuple(label) for label in first.labels] == [("ana", 0, ""), ("ben", 3, "far too keen")]
    assert disagreements_on(lead, engine, CTA, round_name="second") == []
    _, rubric, _ = case_of(engine, lead)
    shown = draft_of(lead, engine, "d12", rubric)
    assert (shown.text, shown.fields[0][1]) == ("Hello, this is invented draft 12.", "Invented firm 12")


def case_of(engine, lead):
    from workflow.gold.adjudication import round_drafts

    return round_drafts(lead, engine, "pilot")


def test_adjudication_moves_no_figure(engine, team):
    before = agreement_of_rounds(team[0], engine, ["pilot"]).as_json()
    adjudicate(team[0], engine, "pilot", "d05", TONE, 0, "why", "slip")
    assert agreement_of_rounds(team[0], engine, ["pilot"]).as_json() == before


def test_rounds_on_other_drafts_are_pooled(engine, team):
    """The second round adds two agreements on 1: 4 1 / 1 6, agreement 10 of 12, by chance (5x5 + 7x7) / 144."""
    lead, ana, ben = team
    opened(engine, lead, "second", continues="pilot", drafts=2, annotators=["ben", "ana"])
    for person in (ana, ben):
        for draft_id in own_drafts(person, engine, "second")[0]:
            save(engine, person, draft_id, (1, 2), round_name="second")
    close_round(lead, engine, "second")
    report = agreement_of_rounds(lead, engine, ["pilot", "second"])
    tone = report.dimensions[TONE]
    assert (report.name, report.units, tone.units, report.annotators) == ("pilot + second", 12, 12, ("ana", "ben"))
    assert tone.pairs[0].table == ((4, 1, 0, 0), (1, 6, 0, 0), (0,) * 4, (0,) * 4)
    assert tone.judged.value == pytest.approx((10 / 12 - 74 / 144) / (1 - 74 / 144))


def test_rounds_that_share_a_draft_are_not_pooled(engine, team):
    lead, *_ = team
    opened(engine, lead, "again", draft_ids=["d03"])
    close_round(lead, engine, "again", early="enough")
    assert refusal(agreement_of_rounds, lead, engine, ["pilot", "again"]) == (
        "d03 was labelled in pilot and in again; rounds that share drafts are not pooled: report them one by one"
    )


def test_rounds_of_other_rubrics_are_not_pooled(engine, team, tmp_path, monkeypatch):
    from workflow.rubric import rubrics

    source = (rubrics.FOLDER / "tenacious-v1.yml").read_text().replace("version: 1", "version: 8")
    (tmp_path / "tenacious-v8.yml").write_text(source)
    monkeypatch.setattr(rubrics, "FOLDER", tmp_path)
    from workflow.rounds.opening import open_round

    open_round(team[0], engine, RoundDesign("other", rubric="tenacious-v8", annotators=["ana", "ben"], draft_ids=["d11"]))
    close_round(team[0], engine, "other", early="enough")
    assert refusal(agreement_of_rounds, team[0], engine, ["pilot", "other"]) == (
        "pilot and other were labelled under different rubric versions; report them one by one"
    )


def test_an_early_close_and_skips_are_said_and_counted_as_missing(engine, team):
    lead, ana, ben = team
    opened(engine, lead, "short", draft_ids=["d11", "d12", "d13"])
    label_all(engine, ana, {"d11": (1, 1), "d12": (1, 1)}, round_name="short")
    save(engine, ben, "d11", (1, 1), round_name="short")
    skip_draft(engine, ben, "d12", "blank", round_name="short")
    close_round(lead, engine, "short", early="the meeting moved")
    report = agreement_of_rounds(lead, engine, ["short"])
    assert report.notes == (
        "short was closed early: the meeting moved",
        "2 labels per dimension were still missing at closing and counted as missing",
        "1 skip, counted as missing labels: d12 by ben (blank)",
    )
    tone = report.dimensions[TONE]
    assert (tone.units, tone.units_with_two, tone.pairs[0].n) == (2, 1, 1)


def test_a_round_nobody_labelled_in_has_a_report_without_a_figure(engine, team):
    opened(engine, team[0], "empty", draft_ids=["d11"])
    close_round(team[0], engine, "empty", early="cancelled")
    report = agreement_of_rounds(team[0], engine, ["empty"])
    assert report.sentence == "No dimension's statistic is defined: the table says why."
    assert {each.judged.reason for each in report.dimensions.values()} == {"no data"}


def test_three_annotators_are_judged_by_alpha_and_shown_in_pairs(engine, team):
    lead, ana, ben = team
    (cleo,) = people(engine, "cleo")
    opened(engine, lead, "three", annotators=["ana", "ben", "cleo"], draft_ids=["d11", "d12", "d13"])
    for person, levels in ((ana, (0, 1, 2)), (ben, (0, 1, 2)), (cleo, (0, 1, 3))):
        label_all(engine, person, {f"d1{n}": (level, 1) for n, level in enumerate(levels, 1)}, round_name="three")
    close_round(lead, engine, "three")
    tone = agreement_of_rounds(lead, engine, ["three"]).dimensions[TONE]
    assert (tone.statistic, len(tone.pairs), tone.judged) == ("alpha", 3, tone.overall[NOMINAL_ALPHA])
    # Nine labels (3 of 0, 3 of 1, 2 of 2, 1 of 3). Do = (2 + 2) / 2 / 9 ... pairs that differ: 2 of 9; De = 1 - 14/72.
    assert tone.judged.value == pytest.approx(1 - (2 / 9) / (58 / 72))


@pytest.mark.parametrize(
    ("names", "said"), [([], "name a round, or a label set"), (["nope"], "there is no round “nope”; there is pilot")]
)
def test_a_report_of_nothing_is_refused(engine, team, names, said):
    assert refusal(agreement_of_rounds, team[0], engine, names) == said


# A label set


@pytest.mark.parametrize(
    ("made_by", "said"),
    [
        ("person-blind", "these labels were made by people, blind"),
        (
            "person-not-blind",
            "these labels were made by people who were not blind: their agreement is not agreement "
            "between people who labelled blind",
        ),
        ("program", "these labels were made by a program: their agreement is not agreement between people who labelled blind"),
    ],
)
def test_the_report_of_a_label_set_says_first_who_made_it(engine, team, made_by, said):
    files = [
        File(
            f"{who}.csv",
            b"draft_id,mood,tone_alignment\n" + "".join(f"{unit},ok,{tone}\n" for unit, (tone, _) in labels.items()).encode(),
        )
        for who, labels in (("x", ANA), ("y", BEN))
    ]
    import_labels(team[0], engine, files, name="Outside", made_by=made_by, rubric="tenacious-v1")
    report = agreement_of_set(team[0], engine, "outside")
    assert report.notes == (said, "left out of x.csv: mood", "left out of y.csv: mood")
    assert (report.label_set, report.rounds, report.annotators, report.units) == ("Outside", (), ("x", "y"), 10)
    assert report.dimensions[TONE].judged.value == pytest.approx(0.6)
    found = disagreements_on(team[0], engine, TONE, label_set="outside")
    assert [(each.unit, each.spread) for each in found] == [("d05", 1), ("d10", 1)]


def test_a_label_set_that_is_not_there_is_refused_naming_those_there_are(engine, team):
    assert refusal(agreement_of_set, team[0], engine, "nope") == (
        "there is no label set “nope”; there is none yet: import one with import-labels"
    )


def test_every_report_is_computed_again_from_the_raw_labels(engine, team):
    report = agreement_of_rounds(team[0], engine, ["pilot"])
    assert set(report.second_opinion) == set(report.dimensions)
    assert report.second_opinion[TONE].faults == [] and "scikit-learn" in report.second_opinion[TONE].agreeing
    assert report.opinion_in_words == "Second opinion: scikit-learn, statsmodels and krippendorff agree."
    assert report.as_json()["second_opinion"][TONE]["agree"] == ["scikit-learn", "statsmodels", "krippendorff"]


def test_counts_that_were_changed_in_the_store_are_told_by_the_second_opinion(engine, team):
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE pattern_counts SET units = units + 1 WHERE pattern = '0 0'")
    report = agreement_of_rounds(team[0], engine, ["pilot"])
    assert "bug in this program" in report.opinion_in_words
    assert "kappa" in " ".join(report.second_opinion[TONE].lines)


def labels_read(engine, call) -> int:
    """How many statements of a call read the table of labels."""
    said = []
    note = partial(lambda said, _c, _cursor, statement, *_: said.append(statement), said)
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return sum("FROM labels " in each for each in said)


def test_what_is_made_of_labels_is_kept_for_who_asks_again_and_for_the_same_counts_only(engine, team):
    kept = BoundedCache(8)
    ask = partial(agreement_of_rounds, team[0], engine, ["pilot"], kept=kept)
    plain = agreement_of_rounds(team[0], engine, ["pilot"])
    assert labels_read(engine, ask) and not labels_read(engine, ask)
    assert ask().as_json() == plain.as_json()
    assert ask(codes=True).as_json() == agreement_of_rounds(team[0], engine, ["pilot"], codes=True).as_json()
    assert ask(opinion=False).opinion_in_words == "" and ask().opinion_in_words
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE pattern_counts SET units = units + 1 WHERE pattern = '0 0'")
    assert "bug in this program" in ask().opinion_in_words


def test_what_is_kept_for_one_reader_is_not_told_to_one_from_whom_drafts_are_held_back(engine, team):
    lead, ana, _ = team
    kept = BoundedCache(8)
    whole = agreement_of_rounds(lead, engine, ["pilot"], kept=kept)
    open_round(lead, engine, RoundDesign("again", RUBRIC, ("ana", "ben"), drafts=3, draft_ids=("d01", "d02", "d05")))
    own = agreement_of_rounds(ana, engine, ["pilot"], kept=kept)
    assert (whole.dimensions[TONE].units, own.dimensions[TONE].units) == (10, 7)
    assert own.second_opinion[TONE].faults == [] and own.as_json() == agreement_of_rounds(ana, engine, ["pilot"]).as_json()
    assert agreement_of_rounds(lead, engine, ["pilot"], kept=kept).as_json() == whole.as_json()


def test_labels_read_into_arrays_are_those_of_the_table_by_cluster_too(engine, team):
    """Ten drafts of four tasks' clusters, and a second round of further drafts and an annotator more, pooled."""
    lead, ana, ben = team
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE tasks SET cluster = 'c' || (id - 4 * (id / 4))")
    (cleo,) = people(engine, "cleo")
    opened(engine, lead, name="more", annotators=("ben", "cleo"), draft_ids=["d11", "d12", "d13", "d14"])
    for person in (ben, cleo):
        label_all(engine, person, {f"d{n}": (n % 2, 2) for n in (11, 12, 13)}, round_name="more")
        skip_draft(engine, person, "d14", "no text", round_name="more")
    close_round(lead, engine, "more")
    with reading(engine, lead) as connection:
        found = rounds_to_pool(connection, ["pilot", "more"])
        rubric = rubrics.of_round(connection, found[0].id)
        codes = codes_of_rounds(connection, found, rubric, Pseudonyms())
        table = pooled([table_of_round(connection, row_of(connection, each.name)) for each in found])
    assert codes.annotators == table.annotators == ("ana", "ben", "cleo")
    for key in (TONE, CTA):
        by_cluster = histograms_by_cluster(table.by_unit(key), table.cluster_of)
        assert sorted(repr(sorted(each.items(), key=repr)) for each in codes.by_cluster(key)) == sorted(
            repr(sorted(each.items(), key=repr)) for each in by_cluster
        )
    report = agreement_of_rounds(lead, engine, ["pilot", "more"])
    assert report.dimensions[TONE].units == 13 and report.second_opinion[TONE].faults == []


def test_decisions_by_someone_who_labelled_the_cell_are_told_beside_the_agreement(engine, team):
    adjudicate(team[0], engine, "pilot", "d05", TONE, 0, "why", "slip")
    assert not any("labelled the cell too" in note for note in agreement_of_rounds(team[0], engine, ["pilot"]).notes)
    adjudicate(team[1], engine, "pilot", "d10", TONE, 0, "mine", "slip")
    assert any(
        note.startswith("1 decision of the adjudication is by someone who labelled the cell too")
        for note in agreement_of_rounds(team[0], engine, ["pilot"]).notes
    )


def continued(engine, **plan):
    """Two rounds of 20 and 40 drafts, the second continuing the first."""
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 60)
    levels = {f"d{n:02}": (n % 3, n % 3) for n in range(1, 61)}
    for name, ids, more in (("first", list(levels)[:20], plan), ("second", list(levels)[20:], {"continues": "first"})):
        opened(engine, lead, name, draft_ids=ids, **more)
        for person in (ana, ben):
            label_all(engine, person, {key: levels[key] for key in ids}, round_name=name)
        close_round(lead, engine, name)
    return lead


def opening_refusal(engine, lead):
    design = RoundDesign("all of them", "tenacious-v1", ["ana", "ben"], looks=2, up_to=10)
    return refusal(open_round, lead, engine, design)


def test_a_further_look_at_the_same_labels_is_said_with_what_it_costs(sqlite_engine):
    lead = continued(sqlite_engine)
    said = "looked at for the second time"
    assert not any(said in note for note in agreement_of_rounds(lead, sqlite_engine, ["first"]).notes)
    pooled = agreement_of_rounds(lead, sqlite_engine, ["second", "first"])
    assert pooled.units == 60 and pooled.dimensions[TONE].verdict == "meets"
    (note,) = [note for note in pooled.notes if said in note]
    assert "(20 and 60 drafts)" in note and "first verdict is wrong 8.83 %" in note
    assert pooled.dimensions[TONE].judgement.looks.sizes == (20, 60)


def test_a_plan_of_looks_is_kept_with_the_round_and_holds_for_those_that_continue_it(sqlite_engine):
    lead = continued(sqlite_engine, looks=3, up_to=120)
    found = rounds.all_rounds(sqlite_engine)
    assert {each.name: each.plan for each in found} == {"first": LookPlan(3, 120), "second": None}
    pooled = agreement_of_rounds(lead, sqlite_engine, ["first", "second"])
    looks = pooled.dimensions[TONE].judgement.looks
    assert (looks.sizes, looks.plan) == ((20, 60), LookPlan(3, 120)) and looks.stretch > 1.4
    (note,) = [note for note in pooled.notes if "3 looks up to 120 drafts" in note]
    assert "at look 2, 60 drafts, the verdict takes intervals of 99.7 %" in note
    early = agreement_of_rounds(lead, sqlite_engine, ["first"]).dimensions[TONE].as_json()
    assert opening_refusal(sqlite_engine, lead) == (
        "the looks are planned up to 10 drafts, and this round alone has 60: plan 60 or more, or draw fewer"
    )
    assert early["verdict"] == "undecided" and early["looks"]["plan"] == {"looks": 3, "drafts": 120}


def test_a_round_that_continues_a_planned_one_knows_the_plan_when_it_is_reported_alone(sqlite_engine):
    lead = continued(sqlite_engine, looks=3, up_to=120)
    alone = agreement_of_rounds(lead, sqlite_engine, ["second"])
    told = alone.dimensions[TONE].as_json()
    why = "the planned 3 looks up to 120 drafts (alpha spending, Lan and DeMets 1983) are of these labels and those of first"
    assert (told["verdict"], told["verdict_reason"]) == ("undecided", f"{why}: report them together")
    assert (told["more"], told["looks"]["plan"], told["looks"]["left_out"]) == (None, {"looks": 3, "drafts": 120}, ["first"])
    assert any(note == f"{why}: report them together; these labels alone have no verdict" for note in alone.notes)
    together = agreement_of_rounds(lead, sqlite_engine, ["second", "first"]).dimensions[TONE]
    assert together.judgement.looks.left_out == () and "report them together" not in together.judgement.withheld


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ({"looks": 3}, "planned looks need both numbers"),
        ({"up_to": 90}, "planned looks need both numbers"),
        ({"looks": 0, "up_to": 90}, "1 to 20, not 0"),
        ({"looks": 21, "up_to": 90}, "1 to 20, not 21"),
        ({"looks": 2, "up_to": 4, "drafts": 5}, "planned up to 4 drafts, and this round alone has 5"),
        ({"looks": 5, "up_to": 4}, "up to 5 to 1,000,000 drafts, not 4"),
        ({"looks": 2, "up_to": 10**20}, "not 100,000,000"),
        ({"looks": 2, "up_to": 90, "continues": "first"}, "the plan of looks is that of first"),
    ],
)
def test_a_plan_of_looks_that_cannot_be_is_refused(plan, says):
    with pytest.raises(Refused, match=says):
        RoundDesign("pilot", "tenacious-v1", ["ana", "ben"], **plan).check()


def test_drafts_adjudicated_before_their_round_was_opened_are_told(engine, team):
    lead, ana, ben = team
    adjudicate(lead, engine, "pilot", "d05", TONE, 0, "why", "rubric unclear")
    opened(engine, lead, "second", draft_ids=["d05", "d11"])
    for person in (ana, ben):
        label_all(engine, person, {"d05": (1, 1), "d11": (2, 2)}, round_name="second")
    close_round(lead, engine, "second")
    adjudicate(lead, engine, "pilot", "d10", TONE, 0, "why", "slip")  # later, and of a draft not in it
    said = [note for note in agreement_of_rounds(lead, engine, ["second"]).notes if "no evidence for its new version" in note]
    assert said and said[0].startswith("1 draft had been adjudicated in another round before")
    assert not any("no evidence" in note for note in agreement_of_rounds(lead, engine, ["pilot"]).notes)
