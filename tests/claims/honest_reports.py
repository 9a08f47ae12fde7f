"""Reports (honest_reports.txt) whose figures are true of labels drawn for them. Many are no plain k of the n that stands nearest,
or look as if they were something else; behind `===` stands the n that a reader would name who follows the program's advice."""

from pathlib import Path

from tests.claims.studies import Study, pooled

two, four = Study(1), Study(2, q=4)
three = Study(3, raters=3, keep=0.85)
three_of_four = Study(4, q=4, raters=3, keep=0.85)
tokens, spans = Study(5, n=1187), Study(6, n=211)
easy, hard = Study(7, n=18), Study(8, n=12, keep=0.75)
five = [Study(seed, q=4) for seed in (11, 12, 13, 14, 15)]
judge = Study(21, n=160)
rows = [Study(31, n=20), Study(32, n=4, keep=0.8), Study(33, n=6, keep=0.85)]
second = Study(41, n=20)
pilot = Study(42, n=8, keep=0.8)
ratings = Study(43, n=150)
all_five = pooled(five)
FIGURES = {key: value for key, value in globals().items() if key.islower() and not key.startswith("_")}


def honest_reports() -> list[tuple[str, int]]:
    """Each report, and the n to name."""
    parts = Path(__file__).with_suffix(".txt").read_text("utf-8").split("=== --n ")[1:]
    return [(text.format(**FIGURES), int(n)) for n, text in (part.split("\n", maxsplit=1) for part in parts)]
