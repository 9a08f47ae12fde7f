"""Whether a request comes from a page of ours, told by its headers alone."""

from starlette.datastructures import Headers
from starlette.types import Scope

from ui.base.navigation import rooted
from workflow.people.public_url import PublicUrl
from workflow.people.this_machine import is_loopback_address, is_loopback_host

SAFE = ("GET", "HEAD", "OPTIONS")
# Below server.baseUrlPath, in team mode: what is asked by a machine, which has an address for this process and no name. They tell
# nothing of anybody's work (web/watching/probes.py, web/watching/metrics.py).
ANY_NAME = ("/health", "/health/live", "/health/ready", "/metrics")
WEB_SCHEMES = {"ws": "http", "wss": "https"}


def foreign(scope: Scope, public: PublicUrl | None, *, has_cookie: bool) -> str | None:
    """Why this request is refused, as a sentence; None when it is one of ours.

    - in local mode the socket must have been reached on a loopback address, whatever the configuration said;
    - the Host header must name this Touchstone (in local mode a foreign name that resolves here is DNS rebinding), but for what
      is asked of each process by itself;
    - whatever changes something, and every websocket, must come from a page of this very scheme, host and port.
    """
    headers = Headers(scope=scope)
    return _wrong_host(scope, headers.get("host", ""), public) or _wrong_origin(scope, headers, public, has_cookie)


def _wrong_host(scope: Scope, host: str, public: PublicUrl | None) -> str | None:
    if public is not None:
        is_ours = _is_host(host, public) or scope["path"] in map(rooted, ANY_NAME)
        return None if is_ours else f"Touchstone answers to {public.host}, not to “{host}”."
    if scope.get("server") is not None and not is_loopback_address(scope["server"][0]):
        return f"Touchstone in local mode answers on this machine only, not on {scope['server'][0]}."
    if not is_loopback_host(host):
        return f"Touchstone in local mode answers to localhost or 127.0.0.1, not to “{host}”."
    return None


def _is_host(host: str, public: PublicUrl) -> bool:
    usual = ":443" if public.is_secure else ":80"
    return host.lower().removesuffix(usual) == public.host


def _wrong_origin(scope: Scope, headers: Headers, public: PublicUrl | None, has_cookie: bool) -> str | None:
    is_websocket = scope["type"] == "websocket"
    if not is_websocket and scope["method"] in SAFE:
        return None
    origin, host = headers.get("origin"), headers.get("host", "")
    ours = public.origin if public else f"{WEB_SCHEMES.get(scope['scheme'], scope['scheme'])}://{host}"
    if origin is not None and origin != ours:
        return (
            f"This request comes from a page of “{origin}”, not from Touchstone at “{ours}”. "
            "Open Touchstone itself and try there."
        )
    if origin is None and headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return "This request comes from a page of another site. Open Touchstone itself and try there."
    # A browser always names the page that opens a websocket: what brings somebody's cookie and names none is no browser.
    if origin is None and is_websocket and has_cookie:
        return "This connection does not say which page it comes from. Open Touchstone itself and try there."
    return None


def asks_for_a_document(scope: Scope) -> bool:
    """Whether somebody opens an address or sends a form, rather than a page that asks for a part of itself."""
    headers = Headers(scope=scope)
    mode = headers.get("sec-fetch-mode")
    return mode == "navigate" if mode else "text/html" in headers.get("accept", "")
