"""A page half drawn, for as long as a test wants: what the server sends it is held back from some piece of the page on.

On a busy machine a page stands half drawn for seconds; here it does where, and until, the test says so.
"""

from playwright.sync_api import Page, WebSocketRoute

from tests.support.browsing import until


class HeldFrames:
    """Made before the page is opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.mark: bytes | None = None
        self.held: list[bytes | str] = []
        self.socket: WebSocketRoute | None = None
        page.route_web_socket(lambda url: "/_stcore/stream" in url, self.between)

    def between(self, socket: WebSocketRoute) -> None:
        self.socket, server = socket, socket.connect_to_server()
        socket.on_message(server.send)
        server.on_message(self.pass_on)

    def pass_on(self, frame: bytes | str) -> None:
        assert self.socket is not None
        if self.held or (self.mark and isinstance(frame, bytes) and self.mark in frame):
            self.held.append(frame)
        else:
            self.socket.send(frame)

    def hold(self, words: str) -> None:
        """From the next piece of the page with these words in it on, nothing arrives."""
        self.mark = words.encode()

    def release(self) -> None:
        """All that was held back arrives, and what comes after it; what was to be held back is waited for."""
        until(self.page, lambda: self.held, "something that is held back")
        assert self.socket is not None
        self.mark, held, self.held = None, self.held, []
        for frame in held:
            self.socket.send(frame)
