"""A browser tab as bytes on a websocket, for what no browser would do: a stranger's connection, another's session id."""

from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.support.app_server import AppServer


class RawTab:
    """One open connection; `session` is Streamlit's id of it, known after `rerun`."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection, self.session, self.sent_to = connection, "", ""

    def rerun(self, url: str = "", query: str = "") -> "RawTab":
        """Ask for the page, at an address if need be; returns once its script has run, or the connection was closed."""
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.context_info.url = url
        self.connection.send(asked.SerializeToString())
        while True:
            try:
                got = ForwardMsg.FromString(self.connection.recv(timeout=30))
            except ConnectionClosed:
                return self
            if got.WhichOneof("type") == "new_session":
                self.session = got.new_session.initialize.session_id
            elif got.WhichOneof("type") == "auth_redirect":
                self.sent_to = got.auth_redirect.url
            elif got.WhichOneof("type") == "script_finished":
                return self


@contextmanager
def raw_tab(
    app: AppServer, token: str = "", *, cookie: str = "touchstone", resume: str = "", **headers: str | None
) -> Iterator[RawTab]:
    """A tab of the browser with that sign-in. `resume` is a session id to go on with. `headers` go in as they are, an underscore
    as a hyphen; `origin=None` for none. Raises InvalidStatus where it is not let in."""
    said = {"origin": app.url, **headers}
    plain = {name.replace("_", "-"): value for name, value in said.items() if name != "origin" and value}
    if token:
        plain["Cookie"] = f"{cookie}={token}"
    with connect(
        f"{app.url.replace('http', 'ws', 1)}/_stcore/stream",
        origin=said["origin"],
        additional_headers=plain,
        subprotocols=["streamlit", "none", resume] if resume else ["streamlit"],
        compression=None,
        proxy=None,
        max_size=None,
    ) as connection:
        yield RawTab(connection)


def refused_status(app: AppServer, token: str = "", **headers: str | None) -> int | None:
    """The status with which a connection is refused; None where it is let in."""
    try:
        with raw_tab(app, token, **headers):
            return None
    except InvalidStatus as refused:
        return refused.response.status_code
