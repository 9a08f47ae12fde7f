"""Releases read by the tools that others read them with: `make test-release`. They have a virtual environment of their own, as
their requirements are not those of the app; this file runs in it and imports nothing of ours.

`TOUCHSTONE_RELEASE_FOLDERS` names folders of releases, which tests/releasing/write_releases.py writes.
"""

import json
import os
from pathlib import Path

import pytest

FOLDERS = [Path(each) for each in os.environ.get("TOUCHSTONE_RELEASE_FOLDERS", "").split(os.pathsep) if each]
pytestmark = pytest.mark.skipif(not FOLDERS, reason="with `make test-release` alone: it takes tools the app does not have")
every_release = pytest.mark.parametrize("folder", FOLDERS or [None], ids=lambda each: each.name if each else "none")


def tables(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text("utf-8"))["tables"]


def lines(folder: Path, table: str) -> list[dict]:
    return [json.loads(line) for line in (folder / f"{table}.jsonl").read_text("utf-8").splitlines()]


@every_release
def test_datasets_loads_every_config_and_split(folder, tmp_path, monkeypatch):
    from datasets import get_dataset_config_names, load_dataset

    assert sorted(get_dataset_config_names(str(folder))) == sorted(tables(folder))
    for name, terms in tables(folder).items():
        loaded = load_dataset(str(folder), name, cache_dir=str(tmp_path))
        assert {split: len(rows) for split, rows in loaded.items()} == {
            split: each["rows"] for split, each in terms["splits"].items()
        }
        here = sorted(json.dumps(row, sort_keys=True) for rows in loaded.values() for row in rows.to_list())
        assert here == sorted(json.dumps(row, sort_keys=True) for row in lines(folder, name)), name
    by_default = load_dataset(str(folder), cache_dir=str(tmp_path))
    assert sum(map(len, by_default.values())) == tables(folder)["gold"]["rows"]


@every_release
def test_croissant_gives_every_record_of_every_record_set(folder):
    from mlcroissant import Dataset

    found = Dataset(jsonld=str(folder / "croissant.json"))
    assert not found.metadata.ctx.issues.errors and not found.metadata.ctx.issues.warnings
    names = [each.name for each in found.metadata.record_sets]
    assert sorted(names) == sorted(tables(folder))
    for name in names:
        records = list(found.records(name))
        wanted = lines(folder, name)
        assert len(records) == len(wanted)
        for record, row in zip(records, wanted, strict=True):
            for column, cell in row.items():
                given = record[f"{name}/{column}"]
                given = given.decode() if isinstance(given, bytes) else given
                if cell is None:
                    assert given is None or given != given or given == "", (name, column, given)
                elif isinstance(cell, str):
                    assert given == cell or given == f"'{cell}", (name, column, given)
                else:
                    assert given == cell, (name, column, given)


@every_release
def test_croissant_speaks_of_nothing_that_is_not_there(folder):
    document = json.loads((folder / "croissant.json").read_text("utf-8"))
    known = {
        "dataCollection", "dataCollectionType", "dataAnnotationProtocol", "dataAnnotationPlatform", "dataAnnotationAnalysis",
        "annotatorDemographics", "personalSensitiveInformation", "dataSocialImpact", "dataUseCases", "dataLimitations",
        "dataBiases", "dataReleaseMaintenancePlan",
    }  # fmt: skip
    assert {key.removeprefix("rai:") for key in document if key.startswith("rai:")} == known
    for each in document["distribution"]:
        assert (folder / each["contentUrl"]).is_file() and len(each["sha256"]) == 64


@every_release
def test_frictionless_finds_the_package_valid(folder):
    from frictionless import Package

    report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:5]


@every_release
def test_frictionless_finds_a_changed_cell(folder, tmp_path):
    import shutil

    from frictionless import Package

    copy = shutil.copytree(folder, tmp_path / "copy")
    text = (copy / "gold.csv").read_text("utf-8")
    (copy / "gold.csv").write_text(text.replace(",agreed,", ",nobody,", 1), "utf-8")
    assert not Package(str(copy / "datapackage.json")).validate().valid


@every_release
def test_the_citation_has_what_its_format_requires(folder):
    import yaml

    found = yaml.safe_load((folder / "CITATION.cff").read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(found) and found["cff-version"] == "1.2.0"
    assert all(set(each) == {"name"} for each in found["authors"]) and found["type"] == "dataset"
