"""What the verbs on judges, and on which of two drafts is better, tell a reader."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.support.taught_stub import taught
from workflow.judging import against, two_judges
from workflow.judging.simpo.levels import adapter_levels
from workflow.judging.training import trained_judges
from workflow.preferences import choices_made, pairs_export
from workflow.preferences.pairs_export import PairsAsked
from workflow.preferences.pairs_folder import ExportedPairs
from workflow.preferences.report import preferences_in


def _without_folder(made: ExportedPairs) -> dict[str, Any]:
    return {**made.as_json(), "folder": None}


VIEWS: Mapping[str, Callable[..., Iterable[Callable[[], object]]]] = {
    "preferences.choices_made.choices_in": lambda who, engine, world: iter(
        [lambda: [(of, choices_made.pairs_to_read(of, "overall")) for of in [choices_made.choices_in(who, engine, "which")]]]
    ),
    "preferences.choices_made.pair_drafts": lambda who, engine, world: (
        lambda p=pair: choices_made.pair_drafts(who, engine, "which", str(p)) for pair in range(1, 4)
    ),
    "preferences.choices_made.choices_as_csv": lambda who, engine, world: iter(
        [lambda: choices_made.choices_as_csv(who, engine, "which")]
    ),
    "preferences.report.preferences_in": lambda who, engine, world: iter(
        [lambda: [(made, made.as_json()) for made in [preferences_in(who, engine, "which")]]]
    ),
    "preferences.pairs_export.export_pairs": lambda who, engine, world: (
        lambda s=source: _without_folder(
            pairs_export.export_pairs(who, engine, PairsAsked(s, (), Fraction(1, 10)), Path(mkdtemp()) / "to")
        )
        for source in (
            "gold:pilot",
            "gold:second",
            "set:machine",
            "set:machine/one",
            "round:pilot/ben",
            "set:by task",
            "comparison:which",
        )
    ),
    "judging.simpo.levels.adapter_levels": lambda who, engine, world: (
        lambda p=people: [(made, made.as_json()) for made in [adapter_levels(who, engine, taught(), p)]]
        for people in ("round:pilot", "round:second", "set:by task")
    ),
    "judging.against.judge_against": lambda who, engine, world: (
        lambda p=pair: [(made, made.as_json(), made.sentences) for made in [against.judge_against(who, engine, *p)]]
        for pair in (
            ("set:machine", "round:pilot"),
            ("scorer:tenacious-v1", "round:pilot"),
            ("round:pilot/ben", "round:pilot"),
            ("round:second/cleo", "gold:pilot"),
            ("set:by task", "round:second"),
        )
    ),
    "judging.two_judges.compare_judges": lambda who, engine, world: (
        lambda p=pair: [(made, made.as_json()) for made in [two_judges.compare_judges(who, engine, *p)]]
        for pair in (("set:machine", "round:pilot/ben", "round:pilot"), ("gold:pilot", "round:second/cleo", "round:second"))
    ),
    "judging.training.trained_judges.trained_judges": lambda who, engine, world: [
        lambda: [(each, each.as_json(), each.stands) for each in trained_judges.trained_judges(who, engine)]
    ],
}
