"""The way in by a provider: away to it by a link, and back by its redirect."""

import logging
import secrets
from collections.abc import Mapping

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from touchstone.errors import Refused
from ui.base.navigation import rooted
from ui.base.session import store
from web.documents import sentence
from web.ways_in.accounts import WaysIn, browser_of
from web.ways_in.cookies import attempt_cookie, keep_attempt
from web.ways_in.forms import local_path
from web.ways_in.providers import OutOfReach, Provider
from workflow.people.accounts import identities
from workflow.people.accounts.identities import Attempt
from workflow.people.accounts.signing_in import TooManyTries
from workflow.people.people import digest
from workflow.people.public_url import public_url

log = logging.getLogger("touchstone")
FROM_ITS_PAGE = "An account is linked from the page of its invitation alone. Open that link, and go on from there."


def provider_routes(ways_in: WaysIn, providers: list[Provider]) -> list[Route]:
    return [route for each in providers for route in _routes_of(ways_in, each)]


def _routes_of(ways_in: WaysIn, provider: Provider) -> list[Route]:
    name = provider.settings.name

    async def away(request: Request) -> Response:
        """A link, not a form: a browser does not let a form of ours end at another site."""
        invitation = request.query_params.get("invitation", "")
        if invitation and not is_from_our_page(request.headers):
            return _refused(Refused(FROM_ITS_PAGE))
        try:
            begun = await provider.begin(request, _back(name))
        except Refused as refused:
            return _refused(refused)
        browser = request.cookies.get(attempt_cookie()) or secrets.token_urlsafe(32)
        attempt = Attempt(
            begun.session, local_path(request.query_params.get("next", "")), digest(invitation) if invitation else ""
        )
        try:
            await to_thread.run_sync(
                identities.begin_attempt,
                store.whole(),
                name,
                begun.state,
                browser,
                attempt,
                browser_of(request),
                limiter=ways_in.at_once,
            )
        except TooManyTries as refused:
            return _refused(refused)
        response = RedirectResponse(begun.address, status_code=303)
        keep_attempt(response, browser)
        return response

    async def back(request: Request) -> Response:
        state, browser = request.query_params.get("state", ""), request.cookies.get(attempt_cookie(), "")
        try:
            attempt = await to_thread.run_sync(
                identities.take_attempt, store.whole(), name, state, browser, limiter=ways_in.at_once
            )
            found = await provider.came_back(request, attempt.session)
            token = await to_thread.run_sync(
                identities.sign_in_with_identity,
                store.whole(),
                found,
                attempt.invitation,
                browser_of(request),
                limiter=ways_in.at_once,
            )
        except Refused as refused:
            return _refused(refused)
        return await ways_in.let_in(request, token, attempt.wanted)

    return [
        Route(rooted(f"/provider/{name}"), away, methods=["GET"]),
        Route(rooted(f"/provider/{name}/back"), back, methods=["GET"]),
    ]


def is_from_our_page(headers: Mapping[str, str]) -> bool:
    """Whether a link on a page of ours was followed: another's could link whoever is signed in with the provider to its own
    invitation."""
    public = public_url()
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    return public is not None and f"{headers.get('referer', '')}/".startswith(f"{public.origin}/")


def _back(name: str) -> str:
    public = public_url()
    assert public is not None
    return public.link(f"/provider/{name}/back")


def _refused(refused: Refused) -> Response:
    if refused.__cause__ is not None:
        log.warning("a sign-in by a provider was refused: %r", refused.__cause__)
    status = 502 if isinstance(refused, OutOfReach) else 429 if isinstance(refused, TooManyTries) else 403
    return sentence("You are not signed in", refused.sentence, status=status, onward=rooted("/sign-in"), onward_words="Sign in")
