"""Who may import whom, and what may stand where: read from the modules' syntax trees, and once from a fresh process.

The rule is docs/design.md's: pages -> ui, workflow, touchstone; ui -> workflow, touchstone (ui/base/session/store.py alone opens
the store); terminal, which commands/ shows, -> workflow, touchstone; workflow -> touchstone, db; db -> touchstone; touchstone ->
nothing of ours.
"""

import ast
import json
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.modules import LAYERS, MODULES, OURS, PROJECT, STORE, calls, dotted, file_of, fresh, imports, tree, where

HEAVY = {"pandas", "plotly", "sklearn", "statsmodels"}
# Imports inside a function: why each is not at the top.
DELIBERATE = {
    (STORE, "workflow.agreement.reports"): "the home page asks for flagged dimensions; the label page must not pay for it",
    (STORE, "workflow.rubric.meetings"): "the same",
    (STORE, "workflow.scorer.drafts_to_score"): "RE2: not for the label page",
    (STORE, "workflow.subgroups.annotators"): "numpy: the same",
    (STORE, "workflow.subgroups.slices"): "the same",
    ("workflow/rounds/closing.py", "workflow.subgroups.large"): "numpy, which only the closing of a large round needs",
    ("workflow/maintenance/store_check.py", "workflow.subgroups.large"): "numpy: the other commands do not need it",
    ("commands/bench/checking.py", "touchstone.bench.leaks.reading"): "numpy, and RE2: the other commands do not need them",
    ("commands/bench/checking.py", "touchstone.bench.leaks.report"): "the same",
    ("commands/bench/checking.py", "touchstone.bench.records"): "the same",
    ("commands/bench/checking.py", "touchstone.embedding"): "the same",
    ("touchstone/embedding.py", "onnxruntime"): "comes with an extra, and only what compares by meaning needs it",
    ("touchstone/embedding.py", "tokenizers"): "the same",
    ("commands/bench/checking.py", "touchstone.bench.splits.asked"): "scipy: only a split needs it",
    ("commands/bench/checking.py", "touchstone.data.task_file"): "the same",
    ("commands/bench/sealing.py", "touchstone.bench.sealing.sealed_file"): "age: only a seal needs it",
    ("commands/bench/sealing.py", "workflow.bench.sealing"): "the same",
    ("commands/agreement.py", "workflow.agreement.reports"): "statsmodels takes seconds, and the other commands do not need it",
    ("commands/agreement.py", "workflow.agreement.clusters"): "the same",
    ("commands/releasing/__init__.py", "workflow.releasing.asked"): "pyarrow and statsmodels, which others do not need",
    ("commands/releasing/__init__.py", "workflow.releasing.releases"): "the same",
    ("commands/releasing/__init__.py", "workflow.releasing.signing"): "the same",
    ("commands/releasing/checking.py", "workflow.releasing.spot_checks"): "the same",
    ("commands/bench/making.py", "workflow.bench.synthesis"): "httpx: the other commands of the benchmark do not need it",
    ("commands/bench/adversarial.py", "workflow.bench.adversarial"): "RE2, and what compiles patterns",
    ("commands/agreement.py", "workflow.comparison.against_third"): "statsmodels",
    ("commands/agreement.py", "workflow.subgroups.slices"): "the same",
    ("commands/judging/__init__.py", "terminal.judging"): "statsmodels, scipy and what a judge is trained with",
    ("commands/judging/__init__.py", "workflow.judging.against"): "the same",
    ("commands/judging/models.py", "terminal.judging"): "the same",
    ("commands/judging/models.py", "touchstone.judging.llm.prompts"): "the same: with what a judge asks and answers",
    ("commands/judging/models.py", "workflow.judging.llm.drafts_asked"): "httpx, and the same",
    ("commands/judging/models.py", "workflow.judging.llm.judges"): "the same",
    ("commands/judging/models.py", "workflow.judging.llm.planning"): "the same",
    ("commands/judging/models.py", "workflow.judging.llm.running"): "the same",
    ("commands/judging/models.py", "workflow.judging.two_judges"): "the same",
    ("commands/judging/models.py", "workflow.judging.training.judging"): "the same",
    ("commands/judging/trained.py", "workflow.judging.training.training"): "the same",
    ("commands/judging/trained.py", "workflow.judging.training.trained_judges"): "the same",
    **{
        ("commands/judging/adapters.py", each): "numpy, and what a judge is taught with: the other commands do not need them"
        for each in (
            "touchstone.judging.shifts.score_file",
            "touchstone.judging.shifts.score_shifts",
            "touchstone.judging.shifts.table",
            "touchstone.judging.simpo.adapter",
            "touchstone.judging.simpo.learned_pairs",
            "touchstone.judging.simpo.settings",
            "workflow.judging.simpo.folder",
            "workflow.judging.simpo.levels",
        )
    },
    **{
        (f"touchstone/judging/simpo/{file}.py", each): "comes with an extra, and only what teaches a model needs it"
        for file, of in {
            "adapter": ("peft",),
            "language_model": ("torch", "transformers", "transformers.utils"),
            "teaching": ("torch", "datasets", "peft", "transformers", "trl.experimental.cpo"),
        }.items()
        for each in of
    },
    ("commands/agreement.py", "workflow.subgroups.annotators"): "statsmodels",
    ("commands/agreement.py", "workflow.comparison.two_rounds"): "the same",
    ("commands/agreement.py", "workflow.comparison.two_sources"): "the same",
    ("web/routes.py", "web.ways_in.provider_routes"): "Authlib and httpx: for teams that sign in with a provider",
    ("web/routes.py", "web.ways_in.providers"): "the same",
    ("touchstone/files/xlsx.py", "openpyxl"): "only a workbook needs it, and the label page none",
    ("touchstone/files/parquet.py", "pyarrow"): "comes with an extra, and only Parquet needs it",
    ("touchstone/files/parquet.py", "pyarrow.parquet"): "the same",
    ("touchstone/scale/batches.py", "pyarrow"): "the same",
    ("touchstone/scale/inputs.py", "pyarrow"): "the same",
    ("touchstone/scale/inputs.py", "pyarrow.parquet"): "the same",
    ("touchstone/scale/parts.py", "pyarrow"): "the same",
    ("touchstone/scale/parts.py", "pyarrow.parquet"): "the same",
    ("touchstone/scale/counting.py", "duckdb"): "comes with an extra, and only what counts a file in Parquet needs it",
    ("touchstone/scale/on_dask.py", "distributed"): "comes with an extra, and only a cluster needs it",
    ("touchstone/files/writing/workbook.py", "openpyxl"): "the same",
    ("touchstone/files/writing/workbook.py", "openpyxl.cell"): "the same",
    ("touchstone/files/writing/workbook.py", "openpyxl.styles"): "the same",
    ("touchstone/files/writing/workbook.py", "openpyxl.utils"): "the same",
    ("touchstone/files/writing/workbook.py", "openpyxl.writer.excel"): "the same",
    ("commands/agreement.py", "workflow.agreement.papers.report"): "the same: it draws what workflow.agreement.reports makes",
    ("commands/agreement.py", "workflow.planning.plan"): "the same",
    ("commands/claims.py", "workflow.claims.checking"): "the same",
    ("commands/rounds.py", "workflow.gold.export"): "the same: the report goes out with the gold",
    ("commands/rubric.py", "workflow.scorer.scoring"): "RE2, and what compiles patterns",
    ("commands/scorer.py", "workflow.scorer.scoring"): "the same",
    ("commands/rubric_revision.py", "workflow.scorer.effect"): "the same, and statsmodels",
    ("commands/rubric_revision.py", "workflow.scorer.drafts_to_score"): "the same",
    ("commands/scorer.py", "workflow.scorer.against_people"): "the same, and statsmodels",
    ("workflow/rubric/rubrics.py", "touchstone.scorer.loading"): "RE2: the label page reads published rubrics only",
    ("touchstone/agreement/__init__.py", "touchstone.agreement.label_table"): "numpy: the package itself costs nothing",
    **{
        ("commands/gate/of_project.py", f"workflow.gate.{each}"): "RE2: the scorer is behind it"
        for each in ("figures", "overrides", "policies", "tokens")
    },
    ("web/programs/gate.py", "workflow.gate.asking"): "RE2: not before a program asks",
    ("web/warming/steps.py", "ui.base.charts"): "Plotly: not before the server answers",
    ("touchstone/gate/__init__.py", "touchstone.gate.deciding"): "RE2: the same",
    ("touchstone/agreement/estimation/intervals.py", "statsmodels.stats.proportion"): "half a second, and only a share needs it",
    ("touchstone/agreement/estimation/estimates.py", "statsmodels.stats.inter_rater"): "the same: only a pair needs it",
    ("touchstone/agreement/estimation/jackknife.py", "scipy.stats"): "the same: only intervals by groups need it",
    ("touchstone/agreement/estimation/icc.py", "scipy.stats"): "the same: only intraclass correlations need it",
    ("touchstone/agreement/looks.py", "scipy.optimize"): "the same: only several looks need it",
    ("touchstone/agreement/looks.py", "scipy.special"): "the same",
    ("touchstone/agreement/second_opinion.py", "statsmodels.stats.inter_rater"): "the same",
    ("touchstone/agreement/second_opinion.py", "sklearn.metrics"): "comes with an extra: the library works without",
    ("touchstone/agreement/second_opinion.py", "krippendorff"): "the same",
    ("commands/preferences/__init__.py", "touchstone.preferences.training_pairs"): "numpy, which --help does not need",
    ("commands/preferences/rounds.py", "workflow.preferences.report"): "numpy and statsmodels, as for a report",
    ("commands/preferences/__init__.py", "workflow.preferences.pairs_export"): "statsmodels, and what layout is learned with",
    ("touchstone/judging/ordinal_head.py", "sklearn"): "comes with an extra, and only training needs it",
    ("touchstone/judging/ordinal_head.py", "sklearn.feature_extraction"): "the same",
    ("touchstone/judging/ordinal_head.py", "threadpoolctl"): "the same: scikit-learn brings it",
    ("touchstone/judging/ordinal_head.py", "scipy.sparse"): "the same",
    ("touchstone/releasing/signatures.py", "cryptography.exceptions"): "comes with an extra, and only a signature needs it",
    ("touchstone/releasing/signatures.py", "cryptography.hazmat.primitives"): "the same",
    ("touchstone/releasing/signatures.py", "cryptography.hazmat.primitives.asymmetric"): "the same",
    ("touchstone/releasing/signatures.py", "cryptography.hazmat.primitives.serialization"): "the same",
    ("touchstone/releasing/spot_check.py", "statsmodels.stats.proportion"): "half a second, and only a share needs it",
    ("touchstone/releasing/table_files.py", "pyarrow"): "comes with an extra, and only Parquet needs it",
    ("touchstone/releasing/table_files.py", "pyarrow.parquet"): "the same",
    ("touchstone/releasing/verifying/table_rows.py", "pyarrow"): "the same",
    ("touchstone/releasing/verifying/table_rows.py", "pyarrow.parquet"): "the same",
    ("commands/agreement.py", "terminal.agreement"): "the same: it shows what these make",
    ("commands/agreement.py", "terminal.comparison"): "the same",
    ("commands/agreement.py", "terminal.planning"): "the same",
    ("commands/agreement.py", "terminal.subgroups"): "the same",
    ("commands/rubric_revision.py", "terminal.scorer"): "the same",
    ("commands/scorer.py", "terminal.scorer"): "the same",
}


def test_every_folder_of_modules_is_a_layer_with_a_rule():
    folders = {path.parts[0] for path in MODULES if len(path.parts) > 1}
    assert folders == {*LAYERS, "commands"}, "commands/ sees everything, as manage.py does"
    stray = {each.parent.name for each in PROJECT.glob("*/*.py")} - OURS - {".venv"}
    assert stray <= {"scripts", "tests", "benchmarks"}, stray


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_run_one_way(layer):
    wrong = [
        f"{where(path, each)} imports {each.module}"
        for path in MODULES
        if path.parts[0] == layer
        for each in imports(path)
        if each.module.split(".")[0] in OURS - LAYERS[layer] and (str(path), each.module) != (STORE, "db.engine")
    ]
    assert wrong == []


def test_a_page_imports_no_other_page():
    wrong = [where(path, each) for path in MODULES for each in imports(path) if each.module.split(".")[0] == "pages"]
    assert wrong == []


def test_no_layer_is_imported_by_a_name_made_at_run_time():
    wrong = [
        where(path, node)
        for path in MODULES
        for node, called in calls(path)
        if called in ("__import__", "importlib.import_module", "import_module", "exec", "eval", "runpy.run_path")
        and path != Path("touchstone/__init__.py")  # its table names modules of its own alone: see the next test
        and path != Path("web/warming/steps.py")  # the imports of pages, as they stand there, and modules by their names
    ]
    assert wrong == []


def test_the_face_of_the_library_names_modules_of_its_own():
    (table,) = (
        ast.literal_eval(node.value)
        for node in tree(Path("touchstone/__init__.py")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_FACE"
    )
    assert table and all(file_of(module) and module.startswith("touchstone.") for module, _ in table.values())


CLI = Path("touchstone", "cli")  # the command: the one part of the library that speaks to a terminal
PURE = {
    "streamlit",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "sqlite3",
    "socket",
    "urllib",
    "http",
    "httpx",
    "requests",
    "asyncio",
    "subprocess",
    "time",
    "starlette",
    "typer",
    "secrets",
}


@pytest.mark.parametrize("path", [each for each in MODULES if each.parts[0] == "touchstone"], ids=str)
def test_the_pure_library_knows_no_screen_no_store_no_clock_no_network(path):
    allowed = {"typer"} if CLI in path.parents else set()
    assert [where(path, each) for each in imports(path) if each.module.split(".")[0] in PURE - allowed] == []
    asked = [
        where(path, node)
        for node, called in calls(path)
        if re.search(r"\b(now|today|utcnow|time|perf_counter|urlopen|getenv)$", called) or called in ("open", "input", "print")
    ]
    assert asked == []
    by_chance = [
        where(path, node)
        for node, called in calls(path)
        if called.startswith("random.") and not (called.startswith("random.Random") and (called != "random.Random" or node.args))
    ]
    assert by_chance == [], "chance comes from a seed"


def test_the_pure_library_is_imported_alone():
    code = (
        "import json, sys, pkgutil, touchstone\n"
        "for each in pkgutil.walk_packages(touchstone.__path__, 'touchstone.'):\n"
        "    if not each.name.startswith('touchstone.cli'): __import__(each.name)\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    loaded = set(json.loads(fresh(code)))
    assert not loaded & {"streamlit", "sqlalchemy", "alembic", "ui", "workflow", "db", "typer"}


def test_the_time_is_asked_in_one_place():
    """workflow/clock.py, so that a test can say what time it is. ui/ may say how long ago something was."""
    wrong = [
        where(path, node)
        for path in MODULES
        for node, called in calls(path)
        if re.search(r"datetime\.(now|utcnow|today)$|date\.today$|time\.time$", called)
        and path.parts[0] != "ui"
        and path != Path("workflow/clock.py")
    ]
    assert wrong == []


def test_no_modules_import_each_other_in_a_circle():
    """Imports inside functions and those for types alone counted too."""
    after = {path: {file for each in imports(path) if (file := file_of(each.module)) in MODULES} for path in MODULES}
    try:
        TopologicalSorter(after).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(map(str, circle.args[1])))


# What the label page costs


def reachable(starts: list[str], *, in_functions: bool) -> dict[Path, Path | None]:
    """Modules of ours that these reach by imports, each with the one that brought it."""
    found: dict[Path, Path | None] = {Path(each): None for each in starts}
    queue = list(found)
    while queue:
        path = queue.pop()
        parts = dotted(path).split(".")
        names = [each.module for each in imports(path) if not each.only_for_types and (in_functions or not each.in_function)]
        names += [".".join(parts[:end]) for end in range(1, len(parts))]  # its packages run too
        for name in names:
            target = file_of(name)
            if target and target not in found:
                found[target] = path
                queue.append(target)
    return found


LABELLING = ["app.py", "ui/base/shell.py", "pages/labelling/label.py"]


def test_no_module_the_label_page_reaches_imports_a_heavy_library():
    reached = reachable(LABELLING, in_functions=False)
    assert {Path("workflow/labelling/labelling.py"), Path("ui/labelling/form.py"), Path("db/engine.py")} <= set(reached)
    wrong = [
        f"{where(path, each)} imports {each.module}, reached from {reached[path]}"
        for path in reached
        for each in imports(path)
        if each.module.split(".")[0] in HEAVY and not each.only_for_types
    ]
    assert wrong == []


def test_imports_inside_functions_are_the_deliberate_ones():
    """In touchstone/cli each verb imports what it needs, so that `touchstone --help` waits for none of it."""
    found = {
        (str(path), each.module) for path in MODULES if CLI not in path.parents for each in imports(path) if each.in_function
    }
    assert found == set(DELIBERATE)


def test_labelling_loads_no_heavy_library():
    """Streamlit loads plotly by itself where it is installed, so the modules of ours are imported without Streamlit's help:
    what is loaded after Streamlit and before our modules is not ours."""
    code = (
        "import json, sys, streamlit, streamlit.web.bootstrap, streamlit.elements.plotly_chart\n"
        "before = set(sys.modules)\n"
        "import ui.base.session.store, ui.labelling.form, ui.base.panels, workflow.labelling.labelling, workflow.rounds.rounds\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in set(sys.modules) - before})))"
    )
    loaded = set(json.loads(fresh(code)))
    assert {"ui", "workflow", "db", "touchstone"} <= loaded
    assert not loaded & (HEAVY | {"scipy", "krippendorff", "re2"})


def test_reading_a_rubric_brings_nothing_of_the_scorer():
    reached = reachable([str(path) for path in MODULES if path.parts[:2] == ("touchstone", "rubric")], in_functions=True)
    assert [str(path) for path in reached if path.parts[:2] == ("touchstone", "scorer")] == []


def test_a_command_that_counts_nothing_loads_no_heavy_library():
    loaded = set(
        json.loads(fresh("import json, sys, manage\nprint(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"))
    )
    assert not loaded & (HEAVY | {"scipy", "krippendorff", "streamlit"})
