"""The modules of the program as syntax trees: their imports, their calls."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[2]
LAYERS = {
    "pages": {"ui", "workflow", "touchstone"},
    "ui": {"ui", "workflow", "touchstone"},
    "web": {"web", "ui", "workflow", "touchstone"},
    "terminal": {"terminal", "workflow", "touchstone"},
    "workflow": {"workflow", "touchstone", "db"},
    "db": {"db", "touchstone"},
    "touchstone": {"touchstone"},
}
OURS = {*LAYERS, "app", "manage", "commands", "tests", "scripts", "benchmarks"}
STORE, TAB = "ui/base/session/store.py", "ui/base/session/tab.py"


class Import(NamedTuple):
    module: str  # dotted, as far as the import names it
    line: int
    in_function: bool
    only_for_types: bool


def modules() -> list[Path]:
    """Every module of the program itself, as a path from the project's folder."""
    found = [path for layer in LAYERS for path in sorted((PROJECT / layer).rglob("*.py"))]
    found += [PROJECT / name for name in ("app.py", "manage.py")]
    found += sorted((PROJECT / "commands").rglob("*.py"))
    return [path.relative_to(PROJECT) for path in found]


MODULES = modules()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((PROJECT / path).read_text("utf-8"))


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def named_by(path: Path, node: ast.AST) -> list[str]:
    """The modules an import statement names; `from db.store import rounds` names db.store.rounds where that is a file."""
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    base = node.module or ""
    if node.level:
        package = dotted(path).split(".")[: None if path.name == "__init__.py" else -1]
        base = ".".join([*package[: len(package) - node.level + 1], *([base] if base else [])])
    return [f"{base}.{each.name}" if file_of(f"{base}.{each.name}") else base for each in node.names]


def file_of(module: str) -> Path | None:
    for path in (Path(*module.split(".")).with_suffix(".py"), Path(*module.split("."), "__init__.py")):
        if (PROJECT / path).is_file():
            return path
    return None


@cache
def imports(path: Path) -> tuple[Import, ...]:
    found = []

    def walk(node: ast.AST, in_function: bool, types: bool) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.extend(Import(name, node.lineno, in_function, types) for name in named_by(path, node))
            return
        inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        guard = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for child in ast.iter_child_nodes(node):
            walk(child, inside, types or (guard and child in node.body))

    walk(tree(path), False, False)
    return tuple(found)


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the text of what is called."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def where(path: Path, node: ast.AST | Import) -> str:
    return f"{path}:{getattr(node, 'lineno', None) or node.line}"


def fresh(code: str) -> str:
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout.strip().splitlines()[-1]
