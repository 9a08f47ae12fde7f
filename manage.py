"""Touchstone's verbs without a browser: `python manage.py --help`.

Exit 0 done, 1 refused or a check failed (a sentence on stderr), 2 wrong usage. With --json stdout holds one document.
"""

# isort: off
# Importing a subject registers its commands; --help lists them in this order.
from commands import app
from commands import maintenance, events, projects, team, data, tables, rounds, releasing
from commands import agreement, claims, importing, judging, preferences, rubric, rubric_revision, scorer, gate
from commands.gate import of_project
from commands.judging import adapters, models, trained
from commands.bench import making, adversarial, checking, sealing
from commands.preferences import rounds as comparison_rounds

OF_THE_STORE = (maintenance, events, projects, team, data, tables, rounds, releasing)
OF_LABELS = (agreement, claims, importing, judging, adapters, models, trained, preferences, rubric, rubric_revision, scorer)
SUBJECTS = (*OF_THE_STORE, *OF_LABELS, gate, of_project, comparison_rounds, making, adversarial, checking, sealing)

if __name__ == "__main__":
    app()
