"""What tests ask for by name: stores on both databases, a browser, the app running over a store.

    engine            a migrated, empty store; the test runs twice, on SQLite and on PostgreSQL
    sqlite_engine     the same on SQLite alone, for tests that are not about the database
    empty_url         URL of a store without any table, on both databases: for tests of migrations
    sample_url        the sample workspace, named in TOUCHSTONE_DATABASE_URL; new_url: a migrated, empty store likewise
    sample, empty     an engine on those, for pages without a browser; in the empty one there is Ana
    server            server(engine) starts the app over that store; .url .kill() .restart()
    page, new_page    a fresh browser profile of 1366 x 768; new_page() gives a second person theirs

Tests that use a browser or PostgreSQL carry the marker of that name by themselves, so
`pytest -m "not browser and not postgresql"` is the quick half.
"""

import gc
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from scripts.chromium import MISSING, find_chromium
from tests.support import hasty_connections, once_a_run, postgres, properties, shared_draws, shared_statements, short_run
from tests.support.app_server import AppServer
from tests.support.rubric_files import ONE
from tests.support.sample_store import copied_sample, hasty_engine, migrate_url, migrated, sqlite_url
from workflow.people.people import add_person
from workflow.rubric import rubrics

PROJECT = Path(__file__).resolve().parent.parent
RESULTS = PROJECT / "test-results"
# Chromium as root in a container without a network: no sandbox, no talk with its maker's servers.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# With targets of their own: `make test-deploy` takes programs that most machines do not have, `make test-load` minutes.
collect_ignore = [folder for folder in ("deploy", "load") if not os.environ.get(f"TOUCHSTONE_TESTS_OF_{folder.upper()}")]

failed = pytest.StashKey[bool]()
postgres_folder = pytest.StashKey[Path]()
shared_folder = pytest.StashKey[Path]()
FOLDERS = {postgres_folder: "touchstone-pg-", shared_folder: "touchstone-run-"}


# The run: one PostgreSQL and one folder for all workers of pytest-xdist, ended by the process that started the workers.


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("TOUCHSTONE_WARM_UP", "off")  # each server would load for seconds what most tests never open
    worker = getattr(config, "workerinput", None)
    for key, name in FOLDERS.items():
        config.stash[key] = Path(worker[name] if worker else tempfile.mkdtemp(prefix=name))
    once_a_run.keep_in(config.stash[shared_folder])
    settings.load_profile(properties.PROFILE)
    shared_statements.share()
    shared_draws.share()
    hasty_connections.begin()


def pytest_runtest_setup(item: pytest.Item) -> None:
    test = item.path.relative_to(PROJECT)
    shared_draws.share_in(test)
    hasty_connections.begin_in(test)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    for key, name in FOLDERS.items():
        node.workerinput[name] = str(node.config.stash[key])


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and postgres_folder in config.stash:
        postgres.stop(config.stash[postgres_folder])
        shutil.rmtree(config.stash[shared_folder], ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not short_run.EVERYTHING:
        left = set(short_run.left_for_the_whole_run(items))
        config.stash[short_run.FILES_LEFT] = {item.path for item in left}
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=list(left))
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        parameters = getattr(item, "callspec", None)
        if "browser" in names:  # behind page and new_page; a page may also be a parameter
            item.add_marker("browser")
        if "postgresql_url" in names or (parameters and "postgresql" in parameters.params.values()):
            item.add_marker("postgresql")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    if report.failed:
        item.stash[failed] = True
    return report


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What the tests and libraries are made of stays to the end: it is not searched for waste time and again, and what tests
    leave is searched seldom (each 700 new objects, as Python does unasked, took a fifteenth of the time)."""
    gc.disable()
    yield
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _no_test_touches_the_real_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A test that forgets to name its store gets an empty one, never somebody's work under data/."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path_factory.mktemp("unnamed") / "store.db"))
        yield


# Stores. Each database is migrated once per run and copied for each test: migrating is the slow part.


@pytest.fixture(scope="session")
def migrated_sqlite() -> Path:
    return migrated()


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Path:
    folder = request.config.stash[postgres_folder]
    postgres.start_once(folder, migrate_url)
    return folder


@pytest.fixture
def sqlite_store_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    # With the -wal and -shm files, should the engine have left any.
    for part in migrated_sqlite.parent.glob(f"{migrated_sqlite.name}*"):
        shutil.copy(part, tmp_path / part.name)
    return sqlite_url(tmp_path / migrated_sqlite.name)


@pytest.fixture
def postgresql_url(postgres_server: Path) -> Iterator[str]:
    with postgres.new_database(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue("sqlite_store_url" if request.param == "sqlite" else "postgresql_url")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
    else:
        with postgres.new_database(request.getfixturevalue("postgres_server"), template="template0") as url:
            yield url


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    with hasty_engine(store_url) as opened:
        yield opened


@pytest.fixture
def sqlite_engine(sqlite_store_url: str) -> Iterator[Engine]:
    with hasty_engine(sqlite_store_url) as opened:
        yield opened


# Stores that TOUCHSTONE_DATABASE_URL names: for commands, and for pages without a browser.


@pytest.fixture
def sample_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = copied_sample(tmp_path)
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", url)
    return url


@pytest.fixture
def new_url(sqlite_store_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_store_url)
    return sqlite_store_url


@pytest.fixture
def page_caches() -> Iterator[None]:
    """Nothing is kept from another test's pages."""
    import streamlit

    for clear in (streamlit.cache_resource.clear, streamlit.cache_data.clear):
        clear()
    yield
    for clear in (streamlit.cache_resource.clear, streamlit.cache_data.clear):
        clear()


@pytest.fixture
def sample(sample_url: str, page_caches: None) -> Iterator[Engine]:
    with hasty_engine(sample_url) as opened:
        yield opened


@pytest.fixture
def empty(sqlite_engine: Engine, new_url: str, page_caches: None) -> Engine:
    """One person, who is signed in somewhere: without them there is only the sign-in."""
    add_person(None, sqlite_engine, "ana")
    return sqlite_engine


@pytest.fixture
def rubric_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of rubric versions of the test's own, with the first in it."""
    folder = tmp_path / "rubric_versions"
    folder.mkdir()
    shutil.copy(rubrics.FOLDER / f"{ONE}.yml", folder)
    monkeypatch.setattr(rubrics, "FOLDER", folder)
    return folder


# The app and the browser


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., AppServer]]:
    """server(store, root=PROJECT, **options) with an engine or a URL and AppServer's options; all are ended with the test."""
    started: list[AppServer] = []

    def start(store: Engine | str, root: Path = PROJECT, **options: bool | str) -> AppServer:
        url = store if isinstance(store, str) else store.url.render_as_string(hide_password=False)
        app = AppServer(root, url, tmp_path / f"app-{len(started)}.log", **options)
        started.append(app)
        app.start()
        return app

    yield start
    for app in started:
        app.stop()
        if request.node.stash.get(failed, False):
            print(f"--- what the app at {app.url} printed ---\n{app.end_of_log()}")


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def new_page(request: pytest.FixtureRequest, browser):
    """new_page() opens a page in a profile of its own; each leaves a picture when the test fails."""
    from tests.support import script_runs

    contexts = []

    def open_page(**options):
        context = browser.new_context(**{"viewport": {"width": 1366, "height": 768}, **options})
        context.on("page", script_runs.follow)
        contexts.append(context)
        return context.new_page()

    yield open_page
    pages = [page for context in contexts for page in context.pages]
    if request.node.stash.get(failed, False):
        for number, page in enumerate(pages, start=1):
            name = re.sub(r"[^\w.-]+", "_", request.node.nodeid)[-150:]
            picture = RESULTS / f"{name}-{number}.png"
            page.screenshot(path=picture)
            print(f"picture: {os.path.relpath(picture, PROJECT)}")
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    return new_page()
