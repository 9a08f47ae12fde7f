"""House style that a machine can see: folders by subject, short files, no word of a rubric in code."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

import pytest
import yaml

from tests.support.modules import LAYERS, MODULES, PROJECT, tree, where

SUBJECTS = {
    "agreement",
    "bench",
    "claims",
    "comparison",
    "data",
    "events",
    "exporting",
    "gate",
    "gold",
    "importing",
    "judging",
    "labelling",
    "maintenance",
    "people",
    "planning",
    "preferences",
    "projects",
    "releasing",
    "rounds",
    "rubric",
    "scorer",
    "subgroups",
}
BESIDE = {
    "touchstone": {"cli", "files", "papers", "scale"},
    "ui": {"base"},
    "workflow": set(),
    "pages": set(),
    "tests": {"deploy", "embedding", "files", "load", "scale", "support", "train", "web", "whole"},
}


@pytest.mark.parametrize("layer", BESIDE)
def test_folders_are_named_by_subject(layer):
    """Who knows touchstone/agreement/ finds workflow/agreement/, ui/agreement/, pages/agreement/ and tests/agreement/."""
    folders = {path.parent.name for path in (PROJECT / layer).glob("*/*.py")}
    assert folders - BESIDE[layer] <= SUBJECTS


def test_no_folder_holds_more_than_about_twelve_modules():
    modules_of = Counter(path.parent for top in (*LAYERS, "commands") for path in (PROJECT / top).rglob("*.py"))
    del modules_of[PROJECT / "db" / "migrations" / "versions"]  # one each time the schema changes, never fewer
    assert {str(folder.relative_to(PROJECT)): n for folder, n in modules_of.items() if n > 14} == {}


def test_no_file_is_too_long_to_be_read_at_once():
    tops = (*LAYERS, "commands", "scripts", "benchmarks", "tests")
    files = [*PROJECT.glob("*.py"), *(path for top in tops for path in (PROJECT / top).rglob("*.py"))]
    lines = {path.relative_to(PROJECT): len(path.read_text("utf-8").splitlines()) for path in files}
    assert len(lines) > len(MODULES)
    assert {str(path): n for path, n in lines.items() if n > (450 if path.parts[0] == "tests" else 420)} == {}


def test_no_two_classes_of_the_library_share_a_name():
    names = Counter(
        node.name
        for path in MODULES
        if path.parts[0] == "touchstone"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    )
    assert {name for name, n in names.items() if n > 1} == set()


LISTS = r"(?:phrases|Filler|Forced booking|Hedges|Over-commitment): ([^.]+)\."


def rubric_words() -> dict[str, set[str]]:
    """By where it comes from: keys and aliases of dimensions, keys of fields, and the phrases a rubric lists."""
    keys, phrases = set(), set()
    for path in sorted((PROJECT / "rubric_versions").glob("*.yml")):
        rubric = yaml.safe_load(path.read_text("utf-8"))
        for dimension in rubric["dimensions"]:
            keys |= {dimension["key"], *dimension.get("aliases", ())}
            for listed in re.findall(LISTS, dimension.get("guidance", "")):
                phrases |= {" ".join(each.split()).casefold() for each in re.split("[;,]", listed)}
            for check in dimension.get("checks", ()):
                phrases |= {str(each).casefold() for each in check.get("tokens", ()) or ()}
        keys |= {field["key"] for field in rubric.get("fields", ())}
    return {"key": keys, "phrase": {each for each in phrases if len(each) > 5}}


def test_no_dimension_field_or_phrase_of_a_rubric_stands_in_code():
    words = rubric_words()
    assert "cta_quality" in words["key"] and "skyrocket" in words["phrase"]
    general = {"personalization", "ecosystem", "leverage", "available immediately", "wizard"} & words["phrase"]
    # One pattern: hundreds by themselves, each compiled again for every text, took minutes.
    any_word = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(words["key"] | words["phrase"] - general))) + r")\b")
    found = [
        f"{where(path, node)}: {word}"
        for path in MODULES
        for node, text in words_of(tree(path))
        for word in any_word.findall(text)
    ]
    assert found == []


def words_of(code: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Names and literal texts of a module, without docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    first = [node.body[0] for node in ast.walk(code) if isinstance(node, documented) and node.body]
    docstrings = {id(node.value) for node in first if isinstance(node, ast.Expr)}
    for node in ast.walk(code):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in docstrings:
                yield node, text.casefold()
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.FunctionDef(name=name):
                yield node, name


def test_no_dimension_of_a_rubric_stands_in_the_pages_scripts_and_styles():
    words = rubric_words()["key"]
    for path in (PROJECT / "ui").rglob("*.[jc]s*"):
        text = path.read_text("utf-8")
        assert [word for word in words if re.search(rf"\b{re.escape(word)}\b", text)] == [], path.name


# House style that a machine can see


def test_no_module_has_a_name_that_says_nothing():
    assert [path for path in MODULES if re.search("util|helper|common|misc|manager", path.stem)] == []


# Where whatever goes wrong is an answer: a gate that cannot decide says so and holds the draft up (docs/decisions/0038). Or where
# nobody asked: what cannot be loaded ahead is logged with all it says, and the page that needs it tells.
ANSWERS = {"touchstone/gate/deciding.py": 1, "web/warming/warm_up.py": 1}


def test_no_error_is_swallowed_whole():
    wrong = [
        str(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
    ]
    assert Counter(wrong) == ANSWERS
