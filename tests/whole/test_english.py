"""Numbers and lists in sentences."""

import ast
import re

import pytest

from tests.support.modules import MODULES, tree, where
from touchstone.english import amount, duration, listed, many


def test_one_is_singular_and_everything_else_plural():
    assert [many(number, "draft") for number in (0, 1, 2, 1200)] == ["0 drafts", "1 draft", "2 drafts", "1,200 drafts"]


def test_an_odd_plural_is_given_by_name():
    assert [many(1, "person", "people"), many(2, "person", "people")] == ["1 person", "2 people"]


def test_the_last_of_a_list_is_joined_by_and():
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(("a", "b", "c"))] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 seconds"),
        (1, "1 second"),
        (40, "40 seconds"),
        (95, "2 minutes"),
        (3600, "60 minutes"),
        (5400, "1.5 hours"),
        (86400, "24 hours"),
    ],
)
def test_a_duration_is_in_seconds_minutes_or_hours_one_of_which_is_singular(seconds, words):
    assert duration(seconds) == words


def test_a_figure_in_words_has_its_noun_in_the_singular_where_it_is_one():
    assert [amount(figure, "hour") for figure in ("1", "1.5", "12")] == ["1 hour", "1.5 hours", "12 hours"]


NOUNS = (
    "annotators|bytes|cells|characters|checks|columns|days|decisions|digits|dimensions|disagreements|drafts|examples|fields|"
    "figures|files|findings|hits|hours|intervals|labels|letters|levels|lines|looks|minutes|notes|pairs|people|problems|projects|"
    "queries|questions|rows|rounds|saves|scores|seconds|sheets|skips|slices|sources|tasks|texts|times|units|values|versions|words"
)
PLURAL = re.compile(rf" (?:(?:different|more) )?(?:{NOUNS})\b")
# Where fewer than two cannot be: limits, levels of a scale, annotators of a pool, drafts that share a cluster.
ALWAYS_SEVERAL = {"people", "counts.units", "self.number", "self.most", "each.labels_each"}


def test_no_plural_is_made_by_hand():
    """A number that a text names with its noun goes through `many`: one draft is none of "1 drafts"."""
    found = [
        f"{where(path, node)}: {{{ast.unparse(number.value)}}}{text.value[:20]}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.JoinedStr)
        for number, text in zip(node.values, node.values[1:], strict=False)
        if isinstance(number, ast.FormattedValue) and isinstance(text, ast.Constant) and PLURAL.match(str(text.value))
        if counts(number.value)
    ]
    assert found == []


def counts(value: ast.expr) -> bool:
    """Whether an expression is a number for all that can be seen of it: a length, a sum, or a name that is no constant."""
    if isinstance(value, ast.Call):
        return ast.unparse(value.func) in ("len", "sum", "max", "min")
    said = ast.unparse(value)
    named = isinstance(value, ast.Name | ast.Attribute) and not said.isupper()
    return named and said not in ALWAYS_SEVERAL and not re.search(r"name|title|who|annotator$|verb", said)
