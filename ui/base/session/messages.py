"""The step a person has just taken: tried, and what is to be said of it on the page that is drawn next."""

import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from touchstone.errors import Problem, Refused, in_short
from ui.base.session import measures, signed_in, store, tab
from workflow.people.people import Person

log = logging.getLogger("touchstone")
# Not "was not saved": a database that goes away in a commit may have saved it, and so may a step whose page could not be drawn.
BUSY = (
    "The store is not responding: another process may be using it, or its disk may be full. Your last step may not have been "
    "saved; load the page again in a moment, it shows what was saved."
)
Taken = ParamSpec("Taken")
Result = TypeVar("Result")


def attempt(verb: Callable[Taken, Result], *args: Taken.args, **kwargs: Taken.kwargs) -> Result | None:
    """Run a workflow verb from a button: what it returns. What it refuses is kept for the page, and None comes back.

    A callback runs with the person of the drawing before it: one who has signed out since, or come back under another
    name, does nothing more here.
    """
    clear()
    tab.state()["verb"] = verb.__name__
    acting = next((argument for argument in args if isinstance(argument, Person)), None)
    if acting is not None and acting.id != getattr(signed_in.current_person(), "id", None):  # renamed, they are who they were
        refuse("You have signed out in another window, so nothing was done here.")
        return None
    try:
        with measures.step(verb.__name__):
            return verb(*args, **kwargs)
    except Refused as refused:
        log.info(
            "refused", extra={"verb": verb.__name__, "outcome": "refused"}
        )  # not the sentence: it has names and labels in it
        refuse(refused.sentence, refused.problems)
    except store.NOT_RESPONDING:
        log.exception("the store did not respond")
        refuse(BUSY)
    return None


def last_verb() -> str:
    """The name of the verb that was attempted last: a page with several forms shows its refusal at the right one."""
    return tab.state().get("verb", "")


def refuse(sentence: str, problems: tuple[Problem, ...] = ()) -> None:
    """Keep a refusal for the page that is about to be drawn, equal problems as one."""
    tab.state()["refusal"] = (sentence, tuple(in_short(problems)))
    tab.state()["refusals"] = refusals() + 1


def refusal() -> tuple[str, tuple[str, ...]]:
    """The refusal kept by `refuse`: its sentence ("" for none) and the problems behind it.

    It stays until the next `attempt` or another page, not for one drawing: Streamlit may end a drawing half way to begin
    the next, and a sentence taken out by the first would never be seen.
    """
    return tab.state().get("refusal", ("", ()))


def add_to_refusal(more: str) -> None:
    """Add to the refusal that was just kept."""
    sentence, problems = refusal()
    tab.state()["refusal"] = (f"{sentence}; {more}", problems)


def refusals() -> int:
    """Counts the refusals, so that ui/labelling/keys.js can tell a second one from a redraw of the first."""
    return tab.state().get("refusals", 0)


def report(sentence: str) -> None:
    """Keep what was done for the page that is about to be drawn."""
    tab.state()["reported"] = sentence


def report_on(page: str, sentence: str) -> None:
    """Keep what was done for another page (its title), which is drawn next."""
    tab.state()["page"] = page
    report(sentence)


def reported() -> str:
    """The sentence kept by `report`; it stays as long as a refusal does."""
    return tab.state().get("reported", "")


def tell(sentence: str) -> None:
    """Keep what somebody should know of the page that is about to be drawn, which is neither their doing nor their mistake."""
    tab.state()["told"] = sentence


def told() -> str:
    """The sentence kept by `tell`; it stays until another page."""
    return tab.state().get("told", "")


def clear() -> None:
    """Forget the last refusal and the last report."""
    tab.state().pop("refusal", None)
    tab.state().pop("reported", None)


def here() -> str:
    """The title of the page that is drawn."""
    return tab.state().get("page", "")


def clear_on_another_page(page: str) -> None:
    """Forget them where this is another page than before."""
    if tab.state().get("page") != page:
        tab.state()["page"] = page
        tab.state().pop("told", None)
        clear()


def announce(sentence: str) -> None:
    """Keep a sentence on what was done, for the label page's live region: shown for a while, and spoken."""
    tab.state()["announcement"] = sentence
    tab.state()["announcements"] = announcements() + 1


def announcement() -> str:
    return tab.state().get("announcement", "")


def announcements() -> int:
    return tab.state().get("announcements", 0)


def about(error: BaseException | None) -> dict[str, str]:
    """For the log: the page that is drawn in this thread, and the verb that the error comes from, as far as there are any."""
    page = here() if get_script_run_ctx(suppress_warning=True) else ""
    verb = measures.verb_of(error) if error else ""
    return {name: said for name, said in (("page", page), ("verb", verb)) if said}


def explain(error: Exception) -> bool:
    """What the person reads instead of a traceback. Streamlit has logged the traceback already.

    Returns True: the error has been dealt with, as `st.App(on_script_error=...)` wants it.
    """
    if isinstance(error, Refused):
        st.error(error.sentence)
    elif isinstance(error, store.NOT_RESPONDING):
        st.error(BUSY)
    else:
        st.error(
            "Something went wrong in Touchstone, not in what you did; your last step may not have been saved. "
            "Reload the page; if it happens again, show the log to whoever runs this program."
        )
    return True
