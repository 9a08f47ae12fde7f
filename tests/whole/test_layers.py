"""Who may import whom, and what may stand where: read from the modules' syntax trees, and once from a fresh process.

The rule is docs/design.md's: pages -> ui, workflow, touchstone; ui -> workflow, touchstone (ui/base/session/store.py alone opens
the store); terminal, which commands/ shows, -> workflow, touchstone; workflow -> touchstone, db; db -> touchstone; touchstone ->
nothing of ours.
"""

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
LAYERS = {
    "pages": {"ui", "workflow", "touchstone"},
    "ui": {"ui", "workflow", "touchstone"},
    "terminal": {"terminal", "workflow", "touchstone"},
    "workflow": {"workflow", "touchstone", "db"},
    "db": {"db", "touchstone"},
    "touchstone": {"touchstone"},
}
OURS = {*LAYERS, "app", "manage", "commands", "tests", "scripts", "benchmarks"}
STORE, TAB = "ui/base/session/store.py", "ui/base/session/tab.py"
HEAVY = {"pandas", "plotly", "sklearn", "statsmodels"}
# Imports inside a function: why each is not at the top.
DELIBERATE = {
    (STORE, "workflow.agreement.reports"): "the home page asks for flagged dimensions; the label page must not pay for it",
    (STORE, "workflow.rubric.meetings"): "the same",
    (STORE, "workflow.scorer.drafts_to_score"): "RE2: not for the label page",
    ("commands/agreement.py", "workflow.agreement.reports"): "statsmodels takes seconds, and the other commands do not need it",
    ("commands/agreement.py", "workflow.agreement.clusters"): "the same",
    ("commands/agreement.py", "workflow.subgroups.slices"): "the same",
    ("commands/agreement.py", "workflow.subgroups.annotators"): "the same",
    ("commands/agreement.py", "workflow.comparison.two_rounds"): "the same",
    ("commands/agreement.py", "workflow.comparison.two_sources"): "the same",
    ("touchstone/files/xlsx.py", "openpyxl"): "only a workbook needs it, and the label page none",
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
    ("touchstone/agreement/intervals.py", "statsmodels.stats.proportion"): "half a second, and only a share needs it",
    ("touchstone/agreement/report.py", "statsmodels.stats.inter_rater"): "the same: only a pair needs it",
    ("touchstone/agreement/second_opinion.py", "statsmodels.stats.inter_rater"): "the same",
    ("touchstone/agreement/second_opinion.py", "sklearn.metrics"): "comes with an extra: the library works without",
    ("touchstone/agreement/second_opinion.py", "krippendorff"): "the same",
    ("commands/agreement.py", "terminal.agreement"): "the same: it shows what these make",
    ("commands/agreement.py", "terminal.comparison"): "the same",
    ("commands/agreement.py", "terminal.planning"): "the same",
    ("commands/agreement.py", "terminal.subgroups"): "the same",
    ("commands/rubric_revision.py", "terminal.scorer"): "the same",
    ("commands/scorer.py", "terminal.scorer"): "the same",
}


class Import(NamedTuple):
    module: str  # dotted, as far as the import names it
    line: int
    in_function: bool
    only_for_types: bool


def modules() -> list[Path]:
    """Every module of the program itself, as a path from the project's folder."""
    found = [path for layer in LAYERS for path in sorted((PROJECT / layer).rglob("*.py"))]
    found += [PROJECT / name for name in ("app.py", "manage.py")]
    found += sorted((PROJECT / "commands").glob("*.py"))
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


def fresh(code: str) -> str:
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout.strip().splitlines()[-1]


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


# State, SQL and markup


@pytest.mark.parametrize(("names", "only"), [({"session_state"}, TAB), ({"cache_data", "cache_resource"}, STORE)])
def test_session_state_and_caches_each_have_one_user(names, only):
    users = {
        str(path) for path in MODULES for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute) and node.attr in names
    }
    assert users == {only}


def test_one_module_opens_a_store_for_the_browser():
    wrong = [
        where(path, node)
        for path in MODULES
        if path.parts[0] in ("pages", "ui") and path != Path(STORE)
        for node, called in calls(path)
        if called.rpartition(".")[2] in ("open_engine", "create_engine", "connect", "begin")
    ]
    wrong += [
        where(path, each)
        for path in MODULES
        if path.parts[0] == "pages"
        for each in imports(path)
        if each.module.split(".")[0] == "sqlalchemy"
    ]
    assert wrong == []


WORDS_OF_SQL = {"select", "insert", "update", "delete", "text", "exists", "union", "func", "literal_column"}
SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX)|DROP\s+TABLE"
    r"|ALTER\s+TABLE|PRAGMA)\b",
    re.IGNORECASE | re.DOTALL,
)


def test_sql_stands_in_db_alone():
    wrong = []
    for path in MODULES:
        if path.parts[0] == "db":
            continue
        for node in ast.walk(tree(path)):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
            is_built = (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in ("sa", "sqlalchemy")
                and node.attr in WORDS_OF_SQL
            )
            runs = isinstance(node, ast.Attribute) and node.attr in ("execute", "exec_driver_sql", "scalar", "scalars")
            if is_text or is_built or runs:
                wrong.append(where(path, node))
    assert wrong == []


def test_the_tables_are_known_to_db_alone():
    wrong = [
        where(path, each)
        for path in MODULES
        if path.parts[0] != "db"
        for each in imports(path)
        if each.module.startswith("db.schema")
    ]
    assert wrong == []


def test_no_page_lets_html_or_markdown_through():
    wrong = []
    for path in MODULES:
        for node, called in calls(path):
            if any(each.arg == "unsafe_allow_html" for each in node.keywords):
                wrong.append(where(path, node))
            drawn = called.rpartition(".")[2]
            if called.startswith("st.") and drawn in (
                "markdown",
                "write",
                "caption",
                "title",
                "header",
                "subheader",
                "info",
                "warning",
                "success",
                "write_stream",
                "latex",
            ):
                wrong += [where(path, node) for each in node.args if not isinstance(each, ast.Constant)]
    assert wrong == []


def test_a_page_hands_no_html_to_the_browser_itself():
    """ui/ escapes; a page that made HTML of its own could forget to."""
    wrong = [
        where(path, node)
        for path in MODULES
        if path.parts[0] == "pages"
        for node, called in calls(path)
        if called in ("st.html", "components.html", "st.components.v1.html", "st.iframe")
    ]
    assert wrong == []


TAG = re.compile(r"</?[a-z]")
PLOTLYS_TAGS = re.compile(r"</?(extra|br|sub)>")  # which Plotly reads in its titles, and draws by itself
MARKUP = Path("ui/base/markup.py")  # `draw` takes Markup alone
STYLE_FILE = "(Path(__file__).parent / 'style.css').read_text(encoding='utf-8')"


def html_past_markup(path: Path) -> list[str]:
    """Where HTML reaches the browser, or is made, without markupsafe: only a literal text becomes `Markup` as it stands, and a
    literal text with a tag is nothing else (or the html of a component); so whatever is put into it is escaped."""
    wrong, may_hold_tags = [], set()
    for node, called in calls(path):
        if called in ("st.html", "components.html", "st.components.v1.html", "st.iframe") and path != MARKUP:
            wrong.append(where(path, node))
        if called.endswith("components.v2.component"):
            may_hold_tags |= {id(keyword.value) for keyword in node.keywords if keyword.arg == "html"}
        if called.rpartition(".")[2] == "Markup" and node.args:
            may_hold_tags.add(id(node.args[0]))
            if not isinstance(node.args[0], ast.Constant) and ast.unparse(node.args[0]) != STYLE_FILE:
                wrong.append(where(path, node))
    draws_pictures = any(each.module.startswith("plotly") for each in imports(path))
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Expr):  # a docstring
            may_hold_tags.add(id(node.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in may_hold_tags:
            text = PLOTLYS_TAGS.sub("", node.value) if draws_pictures else node.value
            wrong += [where(path, node)] if TAG.search(text) else []
        elif isinstance(node, ast.Attribute) and node.attr in ("__html__", "unescape", "striptags"):
            wrong.append(where(path, node))
    return wrong


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[0] in ("ui", "pages")], ids=str)
def test_every_text_that_becomes_html_is_escaped_by_markup(path):
    assert html_past_markup(path) == []


@pytest.mark.parametrize(
    "code",
    [
        'draw(Markup(f"<p>{name}</p>"))',
        'draw(Markup("<p>" + name + "</p>"))',
        "draw(Markup(name))",
        'draw(Markup("<p>%s</p>" % name))',
        'draw("<p>{}</p>".format(name))',
        'st.html("plain")',
        'draw(Markup("{}").format(f"<b>{name}</b>"))',
        'words = "<b>"',
    ],
)
def test_html_that_goes_past_markup_is_found(code, monkeypatch):
    monkeypatch.setitem(globals(), "tree", lambda path: ast.parse(code))
    assert html_past_markup(Path("ui/base/panels.py"))


def test_a_plain_text_is_not_drawn_as_html():
    from ui.base.markup import draw

    with pytest.raises(TypeError, match="takes Markup, not str"):
        draw("<b>Eve</b>")


@pytest.mark.parametrize("path", [each for each in MODULES if each.parts[0] == "pages"], ids=str)
def test_a_page_is_a_straight_script_of_fewer_than_80_lines(path):
    assert len((PROJECT / path).read_text("utf-8").splitlines()) < 80
    assert not [where(path, node) for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)]


@pytest.mark.parametrize("path", [each for each in MODULES if each.parts[0] == "pages"], ids=str)
def test_every_page_is_registered_in_the_shell(path):
    registered = "".join((PROJECT / "ui" / "base" / name).read_text("utf-8") for name in ("shell.py", "navigation.py"))
    page = path.relative_to("pages").with_suffix("").as_posix()
    assert f'"{page}"' in registered or f"'{page}'" in registered


def test_a_page_asks_for_the_person_before_it_reads_anything():
    """Run without its shell, a page stops at once. The sign-in is the one page for someone unknown."""
    for path in MODULES:
        if path.parts[0] != "pages" or path.stem == "sign_in":
            continue
        statements = [
            each
            for each in tree(path).body
            if not isinstance(each, ast.Import | ast.ImportFrom)
            and not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        ]
        assert "signed_in.require_person()" in ast.unparse(statements[0]), path


# Rooms: folders of one subject carry one name everywhere


SUBJECTS = {
    "agreement",
    "claims",
    "comparison",
    "data",
    "gold",
    "importing",
    "labelling",
    "maintenance",
    "people",
    "planning",
    "rounds",
    "rubric",
    "scorer",
    "subgroups",
}
BESIDE = {
    "touchstone": {"cli", "files", "papers"},
    "ui": {"base"},
    "workflow": set(),
    "pages": set(),
    "tests": {"files", "support", "whole"},
}


@pytest.mark.parametrize("layer", BESIDE)
def test_folders_are_named_by_subject(layer):
    """Who knows touchstone/agreement/ finds workflow/agreement/, ui/agreement/, pages/agreement/ and tests/agreement/."""
    folders = {path.parent.name for path in (PROJECT / layer).glob("*/*.py")}
    assert folders - BESIDE[layer] <= SUBJECTS


def test_no_folder_holds_more_than_about_twelve_modules():
    modules_of = Counter(path.parent for top in (*LAYERS, "commands") for path in (PROJECT / top).rglob("*.py"))
    assert {str(folder.relative_to(PROJECT)): n for folder, n in modules_of.items() if n > 14} == {}


def test_no_two_classes_of_the_library_share_a_name():
    names = Counter(
        node.name
        for path in MODULES
        if path.parts[0] == "touchstone"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    )
    assert {name for name, n in names.items() if n > 1} == set()


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


# The domain stands in the rubric files


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
    found = []
    for path in MODULES:
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                text = node.value.casefold()
            elif isinstance(node, ast.Name | ast.Attribute | ast.arg | ast.FunctionDef):
                text = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "arg", None) or node.name
            else:
                continue
            found += [f"{where(path, node)}: {word}" for word in any_word.findall(text)]
    assert found == []


def test_no_dimension_of_a_rubric_stands_in_the_pages_scripts_and_styles():
    words = rubric_words()["key"]
    for path in (PROJECT / "ui").rglob("*.[jc]s*"):
        text = path.read_text("utf-8")
        assert [word for word in words if re.search(rf"\b{re.escape(word)}\b", text)] == [], path.name


# House style that a machine can see


def test_no_module_has_a_name_that_says_nothing():
    assert [path for path in MODULES if re.search("util|helper|common|misc|manager", path.stem)] == []


def test_no_error_is_swallowed_whole():
    wrong = [
        where(path, node)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
    ]
    assert wrong == []
