"""The sign-in cookie: out of reach of scripts, for this Touchstone alone, and over https for nothing else."""

from typing import Any

from starlette.responses import Response

from ui.base.session import signed_in
from workflow.people.public_url import public_url


def _flags() -> dict[str, Any]:
    public = public_url()
    return {
        "httponly": True,
        "samesite": "lax",
        "secure": public is not None and public.is_secure,
        "path": (public.prefix if public and public.is_secure else "") or "/",
    }


def attempt_cookie() -> str:
    """What the cookie is called that tells a browser's own attempts to sign in with a provider."""
    return f"{signed_in.cookie_name()}-attempt"


def keep_attempt(response: Response, browser: str) -> None:
    response.set_cookie(attempt_cookie(), browser, max_age=600, **_flags())


def keep_signed_in(response: Response, token: str) -> None:
    response.set_cookie(signed_in.cookie_name(), token, max_age=signed_in.STAYS_SIGNED_IN, **_flags())


def drop_sign_in(response: Response) -> None:
    response.delete_cookie(signed_in.cookie_name(), **_flags())
