"""Small forms that a browser posts to our own routes."""

from urllib.parse import parse_qs, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from touchstone.errors import Refused
from ui.base.navigation import rooted

LARGEST_FORM = 8192  # bytes
LONGEST_PATH = 2_000  # characters of where to go after signing in


async def body_of(request: Request, largest: int) -> bytes | None:
    """What a request brings; None where that is more bytes than `largest`, of which no more is read. One that breaks off on its
    way ends there: HTTPException, which nobody is left to read."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > largest:
                return None
    except ClientDisconnect:
        raise HTTPException(400, "The request broke off on its way.") from None
    return body


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a small form; the first value where a field comes twice. Raises Refused for a larger one."""
    body = await body_of(request, LARGEST_FORM)
    if body is None:
        raise Refused(f"This form is larger than {LARGEST_FORM} bytes; use a shorter name.")
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items()}


def local_path(wanted: str) -> str:
    """Where to go after signing in: a path of ours, or the home page for anything that could lead elsewhere."""
    parts = urlsplit(wanted)
    safe = (
        len(wanted) <= LONGEST_PATH
        and wanted.startswith(rooted("/"))
        and not wanted.startswith("//")
        and "\\" not in wanted
        and wanted.isprintable()
    )
    steps = [part.replace("%2e", ".").replace("%2E", ".") for part in parts.path.split("/")]
    stays = not {".", "..", ""} & set(steps[1:-1]) and steps[-1] not in (".", "..")
    return wanted if safe and stays and not parts.scheme and not parts.netloc else rooted("/")
