"""The security headers on every answer."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import streamlit as st
from starlette.types import Message, Send


def hash_of(text: str) -> str:
    """How a content security policy names an inline script or style."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


# What Streamlit's frontend needs, found by trying without: inline styles (emotion, and the style of a page), a module
# from a blob (components.v2), images and fonts from data and blob, and its own inline script, known by its hash.
INLINE_SCRIPTS = " ".join(
    hash_of(script)
    for script in re.findall(r"<script>(.*?)</script>", (Path(st.__file__).parent / "static" / "index.html").read_text(), re.S)
)
OF_THE_APP = "; ".join(
    (
        "default-src 'self'",
        f"script-src 'self' blob: {INLINE_SCRIPTS}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
POLICY = b"content-security-policy"
HEADERS = [
    (POLICY, OF_THE_APP.encode()),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


def with_headers(send: Send, *, secure: bool, is_kept: bool = True) -> Send:
    """`send`, by which every answer has the headers, and where `secure` (https) each cookie the flag, Streamlit's own too. What
    is not `is_kept` stays in no cache: a browser would have it after Sign out, and a shared one hand it to others."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            more = [] if is_kept else [(b"cache-control", b"private, no-store")]
            message = {**message, "headers": headers_of(message.get("headers", []), secure) + more}
        await send(message)

    return send_with_headers


def headers_of(sent: list[tuple[bytes, bytes]], secure: bool) -> list[tuple[bytes, bytes]]:
    mine = {name for name, _ in HEADERS} - {POLICY}  # a document of our own says a stricter one
    kept = [(name.lower(), value) for name, value in sent if name.lower() not in mine]
    if secure:
        kept = [(name, only_over_https(value) if name == b"set-cookie" else value) for name, value in kept]
    said = {name for name, _ in kept}
    return kept + [(name, value) for name, value in HEADERS if name not in said]


def only_over_https(cookie: bytes) -> bytes:
    return cookie if b"; secure" in cookie.lower() else cookie + b"; Secure"
