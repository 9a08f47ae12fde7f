"""Touchstone's verbs without a browser: `python manage.py --help`.

Exit 0 done, 1 refused or a check failed (a sentence on stderr), 2 wrong usage. With --json stdout holds one document.
"""

# isort: off
# Importing a subject registers its commands; --help lists them in this order.
from commands import app
from commands import upkeep, intake, rounds, agreement, claims, labels, rubrics, revisions, scoring

SUBJECTS = (upkeep, intake, rounds, agreement, claims, labels, rubrics, revisions, scoring)

if __name__ == "__main__":
    app()
