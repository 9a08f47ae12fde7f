"""Files of a few kB or MB made to take the memory of the machine, and what each reader needed for them.

`python -m tests.support.hostile_files FOLDER` reads those written there, and prints a line for each and each reader: its name,
its bytes, and the most memory so far.
"""

import io
import json
import resource
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from tests.support.every_reader import READERS, parquet, workbook

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
STYLES = '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</styleSheet>'
MOST = 4 << 30  # bytes of address space: beyond, the child fails, not the machine


def packed(name: str, content: str) -> bytes:
    """A workbook with one part of it replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as sound, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as folder:
        for each in sound.namelist():
            folder.writestr(each, content if each == name else sound.read(each))
    return made.getvalue()


def _many_texts() -> bytes:
    cells = "<row>" + '<c t="inlineStr"><is><t>{}</t></is></c>'.format("x" * 30_000) * 20 + "</row>"
    return packed("xl/worksheets/sheet1.xml", SHEET.format(f"<sheetData>{cells * 60}</sheetData>"))


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "styles": lambda: packed("xl/styles.xml", STYLES.format("<fonts>" + "<b/>" * 4_000_000 + "</fonts>")),
    "empty cells": lambda: packed("xl/worksheets/sheet1.xml", SHEET.format("<sheetData><row>" + "<c/>" * 13_000_000)),
    "wide rows": lambda: packed(
        "xl/worksheets/sheet1.xml",
        SHEET.format("<sheetData>" + '<row><c r="A1"/><c r="KN1"><v>1</v></c></row>' * 18_000 + "</sheetData>"),
    ),
    "long texts": _many_texts,
    "entities": lambda: packed(
        "xl/worksheets/sheet1.xml", '<!DOCTYPE a [<!ENTITY a "' + "<c/>" * 9000 + '">]>' + SHEET.format("&a;" * 9000)
    ),
}
PARQUETS: dict[str, Callable[[], bytes]] = {
    "blanks": lambda: parquet(**{f"c{place}": pa.nulls(190_000, pa.int32()) for place in range(100)}),
    "one long list": lambda: parquet(id=[1], more=pa.array([[0] * 6_000_000], pa.list_(pa.int8()))),
    "one long text in every row": lambda: parquet(
        text=pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["y" * 500_000]))
    ),
}
TEXTS: dict[str, Callable[[], bytes]] = {
    "bad lines": lambda: b"x\n" * 600_000,
    "records of nothing known": lambda: b'{"a": 1}\n' * 50_000,
    "ragged rows": lambda: b"task_id,text\n" + b"x\n" * 600_000,
    "objects of nothing": lambda: b"[" + b"{}," * 600_000 + b"{}]",
    "lists of nothing": lambda: b'[{"a": [' + b"[]," * 600_000 + b"[]]}]",
    "a field twice": lambda: json.dumps({str(number): 1 for number in range(60_000)}).encode()[:-1] + b', "59999": 2}',
    "a column twice": lambda: ",".join(map(str, [*range(50_000), 49_999])).encode() + b"\n1\n",
    "a label a line": lambda: b"2\n" * 500_000,
    "aliases": lambda: b"a: &a [x,x]\n" + b"".join(b"%c: &%c [*%c,*%c]\n" % (n + 1, n + 1, n, n) for n in range(97, 120)),
}
OF_TEXTS = ("tasks and drafts, JSONL", "tasks and drafts, CSV", "table, CSV", "table, JSON", "labels", "rubric")


# Of two readers that share one beneath them, one.
KINDS = ((WORKBOOKS, ("table, packed",)), (PARQUETS, ("labels",)), (TEXTS, OF_TEXTS))


def write_all(folder: Path) -> None:
    for files, _ in KINDS:
        for name, make in files.items():
            (folder / name).write_bytes(make())


def read_all(folder: Path) -> None:
    """Give each file to each reader that may get it, in one process: the most that it has held by then is told after each."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST, MOST))
    readers = {each.name: each.read for each in READERS}
    for reader in READERS:
        for sample in reader.samples[:2]:
            reader.read(sample)  # for what is imported when it is first needed
    print(json.dumps(["", "", 0, _most()]), flush=True)
    for files, names in KINDS:
        for name in files:
            source = (folder / name).read_bytes()
            for reader in names:
                readers[reader](source)
                print(json.dumps([name, reader, len(source), _most()]), flush=True)


def _most() -> int:
    """The most memory that this process has held, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most


if __name__ == "__main__":
    read_all(Path(sys.argv[1]))
