"""Rubrics changed at random, in chains: what would change is found as scoring every draft under both versions finds it."""

import copy
import json
import random
from collections import Counter
from pathlib import Path

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
TASKS = {each["task_id"]: each for each in map(json.loads, (PROJECT / "sample" / "tasks.jsonl").read_text("utf-8").splitlines())}
KINDS = [
    "scope",
    "group",
    "near",
    "apart",
    "given",
    "token",
    "fewer",
    "parts",
    "gone",
    "new",
    "order",
    "moved",
    "counts",
    "exception",
    "unless",
    "lines",
    "without",
    "level",
]
WORDS = ["you", "we", "the", "team", "engineers", "call", "would", "hiring", "noticed", "role", "week", "minutes"]


def texts() -> list[tuple]:
    """The sample's drafts, two blank ones, and the checks' own texts, so that every check is met somewhere."""
    made = []
    for each in map(json.loads, (PROJECT / "sample" / "drafts.jsonl").read_text("utf-8").splitlines()):
        task = TASKS[each["task_id"]]
        made.append((each["text"], task["input"], {key: task[key] for key in task if key not in ("task_id", "input")}))
    tasks = [each[1:] for each in made]
    made += [("", *tasks[0]), ("> quoted alone\n", *tasks[0])]
    checks = [check for dimension in BASE["dimensions"] for check in dimension["checks"]]
    return made + [(" ".join(check["hit"]), *tasks[place % len(tasks)]) for place, check in enumerate(checks)]


DRAFTS = texts()


def changed(source: dict, chance: random.Random) -> dict:
    """One thing about a rubric changed."""
    made = copy.deepcopy(source)
    dimensions = made["dimensions"]
    dimension = chance.choice([each for each in dimensions if each["checks"]])
    check = chance.choice(dimension["checks"])
    names = [each["name"] for one in dimensions for each in one["checks"] if each["name"] != check["name"]]
    near = {"of": chance.sample(names, 2), "reach": chance.choice(["same", "previous", "next", "around"])}
    match chance.choice(KINDS):
        case "scope":
            check["scope"] = chance.choice([["body"], ["subject"], ["subject", "body"]])
        case "group":
            check["group"] = chance.choice(["signal", "detail", "other"])
        case "near" | "apart" as key:
            check.pop(key) if key in check and chance.random() < 0.4 else check.update({key: near})
        case "given":
            check["given"] = [] if check.get("given") else [chance.choice(made["facts"])["key"]]
        case "token" if check["extends"] in ("phrase", "regex"):
            check["tokens"] = [*check["tokens"], chance.choice(WORDS)]
        case "fewer" if len(check.get("tokens", [])) > 1:
            check["tokens"].pop(chance.randrange(len(check["tokens"])))
        case "parts":
            made["parts"]["signature"]["short_block"] = not made["parts"]["signature"]["short_block"]
        case "gone" if len(dimensions) > 3:
            dimensions.remove(dimension)
        case "new":
            more = {"key": f"new_{chance.randrange(10_000)}", "aliases": [], "checks": []}
            dimensions.insert(chance.randrange(len(dimensions) + 1), copy.deepcopy(chance.choice(dimensions)) | more)
        case "order":
            chance.shuffle(dimension["checks"])
        case "moved":
            dimension["checks"].remove(check)
            chance.choice(dimensions)["checks"].insert(0, check)
        case "counts":
            check["counts_as"] = chance.choice(["funding", "other"])
        case "exception" if check["extends"] in ("phrase", "token", "regex"):
            check["exceptions"] = [*check.get("exceptions", []), chance.choice(["address", "the team", "would you"])]
        case "unless":
            where = chance.choice(["before", "after", "inside", "sentence"])
            check["unless"] = {**check.get("unless", {}), where: [chance.choice(WORDS)]}
        case "lines" if len(dimension["scoring"]) > 2:
            dimension["scoring"][:2] = reversed(dimension["scoring"][:2])
        case "without":
            dimension["checks"].remove(check)
        case "level":
            check["level"] = chance.choice(["warning", "error"])
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
def test_a_chain_of_changes_has_the_effect_of_scoring_everything_twice(seed):
    chance, source = random.Random(seed), BASE
    corpus, versions = Corpus(DRAFTS), []
    while len(versions) < (8 if EVERYTHING else 5):
        following = changed(source, chance) if versions else source
        if (rubric := read(following)) is None:
            continue  # a change that makes no rubric: a name that is asked for is gone
        source = following
        versions.append((rubric, scored(rubric)))
        for before, after in ((versions[-1], chance.choice(versions)), (chance.choice(versions), versions[-1])):
            made = effect_of(corpus, before[0], after[0])
            assert set(made.dimensions) == set(before[0].keys) & set(after[0].keys)
            for key, each in made.dimensions.items():
                pairs = [(one[key], two[key]) for one, two in zip(before[1], after[1], strict=True)]
                assert each.table == Counter((one[0], two[0]) for one, two in pairs)
                moved = [(one.draft, (one.before, one.because_before), (one.after, one.because_after)) for one in each.moved]
                assert moved == [(number, one, two) for number, (one, two) in enumerate(pairs) if one[0] != two[0]]
