"""Tables as people have them: invented tickets with a reply each, in any format."""

import io
import json
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook

COLUMNS = ("ticket", "message", "reply", "plan")
PLANS = ("free", "team")


def row(number: int) -> tuple[str, str, str, str]:
    return (
        f"T-{number}",
        f"Invented question {number}, please help",
        f"Invented answer {number}, with a line\nbreak",
        PLANS[number % 2],
    )


def rows(number: int = 4) -> list[tuple[str, str, str, str]]:
    return [row(each) for each in range(1, number + 1)]


def csv_of(given: Sequence[Sequence[str]], header: Sequence[str] = COLUMNS, separator: str = ",") -> bytes:
    quoted = (separator.join('"' + cell.replace('"', '""') + '"' for cell in each) for each in (header, *given))
    return ("\n".join(quoted) + "\n").encode()


def json_of(given: Sequence[Sequence[str]], header: Sequence[str] = COLUMNS) -> bytes:
    return json.dumps([dict(zip(header, each, strict=True)) for each in given]).encode()


def workbook_of(*sheets: Sequence[Sequence[str | int | float | bool | datetime | None]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for number, given in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet {number}")
        for each in given:
            sheet.append(list(each))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def parquet_of(columns: dict[str, list]) -> bytes:
    import pyarrow
    from pyarrow import parquet

    kept = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), kept)
    return kept.getvalue()
