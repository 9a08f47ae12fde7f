"""Files to print, send and attach, made of templates: a report as HTML or Markdown, the codebook of a rubric version.

A paper is one file that needs nothing else: no script, no request, pictures inline. It is made from a value read from the
store and names no time of making, so the same store gives the same bytes. Text from outside is escaped in both formats by
the environment, not by each template: what is not `Markup` or `Ready` is data.
"""

import re
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jinja2
from markupsafe import Markup

import touchstone
from touchstone.errors import Refused

HERE = Path(__file__).parent
STYLE = Markup("").join(Markup((HERE / file).read_text("utf-8")) for file in ("colours.css", "paper.css"))
LONGEST_ON_PAGES = 70
MADE_BY = f"Touchstone {touchstone.__version__}"
# What no page can show or what turns the text around it about: controls, overriding directions, half characters.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"}
MARKS = re.compile(r"[&<>|\\`*\[\]~$]|(?<![^\W_])_|_(?![^\W_])")
# Where a line would begin a heading, a list or a rule; a number with its sign or point begins none.
AT_THE_START = re.compile(r"^(?:(\d{1,9})(?=[.)](?:\s|$))|(?=[#=]|[+-](?!\d)))")


class Ready(str):
    """Markdown as it is to stand in the file."""


def visible(text: str) -> str:
    return UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def markdown(value: Any) -> Ready:
    """A value as one line of Markdown in which nothing is a mark: safe in a table's cell, a list, a heading."""
    if isinstance(value, Ready):
        return value
    line = " ".join(visible(str(value)).split())
    line = MARKS.sub(lambda mark: ENTITIES.get(mark[0]) or "\\" + mark[0], line)
    return Ready(AT_THE_START.sub(r"\1\\", line))


def _seen(value: Any) -> Any:
    return visible(value) if type(value) is str else value


def _environment(templates: Path, **more: Any) -> jinja2.Environment:
    """Templates of a folder; a name that is not given is an error, not a blank."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **more,
    )
    made.globals |= {"made_by": MADE_BY, "style": STYLE, "name_on_pages": name_on_pages}
    return made


def name_on_pages(name: str) -> Markup:
    """The rule that prints a name at the foot of every page: in CSS anything but a letter or digit stands as its number."""
    short = name if len(name) <= LONGEST_ON_PAGES else name[: LONGEST_ON_PAGES - 1].rstrip() + "…"
    letters = "".join(
        each if each.isascii() and each.isalnum() else f"\\{ord(each):x} " for each in " ".join(visible(short).split())
    )
    return Markup('@page {{ @bottom-left {{ content: "{}" }} }}').format(Markup(letters))


def html_templates(folder: Path) -> jinja2.Environment:
    """Templates of HTML files in a folder: every value is escaped unless it is `Markup`."""
    return _environment(folder, autoescape=True, finalize=_seen)


def markdown_templates(folder: Path) -> jinja2.Environment:
    """Templates of Markdown files in a folder: every value is made one harmless line unless it is `Ready`."""
    return _environment(folder, autoescape=False, finalize=markdown)


def file_stem(name: str) -> str:
    """A name for a file: plain letters, digits and hyphens; "report" where nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)) or "report"


def fit(to: Path) -> Path:
    """The file, where a paper may stand in it. Raises Refused for what cannot be written, and when it holds anything but a
    paper of this program."""
    to = to.resolve()
    try:
        if to.is_dir():
            raise Refused(f"{to} is a folder; name a file in it")
        if not to.parent.is_dir():
            raise Refused(f"there is no folder {to.parent}; make it, or name another")
        if to.exists() and (not to.is_file() or _is_foreign(to)):
            raise Refused(f"{to} holds something other than a Touchstone report, and it would be lost; name another file")
    except OSError as wrong:
        raise Refused(f"{to} cannot be read ({wrong.strerror}); name another file") from None
    return to


def write(to: Path, paper: str) -> Path:
    """Write a paper whole or not at all; an earlier paper there is replaced. Raises Refused as `fit` does."""
    to = fit(to)
    try:
        with TemporaryDirectory(prefix=f".{to.name[:40]}.", dir=to.parent) as beside:
            new = Path(beside) / "new"
            new.write_bytes(paper.encode())
            new.replace(to)
    except OSError as wrong:
        raise Refused(f"{to} cannot be written ({wrong.strerror}); name another file") from None
    return to


def _is_foreign(to: Path) -> bool:
    """Whether a file holds bytes, and not those a paper begins with."""
    with to.open("rb") as file:
        start = file.read(400)
    return bool(start.strip()) and b"Touchstone" not in start
