"""Labels of files too large to hold, in a database of their own that is gone with this object: what of them is asked of all.

It is no store: a file without a name of SQLite, whichever database the store is. Rows come in the order of the files, and each
question is answered from an index, so memory is that of one part.
"""

import sqlite3
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from touchstone.data.label import LabelRow
from touchstone.importing.same_form import form_of

AT_ONCE = 5_000  # rows in hand at a time
TABLES = """
    CREATE TABLE labels (
        place INTEGER PRIMARY KEY, file INTEGER, line INTEGER, unit TEXT, annotator TEXT, dimension TEXT, value, task TEXT
    );
    CREATE TABLE waiting (place INTEGER PRIMARY KEY, unit TEXT, annotator TEXT);
    CREATE TABLE units (unit TEXT PRIMARY KEY, form TEXT, first INTEGER, stored INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
    CREATE TABLE clusters (dimension TEXT, cluster TEXT, PRIMARY KEY (dimension, cluster)) WITHOUT ROWID;
"""
FAST = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -16000", "temp_store = FILE")
GIVEN = "SELECT unit, annotator, place FROM labels UNION ALL SELECT unit, annotator, place FROM waiting"


class AgainOnDisk(NamedTuple):
    """A label whose annotator has one for the unit and dimension already, before it: in which file and line."""

    file: int
    line: int | None
    unit: str
    annotator: str
    dimension: str
    first_file: int
    first_line: int | None


class LabelsOnDisk:
    """The labels of several files. `add` takes them; `settle` comes after the last; then they may be asked."""

    def __init__(self) -> None:
        self._there = sqlite3.connect("", isolation_level=None)
        weakref.finalize(self, self._there.close)
        for each in FAST:
            self._there.execute(f"PRAGMA {each}")
        self._there.executescript(TABLES)
        self._there.execute("BEGIN")  # one transaction for as long as it is there: nothing is to be kept
        self._there.create_function("form_of", 1, form_of, deterministic=True)
        self._places = 0

    def close(self) -> None:
        self._there.close()

    def add(self, file: int, rows: Sequence[LabelRow], lines: Sequence[int | None], tasks: dict[str, str]) -> None:
        """Some labels of a file, each with its line; `tasks`: of units, where the file says them."""
        self._there.executemany(
            "INSERT INTO labels VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (place, file, line, *row, tasks.get(row.unit))
                for place, (row, line) in enumerate(zip(rows, lines, strict=True), start=self._places)
            ),
        )
        self._places += len(rows)

    def add_waiting(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Units and annotators of labels that wait for an answer."""
        for part in _parts(pairs):
            self._there.executemany(
                "INSERT INTO waiting VALUES (?, ?, ?)", ((place, *pair) for place, pair in enumerate(part, start=self._places))
            )
            self._places += len(part)

    def settle(self) -> None:
        """All labels are in."""
        self._there.execute("CREATE INDEX by_cell ON labels (unit, annotator, dimension, place)")

    # Twice

    def twice_in_a_file(self, most: int) -> list[AgainOnDisk]:
        """Labels that a file has a second time, `most` of them at most; they are taken out."""
        found = self._twice("labels.file = first.file", most)
        if found:
            self._there.execute(
                "DELETE FROM labels WHERE EXISTS (SELECT 1 FROM labels first WHERE first.unit = labels.unit "
                "AND first.annotator = labels.annotator AND first.dimension = labels.dimension "
                "AND first.file = labels.file AND first.place < labels.place)"
            )
        return found

    def twice(self, most: int) -> list[AgainOnDisk]:
        """Labels of a cell that has one by the same annotator already, in whichever file, `most` of them at most."""
        return self._twice("true", most)

    def _twice(self, where: str, most: int) -> list[AgainOnDisk]:
        query = f"""
            SELECT labels.file, labels.line, labels.unit, labels.annotator, labels.dimension, first.file, first.line
            FROM (
                SELECT unit, annotator, dimension FROM labels GROUP BY unit, annotator, dimension HAVING count(*) > 1
            ) cell
            JOIN labels USING (unit, annotator, dimension)
            JOIN labels first ON first.place = (
                SELECT min(other.place) FROM labels other WHERE other.unit = labels.unit AND other.annotator = labels.annotator
                AND other.dimension = labels.dimension AND ({where.replace("first.", "other.")})
            )
            WHERE labels.place <> first.place ORDER BY labels.place LIMIT ?
        """
        return [AgainOnDisk(*row) for row in self._there.execute(query, (most,))]

    # Units and annotators

    def annotators(self, *, with_waiting: bool = False) -> list[str]:
        """Who gave labels, in the order they come."""
        given = f"({GIVEN})" if with_waiting else "labels"
        return [who for who, _ in self._there.execute(f"SELECT annotator, min(place) FROM {given} GROUP BY annotator ORDER BY 2")]

    def look_up_units(self, stored: Callable[[Sequence[str]], Iterable[str]], every_id: Callable[[], Iterable[str]]) -> None:
        """Note every unit and its form, whether it is `stored` (asked some at a time), and what else is there of one form with a
        unit that is not."""
        self._there.execute(
            f"INSERT INTO units (unit, form, first) SELECT unit, form_of(unit), min(place) FROM ({GIVEN}) GROUP BY unit"
        )
        for part in self._units():
            self._there.executemany("UPDATE units SET stored = 1 WHERE unit = ?", ((unit,) for unit in stored(part)))
        self._there.execute("CREATE INDEX by_form ON units (form)")
        if self._one("SELECT EXISTS (SELECT 1 FROM units WHERE NOT stored)"):
            for part in _parts(every_id()):
                self._there.executemany(
                    "INSERT OR IGNORE INTO units SELECT ?1, ?2, ?3, 2 WHERE EXISTS "
                    "(SELECT 1 FROM units WHERE form = ?2 AND NOT stored)",
                    ((name, form_of(name), self._places) for name in part),
                )

    def _units(self) -> Iterator[list[str]]:
        last = ""
        while part := [
            unit
            for (unit,) in self._there.execute(f"SELECT unit FROM units WHERE unit > ? ORDER BY unit LIMIT {AT_ONCE}", (last,))
        ]:
            yield part
            last = part[-1]

    def units_of_one_form(self, most: int) -> tuple[list[list[str]], int]:
        """Units, with those of the store, that have one form and several spellings: `most` of these groups, and how many there
        are."""
        groups = "SELECT form, min(first) AS first FROM units GROUP BY form HAVING count(*) > 1"
        number = self._one(f"SELECT count(*) FROM ({groups})")
        forms = [form for form, _ in self._there.execute(f"{groups} ORDER BY first LIMIT ?", (most,))]
        return [[name for name, _ in self._of_form(form)] for form in forms], number

    def call_units_alike(self) -> None:
        """Each group of `units_of_one_form` goes by one name: that of the store, else the first."""
        groups = "SELECT form FROM units GROUP BY form HAVING count(*) > 1"
        for (form,) in self._there.execute(groups).fetchall():
            names = self._of_form(form)
            chosen = next((name for name, stored in names if stored), names[0][0])
            self.call({name: chosen for name, _ in names}, "unit")

    def _of_form(self, form: str) -> list[tuple[str, int]]:
        return self._there.execute("SELECT unit, stored FROM units WHERE form = ? ORDER BY first, unit", (form,)).fetchall()

    def call(self, names: dict[str, str], what: str) -> None:
        """Units or annotators (`what`) by other names."""
        changed = [(new, old) for old, new in names.items() if new != old]
        self._there.executemany(f"UPDATE labels SET {what} = ? WHERE {what} = ?", changed)

    def first_units(self, annotators: Sequence[str], most: int) -> list[tuple[str, list[str]]]:
        """Of each of these annotators the first units."""
        query = "SELECT unit, min(place) FROM labels WHERE annotator = ? GROUP BY unit ORDER BY 2 LIMIT ?"
        return [(who, [unit for unit, _ in self._there.execute(query, (who, most))]) for who in annotators]

    # All of them

    def rows(self) -> Iterator[LabelRow]:
        """Every label, as they came."""
        for row in self._there.execute("SELECT unit, annotator, dimension, value FROM labels ORDER BY place"):
            yield LabelRow(*row)

    def first_of_file(self, file: int, most: int) -> tuple[list[LabelRow], int, list[str]]:
        """The first labels of a file, how many it has, and by whom."""
        rows = self._there.execute(
            "SELECT unit, annotator, dimension, value FROM labels WHERE file = ? ORDER BY place LIMIT ?", (file, most)
        )
        who = self._there.execute(
            "SELECT annotator, min(place), count(*) FROM labels WHERE file = ? GROUP BY annotator ORDER BY 2", (file,)
        ).fetchall()
        return [LabelRow(*row) for row in rows], sum(number for _, _, number in who), [name for name, _, _ in who]

    def tasks(self) -> dict[str, str]:
        """The task of each unit of which a file says it, the last word of it."""
        return dict(self._there.execute("SELECT unit, task FROM labels WHERE task IS NOT NULL ORDER BY place"))

    def by_unit(self) -> Iterator[tuple[str, list[LabelRow]]]:
        """Each unit with its labels, in the order of units."""
        rows = self._there.execute("SELECT unit, annotator, dimension, value FROM labels ORDER BY unit, annotator, dimension")
        for unit, group in groupby(map(LabelRow._make, rows), key=lambda row: row.unit):
            yield unit, list(group)

    def note_clusters(self, found: Iterable[tuple[str, str]]) -> None:
        """Dimensions, and clusters in which they have labels."""
        self._there.executemany("INSERT OR IGNORE INTO clusters VALUES (?, ?)", found)

    def clusters(self) -> dict[str, int]:
        """How many of `note_clusters` each dimension has."""
        return dict(self._there.execute("SELECT dimension, count(*) FROM clusters GROUP BY dimension"))

    def _one(self, query: str) -> Any:
        return self._there.execute(query).fetchone()[0]


def _parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The values some thousands at a time."""
    part = []
    for value in values:
        part.append(value)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part
