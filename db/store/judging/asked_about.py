"""Which judges were asked about a draft: what was sent to a model is no secret, and stays."""

from typing import Any

import sqlalchemy as sa

from db.schema import judge_answers, judge_runs, judges


def judges_asked_about(connection: sa.Connection, of_drafts: sa.Select[Any]) -> list[str]:
    """Names of judges that were asked about any of these drafts (their ids), whichever came of it."""
    return list(
        connection.scalars(
            sa.select(judges.c.name)
            .distinct()
            .join(judge_runs, judge_runs.c.judge == judges.c.id)
            .join(judge_answers, judge_answers.c.run == judge_runs.c.id)
            .where(judge_answers.c.draft.in_(of_drafts))
            .order_by(judges.c.name)
        )
    )
