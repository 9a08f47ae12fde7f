"""No white page before the first is drawn in the dark look: the document says at once that it comes in either."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Streamlit's own document says nothing of it: for as long as its program loads (0.45 s on the same machine) a browser in the dark
# look showed a white page, at each address that was opened anew.
EITHER_LOOK = b'<meta name="color-scheme" content="light dark">'


class FirstPaint:
    """Puts the line into the head of each document that a browser opens; whatever else it asks for goes through untouched."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = scope.get("headers", [])
        if scope["type"] != "http" or (b"sec-fetch-dest", b"document") not in headers:
            await self.app(scope, receive, send)
            return
        # Packed, it could not be written into; it is 8 kB.
        plain = {**scope, "headers": [pair for pair in headers if pair[0] != b"accept-encoding"]}
        await self.app(plain, receive, with_either_look(send))


def with_either_look(send: Send) -> Send:
    """`send`, by which the first piece of an HTML document has the line in its head."""
    waiting: list[Message] = []

    async def send_with_either_look(message: Message) -> None:
        if message["type"] == "http.response.start" and is_page(message):
            waiting.append(message)
            return
        if waiting:
            start, body = waiting.pop(), message.get("body", b"")
            more = body.replace(b"<head>", b"<head>" + EITHER_LOOK, 1)
            await send(longer(start, len(more) - len(body)))
            message = {**message, "body": more}
        await send(message)

    return send_with_either_look


def is_page(start: Message) -> bool:
    headers = dict(start.get("headers", []))
    return start["status"] == 200 and headers.get(b"content-type", b"").startswith(b"text/html")


def longer(start: Message, by: int) -> Message:
    headers = [
        (name, str(int(value) + by).encode()) if name.lower() == b"content-length" else (name, value)
        for name, value in start.get("headers", [])
    ]
    return {**start, "headers": headers}
