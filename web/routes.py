"""Our own routes, which a script of Streamlit could not be: they set cookies, and answer probes."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ui.base.navigation import rooted
from ui.base.session import signed_in, store
from web import local_sign_in
from web.accounts import WaysIn
from web.callers import Callers
from web.cookies import drop_sign_in
from workflow.people import people
from workflow.people.public_url import PublicUrl


def routes(callers: Callers, public: PublicUrl | None) -> list[Route]:
    """All of them, below server.baseUrlPath."""

    async def sign_out(request: Request) -> Response:
        await run_in_threadpool(signed_in.end_session, request.cookies.get(signed_in.cookie_name(), ""))
        callers.forget()
        response = RedirectResponse(rooted("/"), status_code=303)
        drop_sign_in(response)
        return response

    return [*ways_in(callers, public), Route(rooted("/sign-out"), sign_out, methods=["POST"]), Route(rooted("/health"), health)]


def ways_in(callers: Callers, public: PublicUrl | None) -> list[Route]:
    """A name in local mode; an account in team mode, where nothing takes a name at its word."""
    if public is None:
        return [Route(rooted("/sign-in"), local_sign_in.sign_in, methods=["POST"])]
    accounts = WaysIn(callers)
    return [
        Route(rooted("/sign-in"), accounts.sign_in_page, methods=["GET"]),
        Route(rooted("/sign-in"), accounts.sign_in, methods=["POST"]),
        Route(rooted("/invitation/{token}"), accounts.invitation_page, methods=["GET"]),
        Route(rooted("/invitation/{token}"), accounts.invitation, methods=["POST"]),
    ]


def health(request: Request) -> Response:
    """The store answers, not only this program; where it does not, the guard says so with 503."""
    people.everyone(store.whole())
    return JSONResponse({"status": "ok"})
