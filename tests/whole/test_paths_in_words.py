"""A path that docs, comments or docstrings name leads to a file: who moves a module is told where it is still named."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FOLDERS = "touchstone|workflow|ui|db|pages|commands|terminal|tests|scripts|benchmarks|docs"
NAMED = re.compile(rf"(?<![\w/.-])(?:{FOLDERS})/[\w./-]+\.(?:py|js|css|md|html|jsonl?|sh)\b")
HISTORY = {("docs/decisions/0003-queries-in-a-package.md", "/".join(("db", "store.py")))}  # what the decision did away with


def texts() -> list[Path]:
    files = [
        path
        for folder in FOLDERS.split("|")
        for path in (PROJECT / folder).rglob("*")
        if path.suffix in (".py", ".md", ".js", ".css")
    ]
    return [*files, *PROJECT.glob("*.md"), *PROJECT.glob("*.py"), PROJECT / "Makefile", PROJECT / "pyproject.toml"]


def test_every_path_that_is_named_is_there():
    found = [(str(path.relative_to(PROJECT)), name) for path in texts() for name in NAMED.findall(path.read_text("utf-8"))]
    assert len(found) > 100
    assert {each for each in found if not (PROJECT / each[1]).is_file()} - HISTORY == set()
