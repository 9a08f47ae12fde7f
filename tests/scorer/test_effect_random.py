"""Rubrics changed at random, in chains: what would change is found as scoring every draft under both versions finds it."""

import copy
import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.support.short_run import EVERYTHING, some
from touchstone.rubric.model import Rubric
from touchstone.rubric.reading import parse_rubric
from touchstone.scorer.effect.corpus import Corpus
from touchstone.scorer.effect.effect import effect_of
from touchstone.scorer.scoring import Scorer

PROJECT = Path(__file__).resolve().parents[2]
BASE = yaml.safe_load((PROJECT / "rubric_versions" / "tenacious-v1.yml").read_text("utf-8"))
TASKS = {
    each["task_id"]: each
    for each in map(json.loads, (PROJECT / "sample" / "outreach" / "tasks.jsonl").read_text("utf-8").splitlines())
}
WORDS = ["you", "we", "the", "team", "engineers", "call", "would", "hiring", "noticed", "role", "week", "minutes"]


def texts() -> list[tuple]:
    """The sample's drafts, two blank ones, and the checks' own texts, so that every check is met somewhere."""
    made = []
    for each in map(json.loads, (PROJECT / "sample" / "outreach" / "drafts.jsonl").read_text("utf-8").splitlines()):
        task = TASKS[each["task_id"]]
        made.append((each["text"], task["input"], {key: task[key] for key in task if key not in ("task_id", "input")}))
    tasks = [each[1:] for each in made]
    made += [("", *tasks[0]), ("> quoted alone\n", *tasks[0])]
    checks = [check for dimension in BASE["dimensions"] for check in dimension["checks"]]
    return made + [(" ".join(check["hit"]), *tasks[place % len(tasks)]) for place, check in enumerate(checks)]


DRAFTS = texts()


class Picked(NamedTuple):
    """A check picked by chance, in its dimension of a rubric as a document; `near`: two other checks, and how near they are."""

    made: dict
    dimension: dict
    check: dict
    near: dict
    chance: random.Random


def put(key: str, *values: Any) -> Callable[[Picked], None]:
    return lambda at: at.check.update({key: copy.deepcopy(at.chance.choice(values))})


def near_or_apart(key: str) -> Callable[[Picked], None]:
    return lambda at: at.check.pop(key) if key in at.check and at.chance.random() < 0.4 else at.check.update({key: at.near})


def given(at: Picked) -> None:
    at.check["given"] = [] if at.check.get("given") else [at.chance.choice(at.made["facts"])["key"]]


def token(at: Picked) -> None:
    if at.check["extends"] in ("phrase", "regex"):
        at.check["tokens"] = [*at.check["tokens"], at.chance.choice(WORDS)]


def fewer(at: Picked) -> None:
    if len(at.check.get("tokens", [])) > 1:
        at.check["tokens"].pop(at.chance.randrange(len(at.check["tokens"])))


def parts(at: Picked) -> None:
    at.made["parts"]["signature"]["short_block"] = not at.made["parts"]["signature"]["short_block"]


def gone(at: Picked) -> None:
    if len(at.made["dimensions"]) > 3:
        at.made["dimensions"].remove(at.dimension)


def new(at: Picked) -> None:
    dimensions = at.made["dimensions"]
    more = {"key": f"new_{at.chance.randrange(10_000)}", "aliases": [], "checks": []}
    dimensions.insert(at.chance.randrange(len(dimensions) + 1), copy.deepcopy(at.chance.choice(dimensions)) | more)


def order(at: Picked) -> None:
    at.chance.shuffle(at.dimension["checks"])


def moved(at: Picked) -> None:
    at.dimension["checks"].remove(at.check)
    at.chance.choice(at.made["dimensions"])["checks"].insert(0, at.check)


def exception(at: Picked) -> None:
    if at.check["extends"] in ("phrase", "token", "regex"):
        at.check["exceptions"] = [*at.check.get("exceptions", []), at.chance.choice(["address", "the team", "would you"])]


def unless(at: Picked) -> None:
    where = at.chance.choice(["before", "after", "inside", "sentence"])
    at.check["unless"] = {**at.check.get("unless", {}), where: [at.chance.choice(WORDS)]}


def lines(at: Picked) -> None:
    if len(at.dimension["scoring"]) > 2:
        at.dimension["scoring"][:2] = reversed(at.dimension["scoring"][:2])


def without(at: Picked) -> None:
    at.dimension["checks"].remove(at.check)


KINDS: dict[str, Callable[[Picked], Any]] = {
    "scope": put("scope", ["body"], ["subject"], ["subject", "body"]),
    "group": put("group", "signal", "detail", "other"),
    "near": near_or_apart("near"),
    "apart": near_or_apart("apart"),
    "given": given,
    "token": token,
    "fewer": fewer,
    "parts": parts,
    "gone": gone,
    "new": new,
    "order": order,
    "moved": moved,
    "counts": put("counts_as", "funding", "other"),
    "exception": exception,
    "unless": unless,
    "lines": lines,
    "without": without,
    "level": put("level", "warning", "error"),
}


def changed(source: dict, chance: random.Random) -> dict:
    """One thing about a rubric changed."""
    made = copy.deepcopy(source)
    dimensions = made["dimensions"]
    dimension = chance.choice([each for each in dimensions if each["checks"]])
    check = chance.choice(dimension["checks"])
    names = [each["name"] for one in dimensions for each in one["checks"] if each["name"] != check["name"]]
    near = {"of": chance.sample(names, 2), "reach": chance.choice(["same", "previous", "next", "around"])}
    KINDS[chance.choice(list(KINDS))](Picked(made, dimension, check, near, chance))
    made.pop("penalty", None)
    share = round(1 / len(dimensions), 4)
    for place, each in enumerate(dimensions):
        each["weight"] = share if place else round(1 - share * (len(dimensions) - 1), 4)
    return made


def read(source: dict) -> Rubric | None:
    return parse_rubric(yaml.safe_dump(source, sort_keys=False).encode(), "tenacious-v1.yml")[0]


def scored(rubric: Rubric) -> list[dict]:
    scorer = Scorer(rubric)
    return [
        {key: (each.value, each.because or each.reason) for key, each in scorer.score(*draft).scores.items()} for draft in DRAFTS
    ]


@pytest.mark.parametrize("seed", some(range(4)))
def test_a_chain_of_changes_has_the_effect_of_scoring_everything_twice(seed, monkeypatch):
    chance, source = random.Random(seed), BASE
    corpus, versions = Corpus(DRAFTS), []
    monkeypatch.setattr(Corpus, "MOST_READY", len(DRAFTS) // 3)
    partly = Corpus(DRAFTS)  # the others are on disk
    while len(versions) < (8 if EVERYTHING else 5):
        following = changed(source, chance) if versions else source
        if (rubric := read(following)) is None:
            continue  # a change that makes no rubric: a name that is asked for is gone
        source = following
        versions.append((rubric, scored(rubric)))
        for before, after in ((versions[-1], chance.choice(versions)), (chance.choice(versions), versions[-1])):
            made = effect_of(corpus, before[0], after[0])
            assert effect_of(partly, before[0], after[0]) == made
            assert set(made.dimensions) == set(before[0].keys) & set(after[0].keys)
            for key, each in made.dimensions.items():
                pairs = [(one[key], two[key]) for one, two in zip(before[1], after[1], strict=True)]
                assert each.table == Counter((one[0], two[0]) for one, two in pairs)
                moved = [(one.draft, (one.before, one.because_before), (one.after, one.because_after)) for one in each.moved]
                assert moved == [(number, one, two) for number, (one, two) in enumerate(pairs) if one[0] != two[0]]
