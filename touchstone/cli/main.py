"""The command `touchstone` itself: `touchstone --help`, or `python -m touchstone.cli.main`."""

from touchstone.cli import agreement, claims, gate, preferences, releasing, rubric, scorer
from touchstone.cli.verbs import new_app, verb

app = new_app("Agreement, rubrics, scores and published claims, from files. With a store behind them: python manage.py.")

for name, command in (
    ("agreement", agreement.agreement),
    ("score", scorer.score),
    ("check-rubric", rubric.check_rubric),
    ("diff-rubrics", rubric.diff_rubrics),
    ("codebook", rubric.codebook),
    ("check-claim", claims.check_claim),
    ("preferences", preferences.preferences),
    ("verify", releasing.verify),
    ("gate", gate.gate),
):
    verb(app, name)(command)

if __name__ == "__main__":
    app()
