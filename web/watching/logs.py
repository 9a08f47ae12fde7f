"""The log as one JSON object a line (`TOUCHSTONE_LOG=json`), for machines that collect logs; without the setting it is as it was.

    {"time": "2026-11-30T12:00:00.123Z", "level": "ERROR", "logger": "touchstone", "message": "the store did not respond",
     "page": "label", "verb": "save_labels", "exception": {"types": [...], "said": "...", "at": [...]}}

Logs go to other machines and are kept for long, so what people wrote is in none of it: of an exception its type and where it was
raised are told and not its words, which hold rows and statements with their values; and of an address no token in it.
"""

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

import sqlalchemy as sa
from streamlit import config
from streamlit import logger as streamlit_logger

from touchstone.errors import Refused

SETTING = "TOUCHSTONE_LOG"
OWN = "touchstone"
FIELDS = ("verb", "outcome")  # what our own calls say beside the message
ABOUT: list[Callable[[BaseException | None], dict[str, str]]] = []  # who says where in the program this was
DEEPEST = 12  # of the places an exception went through, the last
SECRET = re.compile(r"(/(?:invitation|media|provider)/)[^\s\"'?]+|([?&][\w-]+=)[^\s&\"']+")


class JsonLines(logging.Formatter):
    """One record as one line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        told: dict[str, object] = {"time": at, "level": record.levelname, "logger": record.name, "message": message_of(record)}
        told |= {name: getattr(record, name) for name in FIELDS if getattr(record, name, "")}
        error = record.exc_info[1] if record.exc_info else None
        for ask in ABOUT:
            told |= ask(error)
        if error is not None:
            told["exception"] = exception_as_json(error)
        return json.dumps(told, ensure_ascii=False)


def message_of(record: logging.LogRecord) -> str:
    """Of ours, which are written in the program, the whole; of a library's, which may put an exception's words into it, the part
    that is written in the library, where there is one with gaps."""
    ours = record.name == OWN
    said = record.getMessage() if ours or not (record.exc_info or holds_exception(record)) else str(record.msg)
    return SECRET.sub(r"\1\2…", said.strip().partition("\n")[0])


def holds_exception(record: logging.LogRecord) -> bool:
    values = record.args.values() if isinstance(record.args, dict) else record.args or ()
    return isinstance(record.msg, BaseException) or any(isinstance(each, BaseException) for each in values)


def exception_as_json(error: BaseException) -> dict[str, object]:
    """Types from the one that was seen to the one it came from, and the places it went through. What the database said only where
    that is of the connection or the disk: there are no rows in it."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    places = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    told: dict[str, object] = {
        "types": [f"{type(each).__module__}.{type(each).__qualname__}" for each in chain],
        "at": [f"{os.path.relpath(each.filename)}:{each.lineno} {each.name}" for each in places],
    }
    if isinstance(error, sa.exc.OperationalError):
        told["said"] = str(error.orig).strip().partition("\n")[0]
    return told


def is_json() -> bool:
    """Whether the log is to be JSON. Raises Refused for a setting that is neither."""
    said = os.environ.get(SETTING, "").strip().lower()
    if said not in ("", "plain", "json"):
        raise Refused(f"{SETTING} is “{said}”; use json, or leave it out for plain lines")
    return said == "json"


def begin() -> None:
    """Set the log up as the setting says. Raises Refused for a setting that is neither."""
    if not is_json():
        return
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(JsonLines())

    def give_lines(logger: logging.Logger) -> None:
        logger.handlers, logger.propagate = [lines], False

    # Streamlit gives each of its loggers, uvicorn's among them, a handler of its own with this function, also later ones.
    setattr(streamlit_logger, "setup_formatter", give_lines)  # noqa: B010  (a type checker would not have it assigned)
    streamlit_logger.update_formatter()
    give_lines(logging.getLogger())
    logging.getLogger(OWN).setLevel(logging.INFO)
    logging.captureWarnings(True)
    config.set_option("logger.enableRich", False)
    config.set_option("logger.hideWelcomeMessage", True)


def last_words(sentence: str) -> None:
    """Why the server does not start, where whoever starts it looks."""
    if any(isinstance(each.formatter, JsonLines) for each in logging.getLogger().handlers):
        logging.getLogger(OWN).critical(sentence)
    else:
        print(sentence, file=sys.stderr, flush=True)
