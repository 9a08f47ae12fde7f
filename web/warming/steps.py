"""What the server loads before the first person asks for it, in the order in which it is likely to be asked for.

Every page's own imports, read off its file: a page that is added is loaded without being named here. What pages import only once
they compute is named. Then the rubric versions that are there, whose checks are run on their own examples when they are read.
"""

import ast
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from touchstone.errors import Refused
from ui.base.navigation import PAGES
from ui.base.session import store
from workflow.rubric import rubrics

FOLDER = Path(__file__).resolve().parents[2] / "pages"
FIRST = ("people/home", "rounds/rounds", "agreement/agreement")
# What is imported within functions, since the page on which people label does without; the extras where they are installed.
COMPUTING = (
    "statsmodels.stats.inter_rater",
    "statsmodels.stats.proportion",
    "scipy.stats",
    "workflow.agreement.reports",
    "workflow.rubric.meetings",
    "touchstone.scorer.loading",
    "workflow.scorer.scoring",
    "workflow.scorer.effect",
    "workflow.gate.asking",
    "sklearn.metrics",
    "krippendorff",
)
Step = Callable[[], object]


def steps() -> Iterator[tuple[str, Step]]:
    """Each step by a name for the log, to be taken one after the other."""
    files = [*FIRST, *(file for file, *_ in PAGES if file not in FIRST)]
    for file in files[: len(FIRST)]:
        yield from _imports(file)
    for module in COMPUTING:
        yield module, _importing(module)
    yield "pictures", _a_picture
    yield "rubrics", _rubrics
    for file in files[len(FIRST) :]:
        yield from _imports(file)


def _imports(file: str) -> Iterator[tuple[str, Step]]:
    """The imports at the top of a page's file, one by one."""
    source = (FOLDER / f"{file}.py").read_text("utf-8")
    for each in ast.parse(source).body:
        if isinstance(each, ast.Import | ast.ImportFrom):
            yield f"{file}: {ast.unparse(each)}", _executing(each)


def _executing(statement: ast.stmt) -> Step:
    return lambda: exec(compile(ast.Module([statement], []), "<warming>", "exec"), {})


def _importing(module: str) -> Step:
    """An import of a module, which may be of an extra that is not installed."""
    return lambda: import_module(module) if find_spec(module.partition(".")[0]) else None


def _a_picture() -> None:
    from ui.base.charts import draw_one_unseen

    draw_one_unseen()


def _rubrics() -> None:
    try:
        rubrics.rubric_files(store.whole(), every=True)
    except (Refused, *store.NOT_RESPONDING):
        return  # who asks for it is told
