"""HTML documents of our own, outside Streamlit: for who is not signed in, and for errors. They load nothing and run nothing."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from ui.base import colours
from web.headers import POLICY, hash_of

TEMPLATES = Path(__file__).parent / "templates"
COLOURS = Path(colours.__file__).parent / "style" / "colours.css"


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@cache
def _style() -> str:
    return "\n".join(path.read_text("utf-8") for path in (COLOURS, TEMPLATES / "document.css"))


@cache
def _policy() -> str:
    parts = ("default-src 'none'", f"style-src {hash_of(_style())}", "img-src data:", "form-action 'self'")
    return "; ".join((*parts, "base-uri 'none'", "frame-ancestors 'none'"))


def document(template: str, title: str, *, status: int = 200, refusal: str = "", **words: object) -> Response:
    """The document of that template (a file of web/templates/). What it is given is text, and is drawn as text."""
    drawn = _environment().get_template(f"{template}.html")
    body = drawn.render(title=title, refusal=refusal, style=Markup(_style()), **words)
    response = HTMLResponse(body, status_code=status)
    response.headers[POLICY.decode()] = _policy()
    response.headers["cache-control"] = "no-store"
    return response


def sentence(title: str, said: str, *, status: int, onward: str = "", onward_words: str = "") -> Response:
    """A document that says one thing, with a way on."""
    return document("sentence", title, status=status, sentence=said, onward=onward, onward_words=onward_words)
