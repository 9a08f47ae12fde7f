"""Sign-in of the local mode: a name is taken at its word."""

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from touchstone.errors import Refused
from ui.base.navigation import rooted
from ui.base.session import signed_in, store
from web.ways_in.cookies import keep_signed_in
from web.ways_in.forms import form_of, local_path
from workflow.people import people


def token_for(form: dict[str, str]) -> str:
    if form.get("new_name", "").strip():
        return signed_in.start_session(people.add_person(None, store.whole(), form["new_name"]).id)
    number = form.get("person", "")
    if not (number.isdecimal() and number.isascii() and len(number) < 10):
        raise Refused("Pick a name from the list, or type one to add it.")
    return signed_in.start_session(int(number))


async def sign_in(request: Request) -> Response:
    back_to = rooted("/")
    try:
        form = await form_of(request)
        back_to = local_path(form.get("next", back_to))
        token = await run_in_threadpool(token_for, form)
    except Refused as refusal:
        # Not in the address: a link made elsewhere could then put any sentence on our page.
        response = RedirectResponse(back_to, status_code=303)
        response.set_cookie(
            signed_in.REFUSAL_COOKIE, quote(refusal.sentence), max_age=5, httponly=True, samesite="strict", path="/"
        )
        return response
    await run_in_threadpool(signed_in.end_session, request.cookies.get(signed_in.cookie_name(), ""))
    response = RedirectResponse(back_to, status_code=303)
    response.delete_cookie(signed_in.REFUSAL_COOKIE, httponly=True, samesite="strict", path="/")
    keep_signed_in(response, token)
    return response
