"""The gate's commands."""

from commands import verb
from touchstone.cli import gate as cli


@verb("gate", in_project=False)
def gate(policy: cli.Policy, tasks: cli.Tasks = None, rubric: cli.OfRubric = None) -> None:
    """Pass, review or block: a line for each draft (a JSON line on standard input), as it comes.

    Exit 0 where all pass, 1 where some do not, 2 for wrong input. In shadow and off all pass; each line has the decision, too.

    Example: python manage.py gate --policy outreach.yml --tasks tasks.jsonl < drafts.jsonl
    """
    cli.gate(policy, tasks, rubric)
