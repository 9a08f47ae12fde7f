"""Our own routes, which a script of Streamlit could not be: they set cookies, and answer probes."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ui.base.navigation import rooted
from ui.base.session import signed_in, store
from web import local_sign_in
from web.callers import Callers
from workflow.people import people
from workflow.people.public_url import PublicUrl


def routes(callers: Callers, public: PublicUrl | None) -> list[Route]:
    """All of them, below server.baseUrlPath."""

    async def sign_out(request: Request) -> Response:
        await run_in_threadpool(signed_in.end_session, request.cookies.get(signed_in.cookie_name(), ""))
        callers.forget()
        response = RedirectResponse(rooted("/"), status_code=303)
        response.delete_cookie(signed_in.cookie_name(), httponly=True, samesite="lax", path="/")
        return response

    ways_in = [Route(rooted("/sign-in"), local_sign_in.sign_in, methods=["POST"])] if public is None else []
    return [*ways_in, Route(rooted("/sign-out"), sign_out, methods=["POST"]), Route(rooted("/health"), health)]


def health(request: Request) -> Response:
    """The store answers, not only this program; where it does not, the guard says so with 503."""
    people.everyone(store.whole())
    return JSONResponse({"status": "ok"})
