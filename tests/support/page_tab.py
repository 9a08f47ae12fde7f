"""A browser tab without a browser: AppTest drives ui/base/shell.py, as app.py renders nothing there."""

import html
import re
from pathlib import Path

from markupsafe import escape
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from tests.support.sample_store import OPEN
from ui.base.session import signed_in
from workflow.events.recording import recorded
from workflow.labelling import next_draft
from workflow.people import people
from workflow.people.accounts import signing_in
from workflow.people.people import person_named
from workflow.people.team_mode import is_team
from workflow.rounds import rounds

SHELL = Path(__file__).resolve().parents[2] / "ui" / "base" / "shell.py"
HOSTILE = "<script>alert(1)</script> $x$ :smile: **b** `c` [d](http://e.example) <b>f</b>"


def label_of(widget) -> str:
    return str(getattr(widget, "label", "") or getattr(widget.proto, "label", ""))


def app_test() -> AppTest:
    """Without the search for components of other packages, which reads every installed one: 60 % of a test's time, for none."""
    at = AppTest.from_file(str(SHELL), default_timeout=120)
    at._bidi_component_manager = BidiComponentManager()
    return at


def signed_in_as(engine, person: int) -> str:
    """The token of a new sign-in: of a name taken at its word, in team mode to an account."""
    if not is_team():
        return people.sign_in(engine, person)
    with recorded(person, engine, "sign in") as connection:
        return signing_in.begin(connection, person, signing_in.NOWHERE)


class Tab:
    """One browser tab, signed in as `name` (nobody: ""), at one page after another."""

    def __init__(self, monkeypatch, engine, name: str = ""):
        self.engine, self.name = engine, name
        token = signed_in_as(engine, person_named(engine, name).id) if name else ""
        monkeypatch.setattr(signed_in, "token_of_browser", lambda: token)
        monkeypatch.setattr(signed_in, "refused_sign_in", lambda: "")
        self.at = app_test()

    @property
    def person(self):
        return person_named(self.engine, self.name)

    def open(self, page: str, **query: str) -> "Tab":
        """As an address typed into the browser: the page is known by its path, whoever is signed in."""
        self.at._page_hash = calc_hash(page)
        self.at.query_params.clear()
        for key, value in query.items():
            self.at.query_params[key] = value
        return self.run()

    def run(self) -> "Tab":
        self.at.run()
        assert not self.at.exception, self.at.exception
        return self

    @property
    def markup(self) -> str:
        """All HTML of the page but its style, as handed to the browser."""
        return "\n".join(each.value for each in self.at.get("html") if not each.value.startswith("<style"))

    @property
    def bar(self) -> str:
        """The bar over the page, as handed to the browser; "" where nobody is signed in."""
        return next((each.value for each in self.at.get("html") if "ts-skip" in each.value), "")

    @property
    def below(self) -> str:
        """The HTML of the page without that of the bar."""
        return self.markup.replace(self.bar, "")

    @property
    def round_in_hand(self) -> str:
        """The round that the bar names."""
        return html.unescape(re.search('<details class="ts-menu ts-round"><summary.*?><span>(.*?)</span>', self.bar)[1])

    def asks(self, parameter: str) -> str:
        """What the address says for one of its parameters; "" for none."""
        said = self.at.query_params.get(parameter, "")
        return said[0] if isinstance(said, list) else said

    def shows(self, draft: str) -> bool:
        """Whether a draft stands on the page, letter for letter; its lines are in spans."""
        return escape(draft) in re.sub("</?span>", "", self.markup)

    @property
    def text(self) -> str:
        """What can be read: HTML without its tags, and the names of what can be pressed or filled in."""
        labels = re.sub(r"\\([^\w\s])", r"\1", "\n".join(self.labels)).replace("\u2060", "")
        without_terms = re.sub("</?dfn[^>]*>", "", self.markup)  # a term is marked within its sentence
        words = html.unescape(re.sub("<[^>]+>", " ", without_terms)) + "\n" + labels
        return re.sub(r"[ \t]+", " ", words)

    @property
    def labels(self) -> list[str]:
        kinds = (
            "button",
            "selectbox",
            "text_input",
            "text_area",
            "checkbox",
            "multiselect",
            "page_link",
            "expander",
            "button_group",
            "radio",
            "number_input",
            "download_button",
            "file_uploader",
        )
        return [label_of(each) for kind in kinds for each in self.at.get(kind)]

    @property
    def title(self) -> str:
        return html.unescape(re.sub("<.*?>", "", re.search("<h1>(.*?)</h1>", self.markup, re.DOTALL)[1]))

    @property
    def refusal(self) -> str:
        found = re.search('<div class="ts-refusal[ "].*?</div>', self.markup, re.DOTALL)
        return html.unescape(re.sub("<[^>]+>", " ", found[0])) if found else ""

    @property
    def done(self) -> str:
        found = re.search('<p class="ts-done".*?</p>', self.markup, re.DOTALL)
        return html.unescape(re.sub("<[^>]+>", " ", found[0])) if found else ""

    def press(self, label: str) -> "Tab":
        button = next((each for each in self.at.button if each.label == label), None)
        assert button is not None, f"no button {label}: {[each.label for each in self.at.button]}"
        button.click()
        return self.run()

    def field(self, kind: str, key: str):
        return next(each for each in self.at.get(kind) if (each.key or "").startswith(key))

    def choose(self, levels) -> "Tab":
        """A level for every dimension of the draft on the label page; None leaves one out."""
        for dimension, value in zip(self.desk.dimensions, levels, strict=True):
            if value is not None:
                group = next(each for each in self.at.get("button_group") if (each.key or "").endswith(f"-{dimension.key}"))
                group.set_value(value)
                self.run()
        return self

    @property
    def desk(self) -> next_draft.Desk:
        """The draft that the store would give this person now."""
        return next_draft.next_assignment(self.person, self.engine, OPEN)

    @property
    def mine(self) -> rounds.Progress:
        return next(
            each
            for found in rounds.all_rounds(self.engine)
            if found.name == OPEN
            for each in found.progress
            if each.name == self.name
        )
