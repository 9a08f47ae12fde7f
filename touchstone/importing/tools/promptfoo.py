"""promptfoo: the JSON and JSONL of `promptfoo eval --output`, assertions with a metric.

Shape, from its documentation (output formats, assertions): results of `{"vars": {…}, "provider": {"id"}, "testIdx", "promptIdx",
"success", "gradingResult": {"pass", "score", "reason", "componentResults": [{"pass", "score", "reason", "assertion": {"type",
"metric", "provider"}}]}, "namedScores": {metric: score}}`. An assertion's metric is the dimension; one without is of the
dimension that is said. The unit is what `vars` name, else the test's number, with provider and prompt where a test has several
outputs.
No person gives these scores; most run from 0 to 1, so what they mean on a scale with other levels is asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from touchstone.files.json_records import Record
from touchstone.files.table_rows import as_text
from touchstone.importing.contract import ImportedFile, Names, RawLabel

HERSELF = "promptfoo"


class Graded(NamedTuple):
    """One score of one output: by which metric ("" for none), and by whom."""

    metric: str
    by: str
    score: Any
    passed: Any


def is_promptfoo(record: Mapping[str, Any]) -> bool:
    return isinstance(record.get("vars"), dict) and bool({"gradingResult", "namedScores", "testIdx"} & record.keys())


def read_promptfoo(records: Sequence[Record], names: Names, file: ImportedFile) -> None:
    outputs: dict[str, dict[str, None]] = {}
    for _, record in records:
        outputs.setdefault(_unit(record, names)[1], {}).setdefault(_output(record))
    several = any(len(each) > 1 for each in outputs.values())
    units: dict[str, None] = {}
    metrics: dict[str, None] = {}
    graders: dict[str, None] = {}
    for line, record in records:
        field, unit = _unit(record, names)
        units.setdefault(field)
        if record.get("error") and not isinstance(record.get("gradingResult"), dict):
            file.pass_over("results with an error")
            continue
        for graded in _graded(record):
            metrics.setdefault(graded.metric)
            graders.setdefault(graded.by)
            called = (f"{unit} {_output(record)}" if several else unit, f"the test's {field}")
            ids = file.unit_and_annotator(line, called, (graded.by, "the grader's name"), "the result names no test")
            if graded.metric and names.key(graded.metric) is None:
                file.leave_out(graded.metric)
            elif ids and (graded.metric or not any(each.metric for each in _graded(record))):
                name = graded.metric or names.bare
                passed = ("pass" if graded.passed else "fail",) if isinstance(graded.passed, bool) else ()
                texts = (*((as_text(graded.score),) if graded.score is not None else ()), *passed)
                file.answers.append(RawLabel(*ids, name, texts, line, graded.metric or "score", is_share=True))
    file.machines = tuple(graders)
    if graders:
        file.remarks.append(f"no person gave these labels: {', '.join(graders)} did")
    file.list_fields(units, ("the assertion’s provider",), [each for each in metrics if each], names)


def _unit(record: Mapping[str, Any], names: Names) -> tuple[str, str]:
    test = record.get("testCase")
    test = test if isinstance(test, dict) else {}
    named = names.unit_of(("vars.", record.get("vars")), ("metadata.", test.get("metadata")))
    field, unit = named or ("testIdx", record.get("testIdx", test.get("description", record.get("id", ""))))
    return field, as_text(unit)


def _output(record: Mapping[str, Any]) -> str:
    """Which of a test's outputs this is: by provider and prompt."""
    provider = record.get("provider")
    called = provider.get("label") or provider.get("id") if isinstance(provider, dict) else provider
    return " ".join(text for text in (as_text(called), as_text(record.get("promptIdx"))) if text)


def _graded(record: Mapping[str, Any]) -> Iterator[Graded]:
    result = record.get("gradingResult")
    result = result if isinstance(result, dict) else {}
    seen = set()
    for each in result.get("componentResults") or ():
        assertion = each.get("assertion") if isinstance(each, dict) else None
        if isinstance(assertion, dict) and (metric := as_text(assertion.get("metric"))):
            seen.add(metric)
            provider = assertion.get("provider")
            by = as_text(provider.get("id")) if isinstance(provider, dict) else as_text(provider)
            yield Graded(metric, by or HERSELF, each.get("score"), each.get("pass"))
    named = record.get("namedScores") or result.get("namedScores")
    for metric, score in named.items() if isinstance(named, dict) else ():
        if metric not in seen:
            seen.add(metric)
            yield Graded(metric, HERSELF, score, None)
    if not seen and ("score" in result or "score" in record):
        yield Graded("", HERSELF, result.get("score", record.get("score")), result.get("pass", record.get("success")))
