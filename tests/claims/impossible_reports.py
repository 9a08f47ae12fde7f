"""Reports (impossible_reports.txt) in the usual shapes, each with a figure that no labels of two annotators on its n give."""

from pathlib import Path

from tests.claims.studies import impossible_percent

p6, p12, p20, p25, p30, p40, p48, p50 = (impossible_percent(n) for n in (6, 12, 20, 25, 30, 40, 48, 50))
q12, q30 = impossible_percent(12, 2), impossible_percent(30, 2)
FIGURES = {key: value for key, value in globals().items() if key[0] in "pq" and key[1:].isdigit()}


def impossible_reports() -> list[str]:
    parts = Path(__file__).with_suffix(".txt").read_text("utf-8").split("===\n")[1:]
    return [text.format(**FIGURES) for text in parts]
