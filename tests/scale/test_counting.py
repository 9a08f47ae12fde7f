"""Labels counted in a Parquet file: the figures of the same labels in a CSV, and what is refused (make test-scale)."""

import csv
import io
import random

import pyarrow
import pyarrow.parquet
import pytest

from touchstone.agreement.file_report import agreement_of_file
from touchstone.errors import Refused

duckdb = pytest.importorskip("duckdb", reason="the extra scale is not installed: make test-scale")

from touchstone.scale.counting import agreement_of_parquet  # noqa: E402


def labels(units, people, levels, seed, cluster=False):
    """Random labels, some missing, of two dimensions, in no order."""
    chance = random.Random(seed)
    rows = [
        {"draft_id": f"d{unit}", "annotator": name, "dimension": dimension, "value": chance.choice(levels)}
        | ({"cluster": "" if unit % 5 == 0 else f"c{unit // 3}"} if cluster else {})
        for unit in range(units)
        for name in people
        for dimension in ("tone", 'it\'s "odd"')
        if chance.random() < 0.8
    ]
    chance.shuffle(rows)
    return rows


def of_csv(rows, levels, **more):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return agreement_of_file(text.getvalue().encode(), levels, **more).as_json()["dimensions"]


def of_parquet(path, rows, levels, **more):
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path, row_group_size=37)
    return {key: each.as_json() for key, each in agreement_of_parquet(path, levels, **more).items()}


@pytest.mark.parametrize(
    ("people", "levels", "scale", "cluster"),
    [
        (("ana", "ben"), (0, 1, 2, 3), "ordinal", False),
        (("ana", "ben", "o'neil"), ("no", "yes"), "nominal", False),
        (("ana", "ben", "cleo"), (1, 2, 3), "ordinal", True),
        (tuple(f"p{number}" for number in range(70)), (0, 1, 2, 3), "ordinal", False),  # a pattern does not fit in one number
    ],
)
def test_the_figures_of_the_same_labels_in_a_csv(tmp_path, people, levels, scale, cluster):
    rows = labels(90, people, levels, 7, cluster)
    found, expected = (of_parquet(tmp_path / "labels.parquet", rows, levels, scale=scale), of_csv(rows, levels, scale=scale))
    assert list(found) == list(expected)
    for key, report in expected.items():
        for name in ("levels", "annotators", "units", "units_with_two", "clusters"):
            assert found[key][name] == report[name], name
        for mine, theirs in zip(found[key]["pairs"], report["pairs"], strict=True):
            assert mine["table"] == theirs["table"]
            assert mine["kappa"]["unweighted"]["value"] == pytest.approx(theirs["kappa"]["unweighted"]["value"], abs=1e-12)
        for name in ("percent", "fleiss", "conger", "ac1"):
            mine, theirs = found[key]["overall"][name], report["overall"][name]
            assert mine["value"] == pytest.approx(theirs["value"], abs=1e-12), name
            assert mine["low"] == pytest.approx(theirs["low"], abs=0.03) and mine["high"] == pytest.approx(
                theirs["high"], abs=0.03
            )


def test_rows_that_do_not_count_are_passed_over(tmp_path):
    rows = [{**row, "counts": "yes"} for row in labels(30, ("ana", "ben"), (0, 1), 3)]
    without = of_csv(rows, (0, 1))
    rows += [{**row, "value": 7, "counts": "No "} for row in rows[:10]]
    found = of_parquet(tmp_path / "labels.parquet", rows, (0, 1))
    assert found["tone"]["pairs"][0]["table"] == without["tone"]["pairs"][0]["table"]


def test_wrong_rows_are_named_by_number(tmp_path):
    rows = labels(30, ("ana", "ben"), (0, 1), 3)
    for change, said, line in (
        ({"value": 5}, "takes 0 and 1, not 5", 4),
        ({"value": None}, "is blank; leave the row out", 4),
        ({"annotator": " "}, "names no annotator", 4),
        ({"draft_id": None}, "names no unit", 4),
    ):
        with pytest.raises(Refused, match="1 wrong row") as refused:
            of_parquet(tmp_path / "wrong.parquet", [*rows[:3], {**rows[3], **change}, *rows[4:]], (0, 1))
        assert [problem.line for problem in refused.value.problems] == [line]
        assert said in refused.value.problems[0].reason
    with pytest.raises(Refused, match="wrong row") as refused:
        of_parquet(tmp_path / "twice.parquet", [*rows, rows[3]], (0, 1))
    assert [(each.line, "on line 4 already" in each.reason) for each in refused.value.problems] == [(len(rows) + 1, True)]
    with pytest.raises(Refused, match="has no column annotator and value; it has draft_id, dimension"):
        of_parquet(tmp_path / "less.parquet", [{"draft_id": "d", "dimension": "tone"}], (0, 1))
    with pytest.raises(Refused, match="has no rows"):
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows).slice(0, 0), tmp_path / "none.parquet")
        agreement_of_parquet(tmp_path / "none.parquet", (0, 1))


def test_a_unit_of_two_clusters_is_refused(tmp_path):
    rows = labels(30, ("ana", "ben"), (0, 1), 3, cluster=True)
    moved = next(place for place, row in enumerate(rows) if row["cluster"] and rows.count(row))
    with pytest.raises(Refused, match="1 unit at least of two clusters") as refused:
        of_parquet(tmp_path / "two.parquet", [*rows[:moved], {**rows[moved], "cluster": "other"}, *rows[moved + 1 :]], (0, 1))
    assert any("a unit is of one cluster" in each.reason for each in refused.value.problems)


def test_a_file_that_is_none(tmp_path):
    (tmp_path / "no.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(Refused, match="is no Parquet file of labels that can be read"):
        agreement_of_parquet(tmp_path / "no.parquet", (0, 1))


@pytest.mark.parametrize("place", ["value=3", "cluster=all", "dimension=fit", "annotator=Ana", "counts=no", "it's [1] a*? b"])
def test_a_path_is_a_path_and_neither_a_pattern_nor_a_column(tmp_path, place):
    rows = labels(30, ("ana", "ben"), (0, 1), 3)
    (tmp_path / place).mkdir()
    other = of_parquet(tmp_path / "plain.parquet", labels(30, ("yan", "zed"), (0, 1), 4), (0, 1))
    expected = of_parquet(tmp_path / "l1.parquet", rows, (0, 1))
    assert expected != other
    for name in ("l.parquet", "l[1].parquet", "l*.parquet", "l?.parquet"):
        assert of_parquet(tmp_path / place / name, rows, (0, 1)) == expected, name


def test_clusters_are_those_of_units_wherever_a_row_names_them(tmp_path):
    rows = labels(30, ("ana", "ben"), (0, 1), 3, cluster=True)
    once = [{**row, "cluster": row["cluster"] if row["dimension"] == "tone" else ""} for row in rows]
    assert {key: each["clusters"] for key, each in of_parquet(tmp_path / "a.parquet", once, (0, 1)).items()} == {
        key: each["clusters"] for key, each in of_csv(once, (0, 1)).items()
    }


def test_cells_are_trimmed_as_in_a_csv_and_a_nul_is_refused(tmp_path):
    rows = labels(30, ("ana", "ben"), (0, 1), 3)
    spaced = [{**row, "annotator": f"\t{row['annotator']}\u00a0", "value": f"{row['value']}\n", "counts": "yes"} for row in rows]
    spaced += [{**row, "value": "9", "counts": "\tno\u00a0"} for row in spaced[:5]]
    plain = of_parquet(tmp_path / "a.parquet", rows, (0, 1))
    assert {key: each["pairs"][0]["table"] for key, each in of_parquet(tmp_path / "b.parquet", spaced, (0, 1)).items()} == {
        key: each["pairs"][0]["table"] for key, each in plain.items()
    }
    with pytest.raises(Refused) as refused:
        of_parquet(tmp_path / "c.parquet", [{**rows[0], "annotator": "a\0na"}, *rows[1:]], (0, 1))
    assert [(each.line, each.reason) for each in refused.value.problems] == [(1, "the row contains a NUL character; remove it")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"annotator": b"ana"}, "the column annotator of .* holds blobs"),
        ({"annotator": ["ana"]}, "the column annotator of .* holds"),
        ({"Value": 3}, "two columns value|two whose letters differ in case alone|two columns Value"),
        ({"file_row_number": 3}, "a column file_row_number, a name that counting takes"),
    ],
)
def test_columns_that_cannot_be_counted(tmp_path, change, said):
    with pytest.raises(Refused, match=said):
        of_parquet(tmp_path / "a.parquet", [{**row, **change} for row in labels(10, ("ana", "ben"), (0, 1), 3)], (0, 1))


def test_an_encrypted_file_is_said(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PARE" + b"x" * 40 + b"PARE")
    with pytest.raises(Refused, match="is no Parquet file of labels that can be read"):
        agreement_of_parquet(tmp_path / "a.parquet", (0, 1))
