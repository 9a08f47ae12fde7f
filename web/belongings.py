"""Which tab and which file is whose: known by what was sent to whom.

Streamlit serves `/media/…` to whoever knows an address, makes a deferred download for whoever knows its id, and takes uploads
into any open tab. So in team mode the guard reads what goes out to each person's tab: its session id, and the addresses and ids
of its download buttons. What was sent to nobody of that name does not exist for them. Texts on a page are not read, so nobody
is given a file by typing its address.
"""

from collections import OrderedDict

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.types import Message, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from ui.base.navigation import rooted
from workflow.people.people import Person

MOST = 5_000  # ids of one person kept in mind: each time a page is drawn its buttons get others, and the oldest are forgotten
MEDIA, UPLOADS = "/media/", "/_stcore/upload_file/"


def _tag(field: int) -> bytes:
    """How a field that holds a message begins in protobuf's bytes."""
    number, said = field << 3 | 2, []
    while number > 127:
        said.append(number & 127 | 128)
        number >>= 7
    return bytes([*said, number])


# A message without these has no address and no id in it: it is not read.
_BUTTON = _tag(Element.DESCRIPTOR.fields_by_name["download_button"].number)
_FILE = MEDIA.encode()


class Belongings:
    """By person (their id) what is theirs: sessions, files and deferred downloads, by kind and id."""

    def __init__(self) -> None:
        self._of: dict[int, OrderedDict[tuple[str, str], None]] = {}

    def to_tab_of(self, person: Person, send: Send) -> Send:
        """`send` of a tab of this person, noting what is sent."""
        has_session = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_session
            content = message.get("bytes") or b""
            if message["type"] == "websocket.send" and (not has_session or _BUTTON in content or _FILE in content):
                has_session = self._note(person, content) or has_session
            await send(message)

        return send_and_note

    def _note(self, person: Person, content: bytes) -> bool:
        """Note what is in one message; whether it named the session."""
        try:
            sent = ForwardMsg.FromString(content)
        except DecodeError:
            return False
        match sent.WhichOneof("type"):
            case "new_session":
                self._keep("session", sent.new_session.initialize.session_id, person)
                return True
            case "delta" if sent.delta.new_element.WhichOneof("type") == "download_button":
                button = sent.delta.new_element.download_button
                self._keep("file", file_of(button.url), person)
                self._keep("deferred", button.deferred_file_id, person)
            case "backend_operation_response":
                self._keep("file", file_of(sent.backend_operation_response.deferred_file.url), person)
        return False

    def _keep(self, kind: str, of: str, person: Person) -> None:
        if not of:
            return
        theirs = self._of.setdefault(person.id, OrderedDict())
        theirs[kind, of] = None
        theirs.move_to_end((kind, of))
        if len(theirs) > MOST:
            theirs.popitem(last=False)

    def _has(self, person: Person, kind: str, of: str) -> bool:
        return (kind, of) in self._of.get(person.id, ())

    def is_anothers(self, person: Person, scope: Scope) -> bool:
        """Whether an address is of a file or of a tab, and not of this person's."""
        base = rooted("")
        below = scope["path"].removeprefix(base) if scope["path"].startswith(base) else ""
        if below.startswith(MEDIA):
            return not self._has(person, "file", file_of(below))
        if below.startswith(UPLOADS):
            return not self._has(person, "session", below.removeprefix(UPLOADS).partition("/")[0])
        return False

    def asks_for_anothers(self, person: Person, asked: BackMsg) -> bool:
        """Whether a message of a tab asks for a deferred download that is not this person's."""
        if asked.WhichOneof("type") != "backend_operation_request":
            return False
        asks = asked.backend_operation_request
        return asks.WhichOneof("payload") == "deferred_file" and not self._has(person, "deferred", asks.deferred_file.file_id)


def file_of(address: str) -> str:
    """The id of the file at an address of `/media/`: its last part, without the ending; "" of no address."""
    return address.rpartition("/")[2].partition(".")[0]
