"""What the gate of a project said so far, in figures: by decision and reason, overridden, and whether it moved."""

from collections import Counter
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store.gate import decisions as stored
from db.store.gate import policies as stored_policies
from touchstone.agreement.estimation.intervals import share
from touchstone.agreement.figure import Figure
from touchstone.gate.drift import NONE_DECIDED, WEEK, WEEKS, Drift, drift_of
from touchstone.gate.policy import STRICTEST_LAST
from workflow import clock
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle


class DecisionCount(NamedTuple):
    """Drafts that got one decision: how many, their share of all with its 95 % interval, for how many it was enforced, and to how
    many of them a person gave another."""

    decision: str
    number: int
    share: Figure
    enforced: int
    overridden: int
    override_rate: Figure


class ReasonCount(NamedTuple):
    """Drafts that a reason held up, alone or with others."""

    key: str
    number: int
    share: Figure


class GateFigures(NamedTuple):
    """Figures of the policy that the gate goes by, since it was published; drafts that came while it was off are in none."""

    policy: str
    decided: int
    by_decision: tuple[DecisionCount, ...]
    by_reason: tuple[ReasonCount, ...]
    overridden: int
    override_rate: Figure
    drift: Drift

    def as_json(self) -> dict[str, Any]:
        """The document of `gate-figures --json`; a share with its interval as everywhere."""
        return {
            "policy": self.policy,
            "decided": self.decided,
            "decisions": {
                each.decision: {
                    "number": each.number,
                    "share": each.share.as_json(),
                    "enforced": each.enforced,
                    "overridden": each.overridden,
                    "override_rate": each.override_rate.as_json(),
                }
                for each in self.by_decision
            },
            "reasons": [{"key": each.key, "number": each.number, "share": each.share.as_json()} for each in self.by_reason],
            "overridden": self.overridden,
            "override_rate": self.override_rate.as_json(),
            "moved": self.drift.moved,
            "weeks": [
                {"until": each.until.isoformat(), "decided": each.decided, "held": each.held, "share": each.share.as_json()}
                for each in self.drift.weeks
            ],
            "moved_on": [each.day.isoformat() for each in self.drift.moved_on],
            "days": [
                {"day": each.day.isoformat(), "decided": each.decided, "held": each.held, "share": each.share.as_json()}
                for each in self.drift.days
            ],
        }


@verb
def gate_figures(person: Person, engine: sa.Engine) -> GateFigures | None:
    """The figures of the gate of the project in hand; None where it has none."""
    now = clock.now()
    with reading(engine, person) as connection:
        latest = stored_policies.switches(connection, 1) if settle(connection) else ()
        if not latest:
            return None
        policy = latest[0].policy
        rows = stored.by_reasons(connection, policy)
        against = stored.overridden(connection, policy)
        days = stored.by_day(connection, policy, now - (WEEKS + 1) * WEEK)
    decided, enforced, reasons, overridden = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        decided[row.decision] += row.n
        enforced[row.decision] += row.n * (row.mode == "enforce")
        for key in filter(None, row.reasons.split("\n")):
            reasons[key] += row.n
    for row in against:
        overridden[row.decision] += row.n * (row.given != row.decision)
    total = decided.total()
    return GateFigures(
        f"{latest[0].name}-v{latest[0].version}",
        total,
        tuple(
            DecisionCount(
                each,
                decided[each],
                share(decided[each], total, NONE_DECIDED),
                enforced[each],
                overridden[each],
                share(overridden[each], decided[each], NONE_DECIDED),
            )
            for each in STRICTEST_LAST
        ),
        tuple(ReasonCount(key, number, share(number, total, NONE_DECIDED)) for key, number in reasons.most_common()),
        overridden.total(),
        share(overridden.total(), total, NONE_DECIDED),
        drift_of(days, now.date()),
    )
