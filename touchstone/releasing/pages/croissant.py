"""croissant.json of a release: Croissant 1.0 with the keys of its responsible AI vocabulary, over the tables' CSV files.

What a column holds is said flat, one field a column: lists of records within cells crash the readers there are.
"""

from typing import Any

from touchstone.releasing.manifest import Manifest, as_json
from touchstone.releasing.pages.questions import creators
from touchstone.releasing.pages.words import UNNAMED, people_in_words, rounds_in_words, shapes_of, title
from touchstone.releasing.table_files import files_of_table
from touchstone.releasing.tables import BOOLEAN, INTEGER, TEXT, type_of

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
KINDS = {TEXT: "sc:Text", INTEGER: "sc:Integer", BOOLEAN: "sc:Boolean"}
FORMATS = {"csv": "text/csv", "jsonl": "application/jsonlines", "parquet": "application/x-parquet"}
OPEN = "Open: nobody has answered this yet."


def croissant(manifest: Manifest, level: str) -> bytes:
    """The document as bytes. `level`: what the rubric's levels are."""
    terms, answers = manifest.terms, manifest.terms.answers
    named = creators(answers) or [UNNAMED.format(name=terms.name)]

    def said(key: str) -> str:
        return answers.get(key, "").strip() or OPEN

    flagged = ", ".join(terms.flagged) or "none"
    return as_json(
        {
            "@context": CONTEXT,
            "@type": "sc:Dataset",
            "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
            "name": title(terms),
            "description": f"Labels by people under the rubric {terms.rubric.name}, in {rounds_in_words(terms)}, with what of "
            f"them is gold. {terms.policy.policy.in_words()}",
            "version": f"{terms.number}.0.0",
            "datePublished": terms.made_on,
            "license": said("licence"),
            "url": said("address"),
            "creator": [{"@type": "sc:Organization", "name": each} for each in named],
            "citeAs": f"{', '.join(named)} ({terms.made_on[:4]}): {title(terms)}",
            "isLiveDataset": False,
            "rai:dataCollection": said("texts"),
            "rai:dataCollectionType": "Manual Human Curation",
            "rai:dataAnnotationProtocol": f"Each annotator labelled by themselves, without seeing other labels, by the rubric "
            f"{terms.rubric.name} (rubric.yml). {terms.policy.policy.in_words()}",
            "rai:dataAnnotationPlatform": terms.program,
            "rai:dataAnnotationAnalysis": f"report.md and agreement.json; dimensions below their threshold: {flagged}",
            "rai:annotatorDemographics": said("annotators"),
            "rai:personalSensitiveInformation": f"{people_in_words(terms)} {said('personal')}",
            "rai:dataSocialImpact": said("harm"),
            "rai:dataUseCases": said("uses"),
            "rai:dataLimitations": said("not_for"),
            "rai:dataBiases": OPEN,
            "rai:dataReleaseMaintenancePlan": f"A release never changes; a later one takes its place and lists what changed. "
            f"{said('maintainer')}",
            "distribution": _files(manifest),
            "recordSet": [
                {
                    "@type": "cr:RecordSet",
                    "@id": shape.name,
                    "name": shape.name,
                    "description": f"a row: {shape.a_row}",
                    "key": [{"@id": f"{shape.name}/{name}"} for name in shape.key],
                    "field": [
                        {
                            "@type": "cr:Field",
                            "@id": f"{shape.name}/{column.name}",
                            "name": column.name,
                            "description": column.about,
                            "dataType": KINDS[type_of(column, level=level)],
                            "source": {"fileObject": {"@id": f"{shape.name}.csv"}, "extract": {"column": column.name}},
                        }
                        for column in shape.columns
                    ],
                }
                for shape in shapes_of(manifest)
            ],
        }
    )


def _files(manifest: Manifest) -> list[dict[str, Any]]:
    return [
        {
            "@type": "cr:FileObject",
            "@id": name,
            "name": name,
            "contentUrl": name,
            "encodingFormat": FORMATS[name.rsplit(".", 1)[1]],
            "contentSize": f"{manifest.files[name].bytes} B",
            "sha256": manifest.files[name].sha256,
        }
        for table, each in manifest.in_order
        for name in files_of_table(table, each)
    ]
