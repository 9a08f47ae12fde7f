"""Drafts under version 3 of the rubric, for tests of kinds of wording: invented tasks, the level of a text, its findings."""

from pathlib import Path

from touchstone.rubric.reading import read_rubric
from touchstone.scorer.scoring import Scorer

SCORER = Scorer(read_rubric(Path(__file__).resolve().parents[2] / "rubric_versions" / "tenacious-v3.yml"))

SPLIT = "Company: Larkspur Robotics. Open engineering roles: 6 (2 Python, 3 DevOps). Employee count: 64."
PLAIN = "Company: Larkspur Robotics. Open engineering roles: 6."
MEDIUM = " AI maturity score: 1 (confidence: 0.7, medium). Layoff signal: none."
SURE = " AI maturity score: 1 (confidence: 0.9, high). Layoff signal: none."
BENCH = "Available bench: 6 ML engineers, 4 Python engineers."
TASKS = {
    "split": SPLIT + MEDIUM,
    "plain": PLAIN + MEDIUM,
    "sure": PLAIN + SURE,
    "round": "Company: Larkspur Robotics (Series A, $14M, closed 52 days ago). Open engineering roles: 6." + MEDIUM,
    "top": "Company: Larkspur Robotics. Open engineering roles: 6. AI maturity score: 3 (confidence: 0.7, medium). "
    "Layoff signal: none.",
    "idle": "Company: Larkspur Robotics. Open engineering roles: 0." + MEDIUM,
    "one": "Company: Larkspur Robotics. Open engineering roles: 1." + MEDIUM,
    "cut": "Company: Larkspur Robotics. Open engineering roles: 6. AI maturity score: 1 (confidence: 0.7, medium). "
    "Layoff signal: yes.",
    "sized": "Company: Larkspur Robotics. Open engineering roles: 6. AI maturity score: 1 (confidence: 0.7, medium). "
    "Layoff signal: 12% on 2025-11-03.",
}
ASKED = "Prospect reply: 'We need 3 Rust engineers for a rewrite. Who do you have available?'"


def level(text: str, dimension: str, task: str = "split", thread: str = "", must_ask: bool = True) -> int | str | None:
    given = {"company_signal": TASKS[task], "bench_summary": BENCH, "prior_thread": thread}
    return SCORER.score(text, given, {"expected_features": {"must_include_cta": must_ask}}).scores[dimension].value


def wrong(dimension: str, right: int, texts: list[str], **how) -> list[str]:
    found = [(level(text, dimension, **how), text) for text in texts]
    return [f"{value}, not {right}: {text}" for value, text in found if value != right]


def findings(text: str, dimension: str, task: str = "split") -> list[tuple[str, str, bool]]:
    given = {"company_signal": TASKS[task], "bench_summary": BENCH, "prior_thread": ""}
    return [(each.check, each.text, each.differs) for each in SCORER.score(text, given, {}).scores[dimension].findings]


SIGNAL, TONE, ASK, CAPACITY, NAMED = (
    "signal_grounding",
    "tone_compliance",
    "cta_quality",
    "bench_fit_alignment",
    "personalization_depth",
)
