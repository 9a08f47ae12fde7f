"""What the verbs of releases tell a reader, without what is another each time: numbers, digests, folders, earlier draws."""

from typing import Any

import sqlalchemy as sa

from touchstone.errors import NotYourTurn, Refused
from touchstone.releasing.policy import Policy
from workflow.releasing import releases, spot_checks
from workflow.releasing.asked import Asked


def released(name: str) -> Asked:
    return Asked((name,), policy=Policy(partial=True, with_single=True, with_flagged=True))


def bare(made: releases.Released) -> releases.Released:
    """Without what is another each time: the number, the digest, which the last event goes into, and the folder."""
    return made._replace(number=0, digest="", changes=None, folder=None)


def bare_terms(terms: Any) -> Any:
    return terms.model_copy(update={"record_head": "", "number": 0, "supersedes": None, "spot_checks": ()})


def drawn(who: Any, engine: sa.Engine, name: str) -> str:
    """Only whether it is refused as not theirs: what was drawn before is not drawn again."""
    try:
        spot_checks.draw_spot_check(who, engine, name, 3, 7)
    except NotYourTurn:
        raise
    except Refused:
        pass
    return ""
