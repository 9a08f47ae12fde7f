"""Session state, SQL and HTML each stand in one place, read from the syntax trees of the modules."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.modules import MODULES, PROJECT, STORE, TAB, calls, imports, tree, where


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


# Counts labels in a file of any length by DuckDB: a query of a file, not of a store.
OF_A_FILE = Path("touchstone/scale/counting.py")


def test_sql_stands_in_db_alone():
    wrong = []
    for path in MODULES:
        if path.parts[0] == "db" or path == OF_A_FILE:
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
    """But for the guide, whose Markdown is our own."""
    wrong = []
    for path in [each for each in MODULES if each != GUIDE]:
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
        where(path, node) for path in MODULES if path.parts[0] == "pages" for node, called in calls(path) if called in DRAW_HTML
    ]
    assert wrong == []


TAG = re.compile(r"</?[a-z]")
PLOTLYS_TAGS = re.compile(r"</?(extra|br|sub)>")  # which Plotly reads in its titles, and draws by itself
GUIDE = Path("ui/people/guide.py")
MARKUP = Path("ui/base/markup.py")  # `draw` takes Markup alone
DRAW_HTML = ("st.html", "components.html", "st.components.v1.html", "st.iframe")
STYLE_FILE = "(Path(__file__).parents[1] / 'style' / f'{sheet}.css').read_text(encoding='utf-8')"


def html_past_markup(code: ast.Module, *, draws: bool = False, has_plotly: bool = False) -> list[ast.AST]:
    """Where HTML reaches the browser, or is made, without markupsafe: only a literal text becomes `Markup` as it stands, and a
    literal text with a tag is nothing else (or the html of a component); so whatever is put into it is escaped. `draws`: the one
    module that hands Markup to the browser; `has_plotly`: its own few tags are no HTML."""
    nodes = list(ast.walk(code))
    called = [(node, ast.unparse(node.func)) for node in nodes if isinstance(node, ast.Call)]
    wrong = [] if draws else [node for node, name in called if name in DRAW_HTML]
    marked = [node.args[0] for node, name in called if name.rpartition(".")[2] == "Markup" and node.args]
    wrong += [each for each in marked if not isinstance(each, ast.Constant) and ast.unparse(each) != STYLE_FILE]
    wrong += [node for node in nodes if isinstance(node, ast.Attribute) and node.attr in ("__html__", "unescape", "striptags")]
    components = [node for node, name in called if name.endswith("components.v2.component")]
    may_hold_tags = {id(each) for each in marked}
    may_hold_tags |= {id(each.value) for node in components for each in node.keywords if each.arg == "html"}
    may_hold_tags |= {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # a docstring
    return wrong + [node for node in texts_with_a_tag(nodes, has_plotly) if id(node) not in may_hold_tags]


def texts_with_a_tag(nodes: list[ast.AST], has_plotly: bool) -> Iterator[ast.Constant]:
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)) if TAG.search(PLOTLYS_TAGS.sub("", text) if has_plotly else text):
                yield node


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[0] in ("ui", "pages")], ids=str)
def test_every_text_that_becomes_html_is_escaped_by_markup(path):
    has_plotly = any(each.module.startswith("plotly") for each in imports(path))
    found = html_past_markup(tree(path), draws=path == MARKUP, has_plotly=has_plotly)
    assert [where(path, node) for node in found] == []


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
def test_html_that_goes_past_markup_is_found(code):
    assert html_past_markup(ast.parse(code))


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


def test_one_module_draws_the_box_for_files_which_says_how_large_they_may_be():
    boxes = {str(path) for path in MODULES for _, called in calls(path) if called.endswith("file_uploader")}
    assert boxes == {"ui/data/uploads.py"}
