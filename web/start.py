"""How the server starts, or says in a sentence why it does not."""

import gc
import os
from contextlib import asynccontextmanager

from streamlit import config

from touchstone.errors import Refused
from ui.base.navigation import rooted
from ui.base.session import messages, store
from web.guard import have_identities
from web.listening import answer_at_once, end
from web.warming import warm_up
from web.watching import logs, metrics
from web.ways_in.provider_settings import Settings
from web.ways_in.provider_settings import providers as read_providers
from workflow.people.accounts import passwords
from workflow.people.public_url import PublicUrl, public_url
from workflow.people.team_mode import SETTING, is_team


def prepared() -> tuple[PublicUrl | None, list[Settings]]:
    """The public address (None: local mode) and the providers of sign-ins, with Streamlit's configuration set to match. Ends the
    process, with a sentence, where nobody could reach it at all."""
    try:
        public = public_url()
        providers = read_providers() if public else []
        metrics.token()
        warm_up.is_wanted()
    except Refused as wrong:
        end(wrong.sentence)
    if refused := refusal_of_prefix(public):
        end(refused)
    have_identities()
    logs.ABOUT.append(messages.about)
    if public is not None:
        config.set_option("server.allowedHosts", [public.host_name])
    return public, providers


def refusal_of_prefix(public: PublicUrl | None) -> str | None:
    """The sentence with which the server refuses a path that its public address has and it does not, or the other way round."""
    base = rooted("")
    if public is None or public.prefix == base:
        return None
    return (
        f"{SETTING} has the path {public.prefix or '/'}, and server.baseUrlPath is “{base.strip('/')}”: make them the same "
        f"(start with --server.baseUrlPath “{public.prefix.strip('/')}”)."
    )


@asynccontextmanager
async def warm(app):
    """Open the store and set what is loaded aside from the garbage collector before the first person comes; let go of the store
    after the last. What the first pages need is loaded from then on, beside whatever is asked (web/warming)."""
    try:
        store.whole()
    except Refused as refusal:
        refuse_in_lifespan(refusal.sentence)
    except store.NOT_RESPONDING as wrong:
        refuse_in_lifespan(f"the store does not respond ({' '.join(str(getattr(wrong, 'orig', wrong)).split())})")
    if is_team():
        passwords.is_right(None, "")  # what a name of nobody's is held against is made now, not while somebody waits
    answer_at_once()
    gc.collect()
    gc.freeze()
    loading = warm_up.WarmUp()
    if warm_up.is_wanted():
        loading.begin()
    yield {}
    loading.end()
    store.let_go()


def refuse_in_lifespan(sentence: str) -> None:
    logs.last_words(sentence)
    os._exit(1)  # the server is up already, and would print a traceback for an exit it can catch
