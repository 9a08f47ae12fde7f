"""Our own routes, which a script of Streamlit could not be: they set cookies, and answer what machines ask."""

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ui.base.navigation import rooted
from ui.base.session import signed_in
from web.callers import Callers
from web.documents import sentence
from web.guard import KEEP, OPEN_BELOW_IN_TEAM_MODE
from web.keeping import Keeping
from web.programs.gate import GateRoutes
from web.watching.metrics import metrics
from web.watching.probes import probes
from web.ways_in import local_sign_in
from web.ways_in.accounts import WaysIn
from web.ways_in.cookies import drop_sign_in
from web.ways_in.provider_settings import Settings
from workflow.people.public_url import PublicUrl


def routes(callers: Callers, public: PublicUrl | None, providers: Sequence[Settings] = ()) -> list[Route]:
    """All of them, below server.baseUrlPath."""

    async def sign_out(request: Request) -> Response:
        await run_in_threadpool(signed_in.end_session, request.cookies.get(signed_in.cookie_name(), ""))
        callers.forget()
        response = RedirectResponse(rooted("/"), status_code=303)
        drop_sign_in(response)
        return response

    return [
        *ways_in(callers, public, providers),
        Route(rooted("/sign-out"), sign_out, methods=["POST"]),
        Route(rooted(KEEP), Keeping(callers).keep, methods=["POST"]),
        *GateRoutes().routes(),
        *probes(),
        Route(rooted("/metrics"), metrics),
    ]


def ways_in(callers: Callers, public: PublicUrl | None, providers: Sequence[Settings]) -> list[Route]:
    """A name in local mode; an account in team mode, where nothing takes a name at its word."""
    if public is None:
        return [Route(rooted("/sign-in"), local_sign_in.sign_in, methods=["POST"])]
    accounts = WaysIn(callers, providers)
    return [
        Route(rooted("/sign-in"), accounts.sign_in_page, methods=["GET"]),
        Route(rooted("/sign-in"), accounts.sign_in, methods=["POST"]),
        Route(rooted("/invitation/{token}"), accounts.invitation_page, methods=["GET"]),
        Route(rooted("/invitation/{token}"), accounts.invitation, methods=["POST"]),
        *by_providers(accounts),
        *(Route(rooted(f"{place}{{rest:path}}"), nothing_here) for place in OPEN_BELOW_IN_TEAM_MODE),  # not Streamlit's own page
    ]


def nothing_here(request: Request) -> Response:
    return sentence("There is no such page", "The address is not complete, or of a provider that is not set up.", status=404)


def by_providers(accounts: WaysIn) -> list[Route]:
    """Sign-in with a provider, where there is any: what talks to one is read only then."""
    if not accounts.providers:
        return []
    from web.ways_in.provider_routes import provider_routes
    from web.ways_in.providers import Provider

    return provider_routes(accounts, [Provider(each) for each in accounts.providers])
