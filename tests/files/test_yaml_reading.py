"""The two readers of YAML that `touchstone.files.yaml_tree` has: what the fast one reads, the slow one reads alike."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.support.rubric_files import ONE
from tests.support.short_run import some
from touchstone.files import yaml_tree
from workflow.rubric import rubrics

PUT_IN = ["\t", "  ", "- ", ": ", "'", '"', "|", "> ", "#", "{", "}", "[", "]", "&a", "*a", "!!int ", "\\", "\x85"]
PUT_IN += ["\ufeff", "\n", "---\n", "...\n", "%YAML 1.1\n", "@", "`", "!", "~", "=", "<<", "\r", "|2-", "é", "😀"]
PUT_IN += ['"\\U0011ffff"', "1:2:3", "key:\tv\n"]


def nodes(node: yaml.Node) -> Iterator[tuple[Any, ...]]:
    value = node.value if isinstance(node, yaml.ScalarNode) else None
    yield type(node), node.tag, value, node.start_mark.line, node.start_mark.column, node.start_mark.index, node.end_mark.index
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from nodes(key)
            yield from nodes(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from nodes(item)


def read_by(loader: type, text: str) -> Any:
    """The nodes, or what was said instead."""
    try:
        root = yaml_tree._single_node(loader(text))
    except yaml_tree.Unreadable as refusal:
        return refusal.problem
    except (yaml.YAMLError, ValueError, OverflowError):
        return "no YAML"
    return root and list(nodes(root))


@pytest.mark.skipif(yaml_tree._Fast is None, reason="this PyYAML has no libyaml")
@pytest.mark.parametrize("seed", some(range(20)))
def test_libyaml_reads_what_is_typed_anywhere_as_python_does(seed):
    lines = (rubrics.FOLDER / f"{ONE}.yml").read_text(encoding="utf-8").splitlines(keepends=True)[:60]
    chance, compared = random.Random(seed), 0
    for _ in range(60):
        text = "".join(lines)
        for _ in range(chance.randrange(1, 4)):
            place = chance.randrange(len(text))
            text = text[:place] + chance.choice(PUT_IN) + text[place + chance.choice((0, 0, 3)) :]
        fast, slow = read_by(yaml_tree._Fast, text), read_by(yaml_tree._Slow, text)
        # A question mark within braces is a sign of YAML's own to Python and, rightly, none to libyaml.
        if yaml_tree._DIFFER.search(text) or fast == "no YAML" or slow == "no YAML":
            continue
        assert fast == slow, text
        compared += isinstance(fast, list)
    assert compared > 5
