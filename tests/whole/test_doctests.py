"""Every example in a docstring of the library, and the library's in the README, gives what it says."""

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
MODULES = [
    ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((PROJECT / "touchstone").rglob("*.py"))
    if ">>> " in path.read_text("utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_give_what_they_say(name):
    failed, tried = doctest.testmod(import_module(name))
    assert tried and not failed


def test_the_examples_of_the_readme_give_what_they_say():
    blocks = re.findall(r"^```python\n(.*?)^```$", (PROJECT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    examples = "".join(block for block in blocks if ">>> " in block)
    assert "ts.agreement(" in examples
    test = doctest.DocTestParser().get_doctest(examples, {}, "README.md", "README.md", 0)
    assert doctest.DocTestRunner().run(test).failed == 0
