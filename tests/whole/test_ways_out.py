"""A message names its way out in words, which a page shows; only a command adds the options that take it."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.commands import refused
from tests.support.modules import MODULES, tree, where
from tests.support.refusals import refusal
from touchstone.errors import Problem, Refused, command, in_sentences, in_short, with_options

OPTION = re.compile(r"(?<![\w-])--(?=[a-z])(?!ts-)|(?<=\s)--$")  # --ts-…: a name in a style
# What only a terminal shows: the commands, and why the server does not start.
OF_TERMINALS = ("touchstone/cli/", "commands/", "terminal/", "manage.py", "web/start.py", "web/listening.py")
# The one place that makes options out of keys.
MAKES_THEM = "touchstone/errors.py"


def texts(module: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Literal texts of a module, those of f-strings in their parts, without docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    first = [node.body[0] for node in ast.walk(module) if isinstance(node, documented) and node.body]
    docstrings = {id(node.value) for node in first if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node, node.value


def test_no_text_that_a_page_may_show_names_an_option_of_the_command_line():
    shown = [path for path in MODULES if not str(path).startswith(OF_TERMINALS) and str(path) != MAKES_THEM]
    assert len(shown) > 300
    found = [where(path, node) for path in shown for node, text in texts(tree(path)) if OPTION.search(text)]
    assert found == []


def test_a_way_out_stands_behind_the_sentence_of_a_command_and_in_no_page():
    problem = Problem(3, "tone is blank; say whether a blank means no label", way=("blank missing, or a level",))
    assert in_short([problem]) == ["line 3: tone is blank; say whether a blank means no label"]
    assert in_sentences([problem]) == ["line 3: tone is blank; say whether a blank means no label (--blank missing, or a level)"]
    assert in_sentences([problem] * 6)[0].endswith("(6 times, line 3) (--blank missing, or a level)")


@pytest.mark.parametrize(
    ("sentence", "way", "printed"),
    [
        ("name a round", (), "name a round"),
        ("name a round.", ("set NAME",), "name a round (--set NAME)."),
        ("give one", ("half_width .05", "threshold .8"), "give one (--half-width .05, --threshold .8)"),
        ("make one", (command("new-project NAME", "rubric r"),), "make one (python manage.py new-project NAME --rubric r)"),
    ],
)
def test_ways_are_printed_as_they_are_typed(sentence, way, printed):
    assert with_options(sentence, way) == printed


def test_a_refusal_has_its_words_in_python_and_its_options_on_a_command_line(sample_url):
    from touchstone.claims.typed_claim import check_claim

    assert refusal(check_claim, None, percent="89") == "there is no n: say how many units the figures rest on"
    assert "say how many units the figures rest on (--n 30)" in refused("check-claim", "--percent", "89")


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        (("plan",), "--half-width .05, --threshold .8"),
        (("plan", "--threshold", ".8"), "--from ROUND, --kappa .85"),
        (("export-gold", "Sample round 1"), "--partial"),
        (("report",), "--set NAME"),
        (("open-round", "r", "--rubric", "tenacious-v1", "--annotators", "Sample Ana", "--kind", "retest"), "--of ROUND"),
        (("import-tasks", "/dev/null", "--project", "nowhere"), ""),
    ],
)
def test_a_command_still_says_which_option_it_wants(typed, option, sample_url):
    assert option in refused(*typed)


def test_every_refusal_of_a_verb_can_be_told_with_its_way():
    assert Refused("no", way=["a b"]).way == ("a b",)
