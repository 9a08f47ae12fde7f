"""What a version would change, on the drafts of a store: what is counted, what is held against gold, what stays unseen."""

import json
import random

import pytest
from sklearn.metrics import cohen_kappa_score

from tests.scorer.test_effect import version
from tests.support.commands import done, refused
from tests.support.kept_stores import kept
from tests.support.sample_store import CLOSED, OPEN
from tests.support.short_run import some
from tests.support.small_stores import CTA, RUBRIC, TONE, draft, jsonl, label_all, opened, people, task
from touchstone.agreement.coefficient import KAPPA, QUADRATIC_KAPPA
from touchstone.comparison.two_rounds import Labelled, change
from touchstone.errors import NotYourTurn, Refused
from touchstone.scorer.effect.corpus import Corpus
from touchstone.scorer.loading import load_rubric
from touchstone.scorer.scoring import Scorer
from workflow.data.task_import import import_drafts, import_tasks
from workflow.gold.adjudication import adjudicate
from workflow.rounds.closing import close_round
from workflow.rubric import rubrics
from workflow.rubric.meetings import decide
from workflow.rubric.next_version import keep_file
from workflow.rubric.unfinished_version import unfinished
from workflow.scorer import comparable_versions, effect
from workflow.scorer.drafts_to_score import ScorableDrafts, state_of
from workflow.scorer.effect import what_it_would_change

TEXTS = {
    "d01": "A ninja would help. Would you be open to a call?",
    "d02": "A rockstar would help. Call me when it suits you.",
    "d03": "The zebra of your team. Could we talk on Tuesday for 15 minutes?",
    "d04": "Hello, the zebra.",
    "d05": "Would 15 minutes on Thursday at 10:00 suit you?",
    "d06": "Two backend roles are open. Is the zebra slow?",
}
GAVE = {"d01": (0, 2), "d02": (0, 1), "d03": (0, 3), "d04": (2, 0), "d05": (3, 3), "d06": (1, 1)}
FIRST = version()
SECOND = version(("          - world-class\n", "          - world-class\n          - the zebra\n"))


@pytest.fixture
@kept
def team(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    import_tasks(lead, engine, jsonl(*(task(n) for n in range(1, 9))), "tasks.jsonl")
    import_drafts(
        lead,
        engine,
        jsonl(
            *(draft(n, text=text) for n, text in enumerate(TEXTS.values(), 1)),
            draft(7, text="Another zebra, the zebra."),
            draft(8),
        ),
        "drafts.jsonl",
    )
    return lead, ana, ben


@pytest.fixture
@kept
def closed(engine, team):
    """All agree but on the tone of d06, where ana has 1 and ben 0."""
    lead, ana, ben = team
    opened(engine, lead, draft_ids=list(TEXTS))
    label_all(engine, ana, GAVE)
    label_all(engine, ben, GAVE | {"d06": (0, 1)})
    close_round(lead, engine, "pilot")
    return team


def seen(engine, person, gold="pilot", before=FIRST, after=SECOND):
    return what_it_would_change(person, engine, ScorableDrafts(engine), before, after, gold)


def of(made, key=TONE):
    return next(each for each in made.dimensions if each.key == key)


def level(rubric, draft_id, key=TONE):
    return Scorer(rubric).score(TEXTS[draft_id], task(int(draft_id[1:]))["input"], {}).scores[key].value


def test_each_draft_stands_in_the_matrix_by_its_levels_under_both(engine, closed):
    tone = of(seen(engine, closed[0]))
    assert sum(map(sum, tone.matrix)) == 8
    moved = {each.draft.draft_id: (each.moved.before, each.moved.after) for each in tone.moved}
    assert set(moved) == {"d03", "d04", "d06", "d07"}
    for draft_id in ("d03", "d04", "d06"):
        assert moved[draft_id] == (level(FIRST, draft_id), 0) and level(SECOND, draft_id) == 0
    for i, one in enumerate(tone.rows):
        for j, two in enumerate(tone.rows):
            assert i == j or tone.matrix[i][j] == sum(each == (one, two) for each in moved.values())
    assert of(seen(engine, closed[0]), CTA).moved == ()


def test_gold_is_what_people_agreed_on_or_settled_and_both_versions_are_held_against_it(engine, closed):
    tone = of(seen(engine, closed[0]))
    agreed = [each for each in TEXTS if each != "d06"]
    assert (tone.not_discussed.n, tone.discussed) == (5, None)
    for rubric, side in ((FIRST, "before"), (SECOND, "after")):
        kappa = getattr(tone.not_discussed.changes[KAPPA], side)
        assert kappa.value == pytest.approx(
            cohen_kappa_score([GAVE[each][0] for each in agreed], [level(rubric, each) for each in agreed], labels=[0, 1, 2, 3])
        )
    assert (tone.not_discussed.improved, tone.not_discussed.worsened) == (1, 1)  # d03 is 0 to people, d04 is 2
    gold = {each.draft.draft_id: each.gold for each in tone.moved}
    assert gold == {"d03": 0, "d04": 2, "d06": None, "d07": None}
    adjudicate(closed[0], engine, "pilot", "d06", TONE, 0, reason="the phrase is banned", cause="rubric unclear")
    tone = of(seen(engine, closed[0]))
    assert (tone.not_discussed.n, tone.not_discussed.improved) == (6, 2)


def test_drafts_whose_texts_are_not_in_memory_have_the_same_report(engine, closed, monkeypatch):
    whole = seen(engine, closed[0])
    monkeypatch.setattr(Corpus, "MOST_READY", 2)
    made = seen(engine, closed[0])
    assert len(made.held.corpus.drafts) == 2 and len(made.held.drafts) == len(whole.held.drafts) > 2
    assert made.as_json() == whole.as_json()
    texts = [{one.draft.draft_id: report.text(one) for one in of(report).moved} for report in (made, whole)]
    assert texts[0] == texts[1] and texts[0]["d06"] == TEXTS["d06"]


def test_the_difference_and_its_interval_are_those_of_a_comparison_on_the_same_drafts(engine, closed):
    tone = of(seen(engine, closed[0]))
    agreed = [each for each in TEXTS if each != "d06"]
    sides = [
        Labelled(
            ("gold", "scorer"),
            (0, 1, 2, 3),
            FIRST.dimension(TONE).agreement,
            {each: (GAVE[each][0], level(rubric, each)) for each in agreed},
        )
        for rubric in (FIRST, SECOND)
    ]
    found = tone.not_discussed.changes[QUADRATIC_KAPPA].difference
    assert found == change(*sides, QUADRATIC_KAPPA).difference
    assert found.low <= found.value <= found.high
    still = of(seen(engine, closed[0]), CTA).not_discussed.changes[KAPPA].difference
    assert (still.value, still.low, still.high) == (0, 0, 0), "nothing moves, so the difference is known"


def test_a_discussed_draft_and_those_of_its_task_are_counted_apart(engine, closed):
    decide(closed[0], engine, "pilot", "d06", TONE, "a zebra is banned")
    adjudicate(closed[0], engine, "pilot", "d06", TONE, 0, reason="the phrase is banned", cause="rubric unclear")
    made = seen(engine, closed[0])
    tone = of(made)
    assert (tone.not_discussed.n, tone.discussed.n) == (5, 1)
    assert (tone.not_discussed.improved, tone.discussed.improved) == (1, 1)
    assert {each.draft.draft_id for each in tone.moved if each.discussed} == {"d06"}
    assert of(made, CTA).discussed.n == 1, "a draft is discussed on every dimension"


def test_drafts_of_an_open_round_are_left_out_and_said_so(engine, closed):
    lead = closed[0]
    before = state_of(engine)
    opened(engine, lead, "second", draft_ids=["d03", "d07"])
    assert state_of(engine) != before
    made = seen(engine, lead)
    assert (made.drafts, made.left_out, made.held_back) == (6, 2, 1)
    assert "2 drafts of open rounds are left out until they are closed" in made.notes
    assert {each.draft.draft_id for each in of(made).moved} == {"d04", "d06"}
    assert (seen(engine, closed[1]).held_back, seen(engine, closed[1], gold="").drafts) == (1, 6)
    with pytest.raises(NotYourTurn, match="second"):
        seen(engine, lead, gold="second")


def test_a_round_opened_while_drafts_are_scored_shows_none_of_them(engine, closed):
    held = ScorableDrafts(engine)
    opened(engine, closed[0], "second", draft_ids=["d03", "d07"])
    with pytest.raises(Refused, match="while they were scored; look again"):
        what_it_would_change(closed[0], engine, held, FIRST, SECOND)


def test_a_draft_no_closed_round_had_is_counted_and_not_to_be_opened(engine, closed):
    assert {each.draft.draft_id for each in of(seen(engine, closed[0])).moved if not each.is_labelled} == {"d07"}


def test_without_gold_what_moves_is_told_alone(engine, closed):
    made = seen(engine, closed[0], gold="")
    assert (made.gold, of(made).not_discussed, of(made).reason) == (None, None, "")
    assert made.sentence == "4 of 8 drafts get another level under tenacious-v1: Tone (4)."


def test_no_drafts_and_nothing_that_moves_are_sentences(engine, team):
    assert seen(engine, team[0], gold="", after=FIRST).sentence == (
        "tenacious-v1 and tenacious-v1 are the same file: no draft can change level."
    )
    still = version(("          - top talent\n", ""))
    assert seen(engine, team[0], gold="", after=still).sentence == (
        "No draft of 8 gets another level under tenacious-v1 than under tenacious-v1."
    )
    opened(engine, team[0], "all")
    assert seen(engine, team[0], gold="").sentence == "There is no draft to score: they are all in open rounds."


@pytest.mark.parametrize("levels", some([("low", "fair", "good", "best"), (1, 2, 3, 4), (3, 2, 1, 0)]), ids=str)
@pytest.mark.parametrize("scale", some(["nominal", "ordinal"]))
def test_figures_with_gold_go_by_the_levels_there_are_whatever_they_are_called(levels, scale):
    chance = random.Random(1)
    known = tuple((f"d{number}", *(chance.choice(levels) for _ in range(3))) for number in range(40))
    unscored = ("dx", levels[0], None, levels[1])
    made = effect._with_gold(levels, scale == "ordinal", FIRST.dimension(TONE).agreement, (*known, unscored))
    assert (made.n, made.without) == (40, 1)
    gold = [each[1] for each in known]
    for place, side in ((2, "before"), (3, "after")):
        for name, weights in ((KAPPA, None), (QUADRATIC_KAPPA, "quadratic")):
            if name in made.changes:
                figure = getattr(made.changes[name], side)
                codes = [[levels.index(each) for each in row] for row in (gold, [each[place] for each in known])]
                assert figure.value == pytest.approx(cohen_kappa_score(*codes, labels=range(4), weights=weights))
    assert (QUADRATIC_KAPPA in made.changes) == (scale == "ordinal")
    right = [[each[place] == each[1] for each in known] for place in (2, 3)]
    if scale == "nominal":
        assert (made.improved, made.worsened) == (
            sum(b > a for a, b in zip(*right, strict=True)),
            sum(a > b for a, b in zip(*right, strict=True)),
        )


OTHER = """rubric: replies
version: 1
title: Replies
dimensions:
  - key: resolved
    title: Resolved
    question: Is it resolved?
    scale: ordinal
    weight: 1
    levels:
      - {value: 0, title: "No", anchor: It is open.}
      - {value: 1, title: "Yes", anchor: It is settled.}
    agreement: {statistic: kappa, weights: unweighted, threshold: 0.8}
"""
CHECKS = """    checks:
      - {name: link, extends: phrase, message: "'%s'", tokens: [settled], hit: [It is settled.], miss: [It is open.]}
    scoring:
      - {level: 1, because: it says so, any: [link]}
      - {level: 0, because: it does not}
    examples:
      - {level: 1, draft: It is settled.}
      - {level: 0, draft: It is open.}
"""


def test_versions_without_scoring_and_with_nothing_in_common_are_refused(engine, team):
    bare, other = (load_rubric(source.encode(), "replies-v1.yml")[0] for source in (OTHER, OTHER + CHECKS))
    with pytest.raises(Refused, match="replies-v1 has no scoring in any dimension; add checks"):
        seen(engine, team[0], gold="", after=bare)
    with pytest.raises(Refused, match="tenacious-v1 and replies-v1 have no dimension in common"):
        seen(engine, team[0], gold="", after=other)


def test_a_version_being_written_can_be_tried_before_it_is_a_file(engine, closed, monkeypatch, tmp_path):
    lead = closed[0]
    (tmp_path / "tenacious-v1.yml").write_bytes((rubrics.FOLDER / "tenacious-v1.yml").read_bytes())
    monkeypatch.setattr(rubrics, "FOLDER", tmp_path)
    assert comparable_versions.versions_to_compare(lead, engine) == [RUBRIC]
    source = unfinished(lead, engine, RUBRIC).source
    keep_file(lead, engine, RUBRIC, source.replace("- world-class\n", "- world-class\n          - the zebra\n"))
    names = comparable_versions.versions_to_compare(lead, engine)
    assert names == [RUBRIC, "tenacious-v2" + comparable_versions.UNFINISHED]
    assert comparable_versions.version_before(names[1], names) == RUBRIC
    assert comparable_versions.usually_before(names[1], names) == RUBRIC
    written = comparable_versions.version_called(lead, engine, names[1])
    assert {each.draft.draft_id for each in of(seen(engine, lead, after=written)).moved} == {"d03", "d04", "d06", "d07"}
    keep_file(lead, engine, RUBRIC, source.replace("rubric: tenacious", "rubric: [", 1))
    with pytest.raises(Refused, match="fix"):
        comparable_versions.version_called(lead, engine, names[1])


def test_another_change_uses_what_is_known_of_the_drafts(engine, closed, monkeypatch):
    held = ScorableDrafts(engine)
    told = []
    what_it_would_change(closed[0], engine, held, FIRST, SECOND)
    monkeypatch.setattr("touchstone.scorer.compiled.CompiledRubric.prepare", lambda *_: pytest.fail("a draft was folded again"))
    third = version(("          - world-class\n", "          - world-class\n          - another zebra\n"))
    made = what_it_would_change(closed[0], engine, held, FIRST, third, tell=told.append)
    assert {each.draft.draft_id for each in of(made).moved} == {"d07"} and told == []


def test_the_command_says_which_drafts_move_and_by_which_check(sample_url):
    said = done("rubric-effect", "tenacious-v1", "tenacious-v2", "--gold", CLOSED)
    assert "drafts get another level under tenacious-v2: Personalization" in said
    assert "+company-in-body" in said and "-company" in said
    made = json.loads(done("rubric-effect", "tenacious-v1", "tenacious-v2", "--gold", CLOSED, "--json"))
    moved = made["dimensions"]["personalization_depth"]["moved"]
    assert moved and all(each["before"] != each["after"] and each["gone"] + each["new"] for each in moved)
    assert made["left_out"] > 0
    gold = made["dimensions"]["personalization_depth"]["gold"]["not_discussed"]
    assert set(gold["kappa"]) == {"unweighted", "quadratic"} and gold["kappa"]["unweighted"]["difference"]["value"] < 0


def test_the_command_refuses_an_open_round_and_a_version_that_is_nowhere(sample_url):
    assert OPEN in refused("rubric-effect", "tenacious-v1", "tenacious-v2", "--gold", OPEN)
    assert "tenacious-v7" in refused("rubric-effect", "tenacious-v1", "tenacious-v7")


@pytest.mark.parametrize(
    ("name", "labelled", "before"),
    [
        ("tenacious-v3", "tenacious-v1", "tenacious-v1"),
        ("tenacious-v3", "", "tenacious-v2"),  # no round is in hand
        ("tenacious-v3", "tenacious-v3", "tenacious-v2"),  # it is not earlier
        ("tenacious-v3", "support-replies-v1", "tenacious-v2"),  # another rubric, or one that cannot be chosen
        ("tenacious-v4" + comparable_versions.UNFINISHED, "tenacious-v1", "tenacious-v3"),  # made from that one
    ],
)
def test_a_version_is_set_beside_the_one_under_which_the_round_in_hand_was_labelled_else_its_predecessor(name, labelled, before):
    assert comparable_versions.usually_before(name, ["tenacious-v1", "tenacious-v2", "tenacious-v3"], labelled) == before


def names(made):
    return {each.draft_id for each in made.held.drafts}


def moves(dimension):
    return {(each.draft.draft_id, each.moved.before, each.moved.after, each.gold, each.is_labelled) for each in dimension.moved}


def test_of_many_drafts_a_sample_is_scored_the_same_each_time_and_said_to_be_one(engine, closed):
    whole = seen(engine, closed[0])
    few, again, more = (
        what_it_would_change(closed[0], engine, ScorableDrafts(engine, size), FIRST, SECOND, "pilot") for size in (3, 3, 5)
    )
    assert (few.drafts, few.held.of, len(names(few)), whole.held.is_part) == (3, 8, 3, False)
    assert names(few) == names(again) and names(few) < names(more) < names(whole), "a larger one begins with a smaller"
    for part in (few, more):
        for mine, of_all in zip(part.dimensions, whole.dimensions, strict=True):
            assert moves(mine) == {each for each in moves(of_all) if each[0] in names(part)}
        with_gold = of(part).not_discussed
        assert (with_gold.n if with_gold else 0) == len(names(part) & TEXTS.keys() - {"d06"}), "ana and ben differ on d06"
    assert "3 drafts drawn at random from 8" in few.sentence
    assert few.notes[0].startswith("all counts are of 3 drafts drawn at random from 8, the same ones each time")
    assert (few.as_json()["drafts"], few.as_json()["of_drafts"], whole.as_json()["of_drafts"]) == (3, 8, 8)


def test_no_draft_of_an_open_round_is_drawn(engine, closed):
    taken = sorted(names(seen(engine, closed[0])) & {each.draft_id for each in ScorableDrafts(engine, 3).drafts})[:1]
    opened(engine, closed[0], "second", draft_ids=taken)
    held = ScorableDrafts(engine, 3)
    assert (held.of, held.left_out, len(held.drafts)) == (7, 1, 3)
    assert not set(taken) & {each.draft_id for each in held.drafts}
    assert not ScorableDrafts(engine, 7).is_part and len(ScorableDrafts(engine, 7).drafts) == 7


@pytest.mark.parametrize("size", [-1, 10_001])
def test_a_sample_of_none_or_of_too_many_is_refused(engine, closed, size):
    with pytest.raises(Refused, match="name a number from 1 to 10,000"):
        ScorableDrafts(engine, size)


def test_gold_is_read_once_for_all_pages_and_anew_once_a_cell_was_decided(engine, closed, monkeypatch):
    lead, ana, ben = closed
    held, reads = ScorableDrafts(engine), []
    real = effect.cells_of
    monkeypatch.setattr(effect, "cells_of", lambda *args, **kwargs: reads.append(1) or real(*args, **kwargs))

    def known(person):
        return of(what_it_would_change(person, engine, held, FIRST, SECOND, "pilot")).not_discussed.n

    assert (known(lead), known(ana), len(reads)) == (5, 5, 1)
    adjudicate(lead, engine, "pilot", "d06", TONE, 0, reason="the phrase is banned", cause="rubric unclear")
    assert (known(lead), known(ben), len(reads)) == (6, 6, 2)
