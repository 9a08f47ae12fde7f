"""datapackage.json of a release: the tables' CSV files for Frictionless Data, with types, allowed words and references."""

from typing import Any

from touchstone.releasing.manifest import Manifest, as_json
from touchstone.releasing.pages.questions import creators
from touchstone.releasing.pages.words import shapes_of, title
from touchstone.releasing.tables import BOOLEAN, INTEGER, TEXT, ReleaseColumn, Shape, type_of

KINDS = {TEXT: "string", INTEGER: "integer", BOOLEAN: "boolean"}


def datapackage(manifest: Manifest, level: str) -> bytes:
    """The document as bytes. `level`: what the rubric's levels are."""
    terms = manifest.terms
    named, licence = creators(terms.answers), terms.answers.get("licence", "").strip()
    there = {name for name, _ in manifest.in_order}
    return as_json(
        {
            "profile": "tabular-data-package",
            "name": "release",
            "title": title(terms),
            "version": f"{terms.number}.0.0",
            "created": f"{terms.made_on}T00:00:00Z",
            **({"licenses": [{"name": licence}]} if licence and " " not in licence else {}),
            **({"contributors": [{"title": each, "role": "author"} for each in named]} if named else {}),
            "resources": [_resource(manifest, shape, level, there) for shape in shapes_of(manifest)],
        }
    )


def _resource(manifest: Manifest, shape: Shape, level: str, there: set[str]) -> dict[str, Any]:
    file = manifest.files[f"{shape.name}.csv"]
    refers = [
        {"fields": column, "reference": {"resource": table, "fields": column}}
        for column, table in shape.refers.items()
        if table in there
    ]
    return {
        "profile": "tabular-data-resource",
        "name": shape.name,
        "path": f"{shape.name}.csv",
        "description": f"a row: {shape.a_row}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": {
            "fields": [_field(column, level) for column in shape.columns],
            "primaryKey": list(shape.key),
            **({"foreignKeys": refers} if refers else {}),
        },
    }


def _field(column: ReleaseColumn, level: str) -> dict[str, Any]:
    kind = type_of(column, level=level)
    limits = {
        **({} if column.optional else {"required": kind != TEXT}),
        **({"enum": list(column.one_of)} if column.one_of else {}),
    }
    limits = {key: value for key, value in limits.items() if value}
    return {"name": column.name, "type": KINDS[kind], "description": column.about, **({"constraints": limits} if limits else {})}
