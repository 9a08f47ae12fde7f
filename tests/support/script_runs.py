"""Whether the script behind a page has answered all that the page asked of it, read from the frames between the two.

A click sends a request, and some time later a run of the script begins and `data-test-script-state` says so: on a loaded
machine later than any wait one would choose. The frames say what the page cannot: that a request is still on its way.
"""

from weakref import WeakKeyDictionary

from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


class Runs:
    """The last request of a page for a run, and the last run that began and ended, by the order of their frames."""

    def __init__(self) -> None:
        self.frames = self.asked = self.began = self.ended = 0

    @property
    def are_over(self) -> bool:
        """Also where nothing was asked: of a server that came back a page asks nothing unless it was waiting for a run."""
        return not self.asked or self.asked < self.began < self.ended

    def follow(self, socket: WebSocket) -> None:
        if "/_stcore/stream" not in socket.url:
            return
        self.asked = self.began = self.ended = 0  # a page loaded anew, or a server that came back
        socket.on("framesent", self.sent)
        socket.on("framereceived", self.received)

    def sent(self, frame: bytes | str) -> None:
        self.frames += 1
        if isinstance(frame, bytes) and BackMsg.FromString(frame).WhichOneof("type") == "rerun_script":
            self.asked = self.frames

    def received(self, frame: bytes | str) -> None:
        self.frames += 1
        if not isinstance(frame, bytes):
            return
        match ForwardMsg.FromString(frame).WhichOneof("type"):
            case "new_session":
                self.began = self.frames
            case "script_finished":
                self.ended = self.frames


_runs: WeakKeyDictionary[Page, Runs] = WeakKeyDictionary()


def follow(page: Page) -> None:
    """From the page's making on; needed before `runs_of`."""
    _runs[page] = Runs()
    page.on("websocket", _runs[page].follow)


def runs_of(page: Page) -> Runs:
    return _runs[page]
