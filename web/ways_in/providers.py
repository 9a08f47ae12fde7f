"""Talking to a provider of sign-ins (OpenID Connect): where to send a browser, and who it is that came back.

Authlib does the protocol: code flow with PKCE (S256), state and nonce. What it leaves to its caller is here: which algorithms may
sign (where a provider's description lists `none` it takes an unsigned token), that there is a token at all, and who issued it.
"""

from typing import Any, NamedTuple

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from authlib.oidc.core import UserInfo
from joserfc.errors import JoseError
from starlette.requests import Request

from touchstone.errors import Refused
from web.ways_in.provider_settings import Settings
from workflow.people.accounts.identities import Identity

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
CLOCKS_DIFFER = 60  # seconds
WAITS = 10  # seconds for an answer


class OutOfReach(Refused):
    """The provider does not answer, or not as one."""


class Begun(NamedTuple):
    """Where the browser goes, and what is kept meanwhile under `state`."""

    address: str
    state: str
    session: dict[str, Any]


class Provider:
    """One provider; what it says of itself is fetched at the first sign-in."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.settings = settings
        self.client = OAuth().register(
            settings.name,
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            server_metadata_url=settings.issuer.rstrip("/") + "/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid",
                "code_challenge_method": "S256",
                "timeout": WAITS,
                **({"transport": transport} if transport else {}),
            },
        )

    async def begin(self, request: Request, back_to: str) -> Begun:
        """Raises OutOfReach."""
        own = Request({**request.scope, "session": {}})  # Streamlit's own session is no place for this
        try:
            await self._know()
            sent = await self.client.authorize_redirect(own, back_to)
        except (httpx.HTTPError, AuthlibBaseError, ValueError, RuntimeError) as wrong:
            raise self._out_of_reach() from wrong
        (key,) = own.session
        return Begun(sent.headers["location"], key.rpartition("_")[2], dict(own.session))

    async def came_back(self, request: Request, session: dict[str, Any]) -> Identity:
        """Who came back with this request, by a token that the provider signed for us and for this attempt. Raises Refused for
        any other, and OutOfReach."""
        own = Request({**request.scope, "session": session})
        expected = {"iss": self.settings.issuer, "aud": self.settings.client_id}
        claims = {name: {"essential": True, "values": [value]} for name, value in expected.items()}
        try:
            await self._know()
            token = await self.client.authorize_access_token(
                own, claims_options={**claims, "sub": {"essential": True}, "exp": {"essential": True}}, leeway=CLOCKS_DIFFER
            )
            found = token["userinfo"]
            if not isinstance(found, UserInfo):  # read from a token that was checked, and no words of the reply beside it
                raise ValueError("there is no token in the reply")
            return Identity(self.settings.issuer, str(found["sub"]))
        except httpx.HTTPError as wrong:
            raise self._out_of_reach() from wrong
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError) as wrong:
            raise Refused(
                f"{self.settings.title} did not say who you are in a way that can be trusted ({type(wrong).__name__}). "
                "Begin again; if it stays so, tell an admin."
            ) from wrong

    async def _know(self) -> None:
        """What the provider says of itself, held to what was configured."""
        said = await self.client.load_server_metadata()
        if said.get("issuer") != self.settings.issuer:
            raise ValueError(f"{said.get('issuer')} is not {self.settings.issuer}")
        signs = said.get("id_token_signing_alg_values_supported") or ()
        said["id_token_signing_alg_values_supported"] = [each for each in signs if each in ALGORITHMS] or ["RS256"]

    def _out_of_reach(self) -> OutOfReach:
        return OutOfReach(f"{self.settings.title} does not answer as it should. Try again in a while, or sign in by a password.")
