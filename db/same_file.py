"""A SQLite store whose file is taken away goes on in the open connections: what is written then is in no file, and lost.

So each transaction, and each new connection, first looks whether the file is still the one that was opened. It takes some
microseconds.
"""

import os
import sqlite3
from typing import Any

import sqlalchemy as sa

from touchstone.errors import Refused


class SameFile:
    """The file of a SQLite store, as it was when it was first connected to."""

    def __init__(self, address: sa.URL, **options: Any) -> None:
        names, said = address.get_dialect()().create_connect_args(address)
        self.path, self.options = os.path.abspath(str(names[0])), {**said, **options}
        self.opened: tuple[int, int] | None = None

    def connect(self) -> sqlite3.Connection:
        """A connection; the first makes the file of a new store. Raises Refused where another would be connected to."""
        self.look()
        connection: sqlite3.Connection = sqlite3.connect(self.path, **self.options)
        self.opened = self.opened or self._known_by()
        return connection

    def look(self, *_: object) -> None:
        """Raises Refused once another file is at the path, or none."""
        if self.opened is not None and self._known_by() != self.opened:
            raise Refused(
                "the store's file was removed or replaced while Touchstone was running, so nothing more is read or saved here: "
                "put the file back, or restart Touchstone with the one that is there now"
            )

    def _known_by(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self.path)
        except OSError:
            return None
        return found.st_dev, found.st_ino
