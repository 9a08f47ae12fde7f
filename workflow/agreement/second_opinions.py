"""The second opinion of a report: other libraries compute its figures from the labels themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from touchstone.agreement.report import DimensionReport
from touchstone.agreement.second_opinion import Opinion, second_opinion
from touchstone.data.label import LabelRow
from workflow.agreement.label_rows import LabelTable
from workflow.agreement.pseudonyms import Pseudonyms
from workflow.agreement.report import Report


def with_opinions(report: Report, table: LabelTable | None, names: Pseudonyms) -> Report:
    """The report and those of its annotators, each with its second opinion. `table` None: there are too many labels for one,
    and the opinion says so. `names`: what the report calls those whose labels are compared."""
    rows = [row._replace(annotator=names.of(row.annotator)) for row in table.rows] if table else []
    of_each = {
        name: replace(own, second_opinion=_opinions([row for row in rows if row.annotator in own.annotators], own.dimensions))
        for name, own in report.by_annotator.items()
    }
    return replace(report, second_opinion=_opinions(rows, report.dimensions), by_annotator=of_each)


def _opinions(rows: Sequence[LabelRow], dimensions: Mapping[str, DimensionReport]) -> dict[str, Opinion]:
    by_dimension: dict[str, list[LabelRow]] = {key: [] for key in dimensions}
    for row in rows:
        by_dimension[row.dimension].append(row)
    return {key: second_opinion(by_dimension[key], report) for key, report in dimensions.items()}
