"""How a refusal calls an entry of a rubric file: "threshold of cta", "level 3 of cta", "field thread"."""

from collections.abc import Mapping

from touchstone.files.yaml_tree import MarkedTree, Path, short
from touchstone.rubric.model import Agreement, Dimension, Field, Level, RubricFile
from touchstone.rubric.scoring_model import (
    AtLeast,
    Check,
    Example,
    ExampleTask,
    Fact,
    Frozen,
    KindOfNumber,
    Near,
    NumberExample,
    Numbers,
    Parts,
    Penalty,
    Quoted,
    ScoringLine,
    Signature,
    Unless,
)

MODELS: dict[Path, tuple[str, type[Frozen]]] = {
    (): ("rubric", RubricFile),
    ("fields",): ("field", Field),
    ("dimensions",): ("dimension", Dimension),
    ("dimensions", "levels"): ("level", Level),
    ("dimensions", "agreement"): ("agreement", Agreement),
    ("dimensions", "checks"): ("check", Check),
    ("dimensions", "checks", "unless"): ("unless", Unless),
    ("dimensions", "checks", "near"): ("near", Near),
    ("dimensions", "checks", "apart"): ("apart", Near),
    ("dimensions", "scoring"): ("scoring line", ScoringLine),
    ("dimensions", "scoring", "at_least"): ("at_least", AtLeast),
    ("dimensions", "examples"): ("example", Example),
    ("facts",): ("fact", Fact),
    ("numbers",): ("numbers", Numbers),
    ("numbers", "kinds"): ("kind of number", KindOfNumber),
    ("numbers", "examples"): ("example of numbers", NumberExample),
    ("tasks",): ("task", ExampleTask),
    ("parts",): ("parts", Parts),
    ("parts", "quoted"): ("quoted", Quoted),
    ("parts", "signature"): ("signature", Signature),
    ("penalty",): ("penalty", Penalty),
}


def keys_on_the_way(path: Path) -> Path:
    return tuple(step for step in path if isinstance(step, str))


def kind_of_entry(path: Path) -> str:
    """What an entry of the list around `path` is called: "level", "dimension", "alias"."""
    names = keys_on_the_way(path)
    if names in MODELS:
        return MODELS[names][0]
    return "alias" if names[-1] == "aliases" else f"entry of {short(str(names[-1]))}:"


def owner_of(tree: MarkedTree, path: Path) -> str:
    """The entry at `path` by its own name: "cta", "level 3 of cta", "field thread"; else by its number."""
    if not path:
        return "the file"
    *around, last = path
    if not isinstance(last, int):
        return f"{short(last)} of {owner_of(tree, tuple(around))}"
    kind = kind_of_entry(path)
    name = short(tree.texts.get((*path, {"level": "value", "check": "name"}.get(kind, "key")), ""))
    if kind == "dimension" and name:
        return name
    here = f"{kind} {name or f'no. {last + 1}'}"
    outer = tuple(around[:-1])
    return f"{here} of {owner_of(tree, outer)}" if outer else here


def name_of(tree: MarkedTree, path: Path) -> str:
    """The entry at `path` in a sentence: "threshold of cta", "anchor of level 3 of cta", "title"."""
    *before, last = path
    around = tuple(before)
    if isinstance(last, int):
        return owner_of(tree, path)
    if around and around[-1] == "agreement":
        around = around[:-1]
    if not around:
        return short(last)
    if last in ("key", "value", "name") and isinstance(around[-1], int):
        # By its number: its name is what is wrong.
        outer = around[:-2]
        of = f" of {owner_of(tree, outer)}" if outer else ""
        return f"{last} of {kind_of_entry(around)} no. {around[-1] + 1}{of}"
    return f"{short(last)} of {owner_of(tree, around)}"


def given_value(tree: MarkedTree, path: Path) -> str:
    value = tree.at(path)
    if value is None or value in ("", (), {}):
        return "empty"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, tuple):
        return "a list"
    return short(tree.texts[path]) or "blank"
