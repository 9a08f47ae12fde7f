"""Opening and closing rounds."""

import shutil

import pytest

from tests.support.kept_stores import kept
from tests.support.small_stores import (
    CTA,
    DIMENSIONS,
    RUBRIC,
    TONE,
    draft,
    jsonl,
    label_all,
    opened,
    people,
    rows,
    save,
    skip_draft,
    stock,
)
from touchstone.agreement.coefficient import PERCENT
from touchstone.english import day
from touchstone.errors import Refused
from workflow.agreement.reports import agreement_of_rounds
from workflow.data.task_import import import_drafts
from workflow.people.people import add_person
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rounds.rounds import all_rounds, chain_of, found_round, queries_of, waiting_for
from workflow.rubric import rubrics


def refusal(verb, *args, **more) -> str:
    with pytest.raises(Refused) as refused:
        verb(*args, **more)
    return refused.value.sentence


@pytest.fixture
@kept
def lead(engine):
    lead, *_ = people(engine, "lead", "ana", "ben", "cleo")
    stock(engine, lead, 6)
    return lead


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """rubric_versions/ as a copy that the test may change."""
    folder = tmp_path / "rubric_versions"
    shutil.copytree(rubrics.FOLDER, folder)
    monkeypatch.setattr(rubrics, "FOLDER", folder)
    return folder


def assigned(engine, name="pilot") -> dict[str, list[tuple[str, bool]]]:
    """Per annotator: (draft_id, is_practice) in their order."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for who, draft_id, practice in rows(
        engine,
        "SELECT people.name, drafts.draft_id, is_practice FROM assignments JOIN people ON people.id = person "
        "JOIN drafts ON drafts.id = draft JOIN rounds ON rounds.id = round "
        "WHERE rounds.name = :name ORDER BY people.name, position",
        name=name,
    ):
        found.setdefault(who, []).append((draft_id, bool(practice)))
    return found


# Opening


def test_by_default_every_draft_goes_to_every_annotator_under_all_dimensions(engine, lead):
    made = open_round(lead, engine, RoundDesign(" My  pilot ", rubric=RUBRIC, annotators=["Ana", "ben"]))
    assert (made.name, made.kind, made.is_open, made.drafts, made.dimensions) == ("My pilot", "double", True, 6, DIMENSIONS)
    assert [(each.name, each.waiting, each.total) for each in made.progress] == [("ana", 6, 6), ("ben", 6, 6)]
    assert found_round_by(engine, "my PILOT").name == "My pilot"


def found_round_by(engine, name):
    with engine.connect() as connection:
        return found_round(connection, name)


def test_everyone_has_an_order_of_their_own_and_the_same_seed_gives_it_again(engine, lead):
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        opened(engine, lead, name, seed=seed)
    a, b, c = (assigned(engine, name) for name in "abc")
    assert a == b != c
    assert a["ana"] != a["ben"]
    assert sorted(a["ana"]) == sorted(a["ben"])


def test_opening_publishes_the_rubric_and_pins_its_digest(engine, lead, own_folder):
    digest = next(each for each in rubrics.rubric_files(engine) if each.name == RUBRIC).rubric.digest
    assert rows(engine, "SELECT count(*) FROM rubric_versions WHERE published_at IS NOT NULL") == [(0,)]
    made = opened(engine, lead)
    assert made.rubric_digest == digest
    assert rows(engine, "SELECT name, digest FROM rubric_versions WHERE published_at IS NOT NULL") == [(RUBRIC, digest)]
    opened(engine, lead, "second")
    assert rows(engine, "SELECT count(*) FROM rubric_versions") == [(1,)]


def test_a_changed_published_file_is_refused_and_a_round_under_it_goes_on(engine, lead, own_folder):
    opened(engine, lead)
    with (own_folder / f"{RUBRIC}.yml").open("ab") as file:
        file.write(b"# one more word\n")
    assert refusal(opened, engine, lead, "second").startswith(f"{RUBRIC}.yml has changed since it was published on ")
    assert [each.is_changed for each in rubrics.rubric_files(engine) if each.name == RUBRIC] == [True]
    save(engine, add_person(None, engine, "ana"), "d01", (2, 2))
    (own_folder / f"{RUBRIC}.yml").unlink()
    save(engine, add_person(None, engine, "ana"), "d02", (2, 2))
    found = next(each for each in rubrics.rubric_files(engine) if each.name == RUBRIC)
    assert (found.is_changed, found.in_folder) == (False, False)
    assert opened(engine, lead, "second").rubric_digest == found.published_digest, "the store has what was published"


def test_a_file_may_change_until_a_round_publishes_it(engine, lead, own_folder):
    with (own_folder / f"{RUBRIC}.yml").open("ab") as file:
        file.write(b"# one more word\n")
    assert opened(engine, lead).drafts == 6


def test_a_rubric_with_a_mistake_is_refused_with_its_lines(engine, lead, own_folder):
    (own_folder / f"{RUBRIC}.yml").write_text("rubric: tenacious\n")
    with pytest.raises(Refused) as refused:
        opened(engine, lead)
    assert "is not a valid rubric yet; fix" in refused.value.sentence
    assert refused.value.problems


def test_some_of_the_dimensions_by_key_or_alias_stay_in_the_rubrics_order(engine, lead):
    assert opened(engine, lead, dimensions=["personalization", CTA, "tone_alignment", TONE]).dimensions == (
        TONE,
        CTA,
        "personalization_depth",
    )


def test_two_of_a_pool_have_balanced_pairs(engine, lead):
    opened(engine, lead, annotators=["ana", "ben", "cleo"], per_draft=2)
    found = assigned(engine)
    assert {who: len(drafts) for who, drafts in found.items()} == {"ana": 4, "ben": 4, "cleo": 4}
    together = [
        {draft for draft, _ in found[a]} & {draft for draft, _ in found[b]}
        for a, b in (("ana", "ben"), ("ana", "cleo"), ("ben", "cleo"))
    ]
    assert [len(each) for each in together] == [2, 2, 2]


def test_an_overlap_has_every_draft_once_and_a_share_twice(engine, lead):
    opened(engine, lead, overlap=0.5)
    drafts = [draft for found in assigned(engine).values() for draft, _ in found]
    assert sorted(drafts.count(each) for each in set(drafts)) == [1, 1, 1, 2, 2, 2]


def test_practice_drafts_come_first_and_are_no_part_of_the_round(engine, lead):
    made = opened(engine, lead, practice=2, drafts=3)
    assert (made.drafts, [(each.waiting, each.practice) for each in made.progress]) == (3, [(3, 2), (3, 2)])
    for found in assigned(engine).values():
        assert [practice for _, practice in found] == [True, True, False, False, False]
        assert len({draft for draft, _ in found}) == 5


def test_a_stratified_sample_is_in_proportion(engine, lead):
    stock(engine, lead, 6, first=11, difficulty="rare")
    opened(engine, lead, drafts=4, strata=["difficulty"])
    drawn = rows(
        engine,
        "SELECT difficulty, count(*) FROM round_drafts JOIN drafts ON drafts.id = draft "
        "JOIN tasks ON tasks.id = drafts.task GROUP BY difficulty ORDER BY difficulty",
    )
    assert drawn == [("easy", 1), ("hard", 1), ("rare", 2)]


def test_a_round_may_draw_from_one_partition_or_from_some_authors(engine, lead):
    stock(engine, lead, 2, first=11, partition="dev")
    import_drafts(lead, engine, jsonl(draft(1, draft_id="d01b", author="other")), "more.jsonl")
    assert opened(engine, lead, "a", partition="dev").drafts == 2
    assert opened(engine, lead, "b", authors=["other"]).drafts == 1
    assert opened(engine, lead, "c", draft_ids=["d01", "d03"]).drafts == 2


def test_a_draft_that_is_named_and_not_there_is_refused(engine, lead):
    assert "nope" in refusal(opened, engine, lead, draft_ids=["d01", "nope"])


def test_a_round_that_continues_another_takes_none_of_its_drafts_nor_of_those_before(engine, lead):
    for name, before in (("a", None), ("b", "a"), ("c", "b")):
        opened(engine, lead, name, drafts=2 if name != "a" else 1, practice=1 if name == "a" else 0, continues=before)
    drawn = [{draft for found in assigned(engine, name).values() for draft, _ in found} for name in "abc"]
    assert [len(each) for each in drawn] == [2, 2, 2]
    assert len(set().union(*drawn)) == 6
    assert "there are 0 drafts to draw from" in refusal(opened, engine, lead, "d", continues="c")


def test_a_round_continues_another_only_under_the_same_rubric(engine, lead, own_folder):
    opened(engine, lead, "a", drafts=2)
    source = (own_folder / f"{RUBRIC}.yml").read_text().replace("version: 1", "version: 8")
    (own_folder / "tenacious-v8.yml").write_text(source)
    said = refusal(open_round, lead, engine, RoundDesign("b", rubric="tenacious-v8", annotators=["ana", "ben"], continues="a"))
    assert said.startswith("a was labelled under tenacious-v1 (")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"name": "PILOT"}, "there is a round named “PILOT” already; give the new one another name"),
        ({"name": " "}, "a round needs a name; it is empty"),
        ({"name": "x" * 81}, "the round's name has 81 characters; use at most 80"),
        ({"name": "a\u200bb"}, "the round's name contains an invisible character; remove it"),
        ({"annotators": ["ana"]}, "a round of kind double needs two or more annotators; 1 person named: ana"),
        ({"annotators": ["ana", "ANA", " "]}, "a round of kind double needs two or more annotators; 1 person named: ana"),
        ({"annotators": []}, "a round of kind double needs two or more annotators; 0 people named"),
        ({"annotators": ["ana", "dora"]}, "nobody is named “dora” (there are ana, ben, cleo, lead); add them under People"),
        ({"per_draft": 3}, "each draft cannot have 3 annotators: with 2 named it has 2, or the round has an overlap"),
        ({"per_draft": 1}, "each draft cannot have 1 annotator: with 2 named it has 2, or the round has an overlap"),
        ({"per_draft": 2, "overlap": 0.5}, "a round has either a number of annotators per draft or an overlap, not both"),
        ({"overlap": 0}, "the overlap is the share of drafts labelled twice, above 0 and up to 1, not 0"),
        ({"overlap": 1.5}, "the overlap is the share of drafts labelled twice, above 0 and up to 1, not 1.5"),
        ({"overlap": float("nan")}, "the overlap is the share of drafts labelled twice, above 0 and up to 1, not nan"),
        ({"practice": -1}, "the number of practice drafts cannot be -1"),
        (
            {"strata": ["mood"]},
            "drafts cannot be stratified by mood; choose from dimension, source_mode, difficulty, author, partition",
        ),
        ({"dimensions": ["charm"]}, f"{RUBRIC} has no dimension charm; it has {', '.join(DIMENSIONS)}"),
        ({"drafts": 7}, "7 drafts asked for, and there are 6 drafts to draw from; ask for fewer"),
        ({"drafts": 0}, "the number of drafts is 1 or more, not 0"),
        ({"practice": 6}, "every draft and 6 for practice asked for, and there are 6 drafts to draw from; ask for fewer"),
        (
            {"partition": "none"},
            "every draft asked for, and there are 0 drafts to draw from; import drafts, or draw from another partition or author",
        ),
        ({"kind": "retest"}, "a round of kind retest is based on a closed round: name that round"),
        ({"kind": "triple"}, "there is no kind of round “triple”; use double, retest, calibration"),
        ({"continues": "nope"}, "there is no round “nope”; there is pilot"),
    ],
)
def test_what_cannot_be_opened_is_refused_and_leaves_nothing(sqlite_engine, wanted, said):
    lead, *_ = people(sqlite_engine, "lead", "ana", "ben", "cleo")
    stock(sqlite_engine, lead, 6)
    opened(sqlite_engine, lead)
    name = wanted.pop("name", "second")
    assert refusal(opened, sqlite_engine, lead, name, **wanted) == said
    assert len(all_rounds(sqlite_engine)) == 1


def test_an_unknown_rubric_is_refused_naming_those_there_are(engine, lead):
    said = refusal(open_round, lead, engine, RoundDesign("x", rubric="house-v9", annotators=["ana", "ben"]))
    assert said.startswith("the rubric file house-v9.yml cannot be read (No such file or directory); rubric_versions/ has ")
    assert RUBRIC in said


def test_a_seed_the_store_cannot_hold_is_refused(engine, lead):
    refusal(opened, engine, lead, seed=10**20)


def test_an_overlap_too_small_for_one_second_label_is_refused(engine, lead):
    refusal(opened, engine, lead, overlap=0.01)


def test_the_command_line_labels_in_no_round(engine, lead):
    assert "nobody is named" in refusal(opened, engine, lead, annotators=["ana", "command line"])


# Following


def test_an_annotator_sees_their_own_open_rounds_the_oldest_first(engine, lead):
    for name in ("a", "b"):
        opened(engine, lead, name)
    opened(engine, lead, "c", annotators=["ben", "cleo"])
    ana = add_person(None, engine, "ana")
    save(engine, ana, "d01", (1, 1), round_name="a")
    assert waiting_for(ana, engine) == ["a", "b"]
    close_round(lead, engine, "a", early="enough")
    assert waiting_for(ana, engine) == ["b"]


# Closing


def test_a_round_is_not_closed_while_someone_owes_labels(engine, lead):
    opened(engine, lead, drafts=3)
    ana, ben = people(engine, "ana", "ben")
    drafts = [draft for draft, _ in assigned(engine)["ana"]]
    label_all(engine, ana, dict.fromkeys(drafts[:2], (1, 1)))
    said = refusal(close_round, lead, engine, "pilot")
    assert said == (
        "pilot cannot be closed yet: ana has 1 draft left and ben has 3 drafts left. Wait, or close it early with a reason"
    )
    assert refusal(close_round, lead, engine, "pilot", early="  ") == said
    label_all(engine, ana, {drafts[2]: (1, 1)})
    label_all(engine, ben, dict.fromkeys(drafts, (1, 1)))
    closed = close_round(lead, engine, "PILOT")
    assert (closed.is_open, closed.early_reason) == (False, None)
    assert refusal(close_round, lead, engine, "pilot") == (f"pilot was closed on {day(closed.closed_at)} already")


def test_practice_that_is_owed_keeps_no_round_open(engine, lead):
    opened(engine, lead, practice=2, drafts=1)
    (counted,) = (draft for draft, practice in assigned(engine)["ana"] if not practice)
    for each in people(engine, "ana", "ben"):
        save(engine, each, counted, (1, 1))
    assert not close_round(lead, engine, "pilot").is_open


def test_a_round_closed_early_keeps_the_reason_and_one_that_was_complete_does_not(engine, lead):
    opened(engine, lead, "a", drafts=1)
    assert close_round(lead, engine, "a", early=" meeting moved ").early_reason == "meeting moved"
    opened(engine, lead, "b", draft_ids=["d01"])
    for each in people(engine, "ana", "ben"):
        save(engine, each, "d01", (1, 1), round_name="b")
    assert close_round(lead, engine, "b", early="just because").early_reason is None


def test_a_skip_counts_as_delivered(engine, lead):
    opened(engine, lead, draft_ids=["d01", "d02"])
    ana, ben = people(engine, "ana", "ben")
    label_all(engine, ana, {"d01": (1, 1), "d02": (2, 2)})
    skip_draft(engine, ben, "d01", "blank")
    save(engine, ben, "d02", (2, 3))
    (_, of_ben) = close_round(lead, engine, "pilot").progress
    assert (of_ben.saved, of_ben.skipped, of_ben.waiting) == (1, 1, 0)


def test_the_counts_are_made_when_the_round_closes(engine, lead):
    import_drafts(lead, engine, jsonl(draft(1, draft_id="d01b", text="Another for the same task.")), "more.jsonl")
    opened(engine, lead, draft_ids=["d01", "d01b", "d02", "d03"], practice=0)
    ana, ben = people(engine, "ana", "ben")
    label_all(engine, ana, {"d01": (1, 0), "d01b": (1, 0), "d02": (3, 3), "d03": (2, 2)})
    label_all(engine, ben, {"d01": (2, 0), "d01b": (2, 0)})
    skip_draft(engine, ben, "d02", "blank")
    close_round(lead, engine, "pilot", early="enough")
    counted = rows(engine, "SELECT dimension, clusters, skipped, missing FROM counts ORDER BY dimension")
    assert counted == [(CTA, 3, 1, 1), (TONE, 3, 1, 1)]
    patterns = rows(
        engine,
        "SELECT dimension, pattern, units FROM pattern_counts JOIN counts ON counts.id = counted ORDER BY dimension, pattern",
    )
    assert patterns == [(CTA, "0 0", 2), (CTA, "2 -", 1), (CTA, "3 -", 1), (TONE, "1 2", 2), (TONE, "2 -", 1), (TONE, "3 -", 1)]


def test_practice_labels_are_never_counted(engine, lead):
    opened(engine, lead, practice=1, drafts=1)
    for each in people(engine, "ana", "ben"):
        for draft_id, _ in assigned(engine)[each.name]:
            save(engine, each, draft_id, (1, 1))
    close_round(lead, engine, "pilot")
    assert rows(engine, "SELECT sum(units) FROM pattern_counts JOIN counts ON counts.id = counted GROUP BY dimension") == [
        (1,),
        (1,),
    ]


def test_an_annotator_who_got_no_draft_moves_nobodys_figures(engine, lead):
    opened(engine, lead, annotators=["ana", "ben", "cleo"], per_draft=2, draft_ids=["d01"])
    busy = [each for each in people(engine, "ana", "ben", "cleo") if each.name in assigned(engine)]
    assert len(busy) == 2
    for each in busy:
        save(engine, each, "d01", (1, 1))
    close_round(lead, engine, "pilot")
    tone = agreement_of_rounds(lead, engine, ["pilot"]).dimensions[TONE]
    assert (tone.units_with_two, tone.overall[PERCENT].value) == (1, 1)
    assert [(pair.a, pair.b) for pair in tone.pairs] == [(busy[0].name, busy[1].name)]
    assert tone.annotators == ("ana", "ben", "cleo")


@pytest.mark.parametrize("reason", ["a\0b", "a\udce9b"])
def test_a_reason_with_characters_no_store_holds_closes_the_round_all_the_same(engine, lead, reason):
    opened(engine, lead, drafts=1)
    assert close_round(lead, engine, "pilot", early=reason).early_reason


# Queries


def test_a_query_is_shown_to_whoever_does_not_label_the_draft_in_an_open_round(engine, lead):
    from workflow.labelling.labelling import query
    from workflow.labelling.own_labels import assignment_of

    opened(engine, lead, draft_ids=["d01"])
    ana, ben = people(engine, "ana", "ben")
    query(ana, engine, assignment_of(ana, engine, "pilot", "d01"), " look at this ")
    assert queries_of(ben, engine, "pilot") == []
    assert [(each.draft_id, each.annotator, each.note) for each in queries_of(lead, engine, "pilot")] == [
        ("d01", "ana", "look at this")
    ]
    close_round(lead, engine, "pilot", early="enough")
    assert (len(queries_of(lead, engine, "pilot")), queries_of(ben, engine, "pilot")) == (1, []), "it may still be reopened"
    agreement_of_rounds(lead, engine, ["pilot"])
    assert len(queries_of(ben, engine, "pilot")) == 1


def test_the_closed_rounds_that_a_round_continues_are_named_first_to_last(engine, lead):
    people_ = [each for each in ("ana", "ben")]
    drafts = {"first": ["d01", "d02"], "second": ["d03"], "third": ["d04"]}
    before = None
    for name, ids in drafts.items():
        opened(engine, lead, name, people_, draft_ids=ids, continues=before)
        before = name
    for name in ("first", "second"):
        close_round(lead, engine, name, early="enough")
    assert chain_of(engine, "THIRD") == ["first", "second", "third"] and chain_of(engine, "first") == ["first"]
    assert "no round" in refusal(chain_of, engine, "fourth")
