"""Labels counted in a Parquet file of any length: what `counts.count_labels` makes of rows at hand, made by DuckDB from a file.

DuckDB comes with the extra `scale` and is imported when a file is counted. It keeps to MEMORY and puts what is more on disk.
"""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from touchstone.agreement.estimation.clusters import Histogram
from touchstone.agreement.label_table import DeclaredDimension
from touchstone.agreement.report import DimensionReport, dimension_report
from touchstone.data.counts import Counts
from touchstone.data.label import COUNTS, UNIT_COLUMNS, VALUE_COLUMNS, Level, Pattern
from touchstone.english import listed, many
from touchstone.errors import Problem, Refused

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "500MB"  # DuckDB's own; the process takes some 100 MB beside it
MOST_ANNOTATORS = 1_000
MOST_PATTERNS = 1_000_000  # different ones, of which figures are made in memory
MOST_CLUSTERS = 1_000_000  # clusters by patterns
MOST_SHOWN = 100  # wrong rows
# What str.strip takes away, as in a CSV.
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
BITS = 126  # of DuckDB's widest integer


class _LabelColumns(NamedTuple):
    """The file's own names of the columns, None where it has none."""

    unit: str
    value: str
    counts: str | None
    cluster: str | None


def is_parquet(path: Path) -> bool:
    """By its first bytes. Raises OSError."""
    with path.open("rb") as file:
        return file.read(4) in (b"PAR1", b"PARE")  # the second: encrypted


def agreement_of_parquet(
    path: Path, levels: Sequence[Level], scale: str = "ordinal", by: str = "position", *, pairs: bool = False
) -> dict[str, DimensionReport]:
    """Every dimension of a Parquet file of labels, one a row: columns, levels and figures as `file_report.agreement_of_file` has
    them. Memory does not grow with the rows, but with annotators and different patterns.

    Raises Refused where DuckDB is not installed, for a file that cannot be read, and with the first wrong rows, numbered from 1:
    no such level, a blank, a label given twice, a unit of two clusters.
    """
    return {
        counts.dimension: dimension_report(counts, None, histograms=histograms, pairs=pairs)
        for counts, histograms in counts_of_parquet(path, levels, scale, by)
    }


def counts_of_parquet(
    path: Path, levels: Sequence[Level], scale: str, by: str = "position"
) -> Iterator[tuple[Counts, list[Histogram] | None]]:
    """The counts of each dimension, in order of first appearance; and the histogram of each cluster, where units share some.
    Raises as `agreement_of_parquet`."""
    try:
        import duckdb
    except ImportError:
        raise Refused("labels in Parquet are counted by DuckDB: install touchstone[scale], or save the table as CSV") from None
    with tempfile.TemporaryDirectory() as folder:
        spill = {"memory_limit": MEMORY, "temp_directory": folder, "preserve_insertion_order": False}
        with duckdb.connect(config=spill) as store:
            try:
                # Under a name of ours: DuckDB takes a path for a pattern, and folders like value=3 for columns.
                alone = Path(folder, "labels.parquet")
                alone.symlink_to(path.resolve())
                yield from _counted(store, path, str(alone), levels, scale, by)
            except duckdb.OutOfMemoryException:
                raise Refused(
                    f"{path} cannot be counted in {MEMORY} and the free space of the disk; split it by dimension"
                ) from None
            except duckdb.Error as wrong:
                said = str(wrong).splitlines()[0][:200]
                raise Refused(f"{path} is no Parquet file of labels that can be read ({said}); write it again") from None


def _counted(
    store: "DuckDBPyConnection", path: Path, file: str, levels: Sequence[Level], scale: str, by: str
) -> Iterator[tuple[Counts, list[Histogram] | None]]:
    columns = _columns(store, path, file)
    store.execute(_words("level_word", list(map(str, levels))))
    store.execute(_view(columns, file))
    if not store.execute("SELECT 1 FROM labels LIMIT 1").fetchall():
        raise Refused(f"{path} has no rows; it needs one label per row")
    _refuse_wrong_rows(store, path, levels)
    if columns.cluster:
        _read_clusters(store, path)
    seats = _seats(store, path)
    for dimension, annotators in seats.items():
        yield _of_dimension(store, path, DeclaredDimension(dimension, scale, tuple(levels)), annotators, columns, by)


def _columns(store: "DuckDBPyConnection", path: Path, file: str) -> _LabelColumns:
    described = store.execute("DESCRIBE SELECT * FROM read_parquet($1, hive_partitioning = false)", [file]).fetchall()
    types = {row[0]: str(row[1]) for row in described}
    if alike := next((name for name in types if name.endswith("_1") and name[:-2].lower() in map(str.lower, types)), None):
        raise Refused(f"{path} has two columns {alike[:-2]}, or two whose letters differ in case alone; rename one of them")
    unit, value = (next((each for each in known if each in types), "") for known in (UNIT_COLUMNS, VALUE_COLUMNS))
    needed = {"task_id": unit, "annotator": "annotator" in types, "dimension": "dimension" in types, "value": value}
    if lacking := [name for name, there in needed.items() if not there]:
        raise Refused(f"{path} has no column {listed(lacking)}; it has {', '.join(list(types)[:12])}")
    if "file_row_number" in types:
        raise Refused(f"{path} has a column file_row_number, a name that counting takes for itself; rename it")
    found = _LabelColumns(unit, value, *(name if name in types else None for name in (COUNTS, "cluster")))
    for name in (unit, "annotator", "dimension", value, found.counts, found.cluster):
        if name and types[name].startswith(("BLOB", "STRUCT", "MAP", "UNION", "BIT")) or name and types[name].endswith("]"):
            raise Refused(f"the column {name} of {path} holds {types[name].split('(')[0].lower()}s; write texts or numbers")
    return found


def _view(columns: _LabelColumns, file: str) -> str:
    """Rows as text, trimmed, as a CSV has them; those that do not count left out."""

    def text(name: str) -> str:
        quoted = name.replace('"', '""')
        return f"""trim(coalesce(CAST("{quoted}" AS VARCHAR), ''), '{_BLANKS}')"""

    counting = f"WHERE lower({text(columns.counts)}) <> 'no'" if columns.counts else ""
    cluster = text(columns.cluster) if columns.cluster else "''"
    file = file.replace("'", "''")
    return (
        f"CREATE TEMP VIEW labels AS SELECT {text(columns.unit)} AS unit, {text('annotator')} AS annotator,"
        f" {text('dimension')} AS dimension, {text(columns.value)} AS value, {cluster} AS cluster, file_row_number + 1 AS line"
        f" FROM read_parquet('{file}', file_row_number = true, hive_partitioning = false) {counting}"
    )


def _refuse_wrong_rows(store: "DuckDBPyConnection", path: Path, levels: Sequence[Level]) -> None:
    wrong = store.execute(
        "SELECT line, unit, annotator, dimension, value FROM labels WHERE unit = '' OR annotator = '' OR dimension = ''"
        " OR TRY_CAST(value AS level_word) IS NULL OR contains(unit || annotator || dimension || cluster, chr(0))"
        " ORDER BY line LIMIT $1",
        [MOST_SHOWN],
    ).fetchall()
    problems = []
    for line, unit, annotator, dimension, value in wrong:
        named = {"unit": unit, "annotator": annotator, "dimension": dimension}
        blank = next((name for name, cell in named.items() if not cell), "")
        if blank:
            problems.append(Problem(line, f"the row names no {blank}; fill it in"))
        elif "\0" in f"{unit}{annotator}{dimension}" or value in map(str, levels):
            problems.append(Problem(line, "the row contains a NUL character; remove it"))
        elif not value:
            problems.append(Problem(line, f"{dimension} is blank; leave the row out where there is no label"))
        else:
            takes = listed(list(map(str, levels)))
            problems.append(Problem(line, f"{dimension} takes {takes}, not {value}; change it, or declare the level"))
    if problems:
        at_least = "at least " if len(problems) == MOST_SHOWN else ""
        raise Refused(f"{path} was not counted: {at_least}{many(len(problems), 'wrong row')}", problems)


def _seats(store: "DuckDBPyConnection", path: Path) -> dict[str, list[str]]:
    """The annotators of each dimension, both in order of first appearance."""
    rows = store.execute(
        "SELECT dimension, annotator, min(line) AS first FROM labels GROUP BY ALL ORDER BY first LIMIT $1", [MOST_ANNOTATORS * 50]
    ).fetchall()
    seats: dict[str, list[str]] = {}
    for dimension, annotator, _ in rows:
        seats.setdefault(dimension, []).append(annotator)
    for dimension, names in seats.items():
        if len(names) > MOST_ANNOTATORS:
            raise Refused(f"{dimension} of {path} has more than {MOST_ANNOTATORS:,} annotators; split the file by groups of them")
    return seats


def _of_dimension(
    store: "DuckDBPyConnection", path: Path, dimension: DeclaredDimension, annotators: list[str], columns: _LabelColumns, by: str
) -> tuple[Counts, list[Histogram] | None]:
    """A pattern is one number where it fits in one, so many bits a seat, 0 for no label; else a list of such numbers."""
    bits = len(dimension.values).bit_length()
    store.execute("DROP TYPE IF EXISTS seat_word")
    store.execute(_words("seat_word", annotators))
    seat, code = "enum_code(CAST(annotator AS seat_word))", "enum_code(CAST(value AS level_word)) + 1"
    fits = bits * len(annotators) <= BITS
    if fits:
        pattern = f"bit_or(CAST({code} AS HUGEINT) << CAST({bits} * {seat} AS INTEGER))"
        people = f"bit_count(bit_or(CAST(1 AS HUGEINT) << CAST({seat} AS INTEGER)))"
    else:
        pattern, people = f"list_sort(list((CAST({seat} AS BIGINT) << {bits}) + {code}))", "count(DISTINCT annotator)"
    counted = (
        f"SELECT unit, {pattern} AS pattern, count(*) AS given, {people} AS people FROM labels WHERE dimension = $1 GROUP BY unit"
    )
    rows = store.execute(
        f"SELECT pattern, count(*), sum(CAST(given <> people AS INT)) FROM ({counted})"
        f" GROUP BY pattern LIMIT {MOST_PATTERNS + 1}",
        [dimension.key],
    ).fetchall()
    if any(twice for _, _, twice in rows):
        raise _doubled(store, path, dimension.key, counted)
    if len(rows) > MOST_PATTERNS:
        raise Refused(f"{dimension.key} of {path} has more than {MOST_PATTERNS:,} different patterns of labels; split the file")
    read = {_pattern(code, bits, len(annotators)): int(number) for code, number, _ in rows}
    units, clusters, histograms = sum(read.values()), sum(read.values()), None
    if columns.cluster:
        clusters, histograms = _clusters(store, path, dimension.key, counted, bits, len(annotators), units)
    return (Counts(dimension.key, dimension.scale, dimension.values, tuple(annotators), read, clusters, by=by), histograms)


def _clusters(
    store: "DuckDBPyConnection", path: Path, dimension: str, by_unit: str, bits: int, seats: int, units: int
) -> tuple[int, list[Histogram] | None]:
    """How many clusters the units are of; and their histograms where they are fewer. A unit without one is one of its own."""
    by_unit = f"SELECT unit, pattern, cluster FROM ({by_unit}) LEFT JOIN cluster_of USING (unit)"
    own = "CASE WHEN cluster IS NULL THEN 'u' || unit ELSE 'c' || cluster END"
    found = store.execute(f"SELECT count(DISTINCT {own}) FROM ({by_unit})", [dimension]).fetchone()
    clusters = int(found[0]) if found else 0
    if clusters == units:
        return clusters, None
    rows = store.execute(
        f"SELECT {own} AS own, pattern, count(*) FROM ({by_unit}) GROUP BY own, pattern LIMIT {MOST_CLUSTERS + 1}", [dimension]
    ).fetchall()
    if len(rows) > MOST_CLUSTERS:
        raise Refused(
            f"{dimension} of {path} has more than {MOST_CLUSTERS:,} clusters by patterns; intervals are drawn in memory:"
            " leave the column cluster out, or split the file"
        )
    histograms: dict[str, dict[Pattern, int]] = {}
    for own_name, pattern, number in rows:
        histograms.setdefault(own_name, {})[_pattern(pattern, bits, seats)] = int(number)
    return clusters, [histograms[name] for name in sorted(histograms)]


def _words(name: str, words: Sequence[str]) -> str:
    """A type of these words, whose places are their codes."""
    quoted = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
    return f"CREATE TEMP TYPE {name} AS ENUM ({quoted})"


def _pattern(code: Any, bits: int, seats: int) -> Pattern:
    given: list[int | None] = [None] * seats
    if isinstance(code, list):
        for each in code:
            given[each >> bits] = (each & (1 << bits) - 1) - 1
        return tuple(given)
    for seat in range(seats):
        if digit := int(code) >> bits * seat & (1 << bits) - 1:
            given[seat] = digit - 1
    return tuple(given)


def _read_clusters(store: "DuckDBPyConnection", path: Path) -> None:
    """The cluster of each unit that has one in some row. Raises Refused for a unit of two."""
    store.execute(
        "CREATE TEMP TABLE cluster_of AS SELECT unit, min(cluster) AS cluster, max(cluster) AS other FROM labels"
        " WHERE cluster <> '' GROUP BY unit"
    )
    rows = store.execute("SELECT unit, cluster, other FROM cluster_of WHERE cluster <> other LIMIT 20").fetchall()
    if rows:
        told = [f"{unit} is of cluster {one} and of {other}; a unit is of one cluster" for unit, one, other in rows]
        problems = [Problem(None, each) for each in told]
        raise Refused(f"{path} was not counted: {many(len(rows), 'unit')} at least of two clusters", problems)


def _doubled(store: "DuckDBPyConnection", path: Path, dimension: str, by_unit: str) -> Refused:
    twice = f"SELECT unit FROM ({by_unit}) WHERE given <> people LIMIT 20"
    units = [row[0] for row in store.execute(twice, [dimension]).fetchall()]
    rows = store.execute(
        "SELECT line, unit, annotator FROM labels WHERE dimension = $1 AND unit IN (SELECT unnest($2)) ORDER BY line",
        [dimension, units],
    ).fetchall()
    first, problems = dict[tuple[str, str], int](), list[Problem]()
    for line, unit, annotator in rows:
        if (before := first.setdefault((unit, annotator), line)) != line:
            problems.append(Problem(line, f"{unit} has {dimension} by {annotator} on line {before} already; keep one"))
    return Refused(f"{path} was not counted: {many(len(problems), 'wrong row')} at least", problems[:MOST_SHOWN])
