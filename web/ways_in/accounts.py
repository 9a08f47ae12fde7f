"""The ways in of the team mode: sign in by name and password, and set a password by a link."""

from collections.abc import Sequence
from urllib.parse import urlencode

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from touchstone.errors import Refused
from ui.base.navigation import rooted
from ui.base.session import signed_in, store
from web.callers import Callers
from web.documents import document, sentence
from web.ways_in.cookies import keep_signed_in
from web.ways_in.forms import form_of, local_path
from web.ways_in.provider_settings import Settings
from workflow.people import people
from workflow.people.accounts import invitations, passwords, signing_in
from workflow.people.accounts.signing_in import Browser, TooManyTries

AT_ONCE = 4  # tries to sign in that are worked on at the same moment: a flood of them holds up nobody who is in


class WaysIn:
    """The routes; they share what they may work on at once, and whom the guard knows."""

    def __init__(self, callers: Callers, providers: Sequence[Settings] = ()) -> None:
        self.callers, self.at_once, self.providers = callers, CapacityLimiter(AT_ONCE), providers

    async def sign_in_page(self, request: Request) -> Response:
        back_to = local_path(request.query_params.get("next", ""))
        if await self.callers.behind(request.cookies.get(signed_in.cookie_name(), "")):
            return RedirectResponse(back_to, status_code=303)
        told = "You are signed out here: sign in again to go on." if "ended" in request.query_params else ""
        return self._sign_in(back_to, told=told)

    async def sign_in(self, request: Request) -> Response:
        try:
            form = await form_of(request)
        except Refused as refused:
            return self._sign_in(rooted("/"), refusal=refused.sentence, status=413)
        name, back_to = form.get("name", ""), local_path(form.get("next", ""))
        try:
            token = await to_thread.run_sync(
                signing_in.sign_in_with_password,
                store.whole(),
                name,
                form.get("password", ""),
                browser_of(request),
                limiter=self.at_once,
            )
        except TooManyTries as refused:
            response = self._sign_in(back_to, name=name, refusal=refused.sentence, status=429)
            response.headers["retry-after"] = str(refused.seconds)
            return response
        except Refused as refused:
            return self._sign_in(back_to, name=name, refusal=refused.sentence, status=403)
        return await self.let_in(request, token, back_to)

    async def invitation_page(self, request: Request) -> Response:
        try:
            found = await to_thread.run_sync(
                invitations.opened, store.whole(), request.path_params["token"], limiter=self.at_once
            )
        except Refused as refused:
            return _no_link(refused)
        return self._set_password(request, found)

    async def invitation(self, request: Request) -> Response:
        token = request.path_params["token"]
        try:
            found = await to_thread.run_sync(invitations.opened, store.whole(), token, limiter=self.at_once)
        except Refused as refused:
            return _no_link(refused)
        try:
            form = await form_of(request)
            made = await to_thread.run_sync(
                invitations.redeem,
                store.whole(),
                token,
                form.get("password", ""),
                form.get("again", ""),
                browser_of(request),
                limiter=self.at_once,
            )
        except Refused as refused:
            return self._set_password(request, found, refused.sentence)
        return await self.let_in(request, made, rooted("/"))

    async def let_in(self, request: Request, token: str, to: str) -> Response:
        """Signed in, in place of whoever was in this browser before."""
        before = request.cookies.get(signed_in.cookie_name(), "")
        if before:
            await to_thread.run_sync(people.sign_out, store.whole(), before, limiter=self.at_once)
        self.callers.forget()
        response = RedirectResponse(to, status_code=303)
        keep_signed_in(response, token)
        return response

    def _sign_in(self, back_to: str, *, name: str = "", told: str = "", refusal: str = "", status: int = 200) -> Response:
        return document(
            "sign_in",
            "Sign in",
            status=status,
            refusal=refusal,
            told=told,
            to=rooted("/sign-in"),
            next=back_to,
            name=name[: people.LONGEST_NAME],
            longest=passwords.LONGEST,
            providers=self._links(next=back_to),
        )

    def _set_password(self, request: Request, found: invitations.Invited, refusal: str = "") -> Response:
        as_what = f"an {found.role}" if found.role in ("admin", "annotator") else f"a {found.role}"
        where = f" of {found.project}" if found.project else ""
        is_new = found.kind == "invitation"
        return document(
            "set_password",
            f"Welcome, {found.name}" if is_new else "A new password",
            status=422 if refusal else 200,
            refusal=refusal,
            sentence=f"You are invited as {as_what}{where}. Set your password, and you are in."
            if is_new
            else "Set it, and you are signed in here and signed out everywhere else.",
            name=found.name,
            to=rooted(f"/invitation/{request.path_params['token']}"),
            shortest=passwords.SHORTEST,
            longest=passwords.LONGEST,
            providers=self._links(invitation=request.path_params["token"]),
        )

    def _links(self, **query: str) -> list[tuple[str, str]]:
        """Address and title of the way in by each provider."""
        return [(rooted(f"/provider/{each.name}?{urlencode(query)}"), each.title) for each in self.providers]


def browser_of(request: Request) -> Browser:
    return Browser(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def _no_link(refused: Refused) -> Response:
    return sentence(
        "This link has ended", refused.sentence, status=410, onward=rooted("/sign-in"), onward_words="Sign in with a password"
    )
