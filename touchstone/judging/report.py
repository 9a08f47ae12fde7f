"""A judge held against people on one dimension: every figure, and the verdict.

Non-inferiority decides. A judge f may stand in for a person where the lower end of the 95 % interval of

    mean over h of  kappa(f, mode of the others than h) - kappa(h, the same mode)

is at or over -margin (.10 unless said otherwise), and f beats the best of the controls, paired: the whole interval of kappa(f) -
kappa(control) is over 0. It may not where the upper end of the first is under -margin, where that of the second is at or under 0,
and where it gives one level throughout. Else there are not enough labels, and the verdict says how many more it would take if
they went on as they do: an interval shrinks as 1 / sqrt n.

Nothing is decided on fewer than LEAST_UNITS units with two labels of people, or on clusters worth fewer than twelve of equal size
(`estimation.clusters`).
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.estimation.clusters import too_few_clusters
from touchstone.agreement.figure import Figure, Level, in_words, short, signed, undefined
from touchstone.agreement.verdict import LEAST_UNITS
from touchstone.english import many
from touchstone.judging.alpha_tables import AmongPeople, among_people
from touchstone.judging.alt_test import EPSILONS, AltTest, alt_test
from touchstone.judging.controls import BY_DEFINITION, CONSTANT
from touchstone.judging.held import HeldLabels, Mask, Places
from touchstone.judging.pass_fail import PassFail, pass_fail
from touchstone.judging.seat_tables import DRAWS, against_mode, draws_of, figure, kappas_of, tables_of
from touchstone.judging.verdict_z import VerdictZ, verdict_z

MARGIN = 0.1
MAY, MAY_NOT, MORE = "may stand in", "may not", "not enough labels"
MOST = 100_000  # more units than this are not worth promising


class BestControl(NamedTuple):
    """The control with the highest kappa; `over`: the judge's kappa less its, paired."""

    name: str
    value: float
    over: Figure

    @property
    def is_beaten(self) -> bool:
        return self.over.low is not None and self.over.low > 0

    def as_json(self) -> dict[str, object]:
        return {"name": self.name, "value": self.value}


class StandIn(NamedTuple):
    """A verdict of MAY, MAY_NOT or MORE, with its reason in words; `more` units that MORE asks for, None where no number would
    decide or it is over MOST."""

    verdict: str
    why: str
    more: int | None = None


@dataclass(frozen=True)
class JudgeReport:
    """One dimension. `judge` and `person`: kappa of one against the rest; `controls`: kappa of each, by name, None without a
    text of every unit; `pass_fail`: None where the dimension has no cut."""

    n: int
    people: int
    compared: int
    margin: float
    weights: str
    judge: Figure
    person: Figure
    difference: Figure
    best_control: BestControl | None
    controls: Mapping[str, float]
    stand_in: StandIn
    alt_test: AltTest
    among: AmongPeople
    verdict_z: VerdictZ
    pass_fail: PassFail | None

    def as_json(self) -> dict[str, object]:
        """The shape of `judge against --json`, for one dimension."""
        best = self.best_control
        return {
            "n": self.n,
            "people": self.people,
            "verdict": self.stand_in.verdict,
            "reason": self.stand_in.why,
            "more": self.stand_in.more,
            "margin": self.margin,
            "weights": self.weights,
            "judge": self.judge.as_json(),
            "person": self.person.as_json(),
            "difference": self.difference.as_json(),
            "best_control": best.as_json() if best else None,
            "beats_controls": bool(best and best.is_beaten),
            "over_control": best.over.as_json() if best else undefined(self.judge.reason or "").as_json(),
            "controls": dict(self.controls),
            "compared_people": self.compared,
            "alt_test": self.alt_test.as_json(),
            "people_among_themselves": self.among.as_json(),
            "verdict_z": self.verdict_z.as_json(),
            "pass_fail": self.pass_fail.as_json() if self.pass_fail else None,
        }


def judge_report(
    held: HeldLabels,
    controls: Mapping[str, Places] | None = None,
    *,
    margin: float = MARGIN,
    epsilon: float = EPSILONS["expert"],
    cut: Level | None = None,
    dev: Mask | None = None,
) -> JudgeReport:
    """Every figure of `held`. `controls`: levels (n,) of each that is trained (`controls.controls_of`); constant and random are
    always there. `epsilon`: of the alt-test; `cut` and `dev` as in `pass_fail`, a fifth of the clusters where `dev` is None."""
    found, cautions = _against_the_rest(held, dict(controls or {})), _too_few(held)
    cut_at = pass_fail(held, cut, a_fifth(held) if dev is None else dev) if cut is not None and len(held.units) else None
    return JudgeReport(
        n=len(held.units),
        people=len(held.people),
        compared=len(held.seats[0]) if held.seats[0] != ("",) else len(held.people),
        margin=margin,
        weights=held.weights,
        judge=found.judge,
        person=found.person,
        difference=found.difference,
        best_control=found.best,
        controls=found.controls,
        stand_in=stand_in(held, found.difference, found.best, margin, cautions),
        alt_test=alt_test(held, epsilon),
        among=among_people(held),
        verdict_z=found.z,
        pass_fail=cut_at,
    )


def a_fifth(held: HeldLabels) -> Mask:
    """(n,): every fifth cluster, as they come."""
    return np.asarray(held.cluster % 5 == 0)


NOBODY = verdict_z(np.zeros(0), np.zeros(0))


class _Kappas(NamedTuple):
    judge: Figure
    person: Figure
    difference: Figure
    best: BestControl | None
    controls: Mapping[str, float]
    z: VerdictZ = NOBODY


def _against_the_rest(held: HeldLabels, controls: dict[str, Places]) -> _Kappas:
    if not held.seats[0]:
        return _against_one(held)
    tables = tables_of(held, list(controls.values()))
    kappas = tables.kappas()
    kept = np.asarray(~np.isnan(kappas).any(axis=1))
    n = len(np.unique(held.unit[held.has_others]))
    if not kept.any():
        none = undefined("single level", n)
        return _Kappas(none, none, none, None, {})
    means = kappas[kept].mean(axis=0)
    of_controls = dict.fromkeys(BY_DEFINITION, 0.0) | {name: float(means[2 + at]) for at, name in enumerate(controls)}
    name = max(of_controls, key=lambda each: (of_controls[each], each == CONSTANT))
    drawn = tables_of(held, [controls[name]] if name in controls else []).draws(kept)  # with the best control alone
    judge, person = (figure(float(means[at]), drawn[:, at], n, "") for at in (1, 0))
    difference = figure(float(means[1] - means[0]), drawn[:, 1] - drawn[:, 0], n, "")
    control = drawn[:, 2] if name in controls else np.zeros(DRAWS)
    over = figure(float(means[1] - of_controls[name]), drawn[:, 1] - control, n, "")
    if name in controls and (controls[name] == held.judge).all():
        over = Figure(0.0, 0.0, 0.0, n, None)
    z = verdict_z(kappas[kept, 1], kappas[kept, 0]) if tables.names != ("",) else NOBODY
    return _Kappas(judge, person, difference, BestControl(name, of_controls[name], over), of_controls, z)


def _against_one(held: HeldLabels) -> _Kappas:
    """Nobody is held against the rest: the judge's kappa with the one label, or the mode, and no person beside it."""
    n, why = len(held.units), "one annotator" if held.people else "no data"
    none = undefined(why, n)
    if not n:
        return _Kappas(none, none, none, None, {})
    tables = against_mode(held)
    point = float(kappas_of(tables.sum(axis=0)[None], held)[0])
    if np.isnan(point):
        return _Kappas(undefined("single level", n), none, none, None, {})
    judge = figure(point, draws_of(tables, held), n, "")
    return _Kappas(judge, none, none, BestControl(CONSTANT, 0.0, judge), dict.fromkeys(BY_DEFINITION, 0.0))


class Caution(NamedTuple):
    """Why nothing is decided, and how many more units it takes at least."""

    why: str
    least: int


def _too_few(held: HeldLabels) -> Caution | None:
    two = held.counts.sum(axis=1) >= 2
    units = int(two.sum())
    if units < LEAST_UNITS:
        told = f"{many(units, 'unit')} with two labels of people {'is' if units == 1 else 'are'} too few"
        return Caution(f"{told}, a verdict needs {LEAST_UNITS}", LEAST_UNITS - units)
    sizes = Counter(held.cluster[two].tolist())
    few = too_few_clusters([{(0, 0): size} for size in sizes.values()])
    return Caution(few.why, few.least) if few else None


def stand_in(held: HeldLabels, difference: Figure, best: BestControl | None, margin: float, caution: Caution | None) -> StandIn:
    """The verdict (see above)."""
    if len(held.units) and held.is_constant:
        return StandIn(MAY_NOT, "it gives one level throughout")
    if difference.value is None or best is None:
        return StandIn(MORE, in_words(difference))
    if caution:
        return StandIn(MORE, caution.why, caution.least)
    value, low, high = difference.ends
    if high < -margin:
        return StandIn(MAY_NOT, f"it agrees less than a person does by more than the margin of {short(margin)}")
    if best.over.ends.high <= 0:
        return StandIn(MAY_NOT, f"it agrees no more than the control {best.name}")
    if low >= -margin and best.is_beaten:
        return StandIn(MAY, f"within the margin of {short(margin)}, and over the control {best.name}")
    wanted = []
    if low < -margin:
        wanted.append(_more(value, low, high, -margin, difference.n))
    if not best.is_beaten:
        wanted.append(_more(*best.over.ends, 0.0, difference.n))
    left_open = f"is within the margin of {short(margin)}" if low < -margin else f"beats the control {best.name}"
    sure = [each for each in wanted if each is not None]
    return StandIn(MORE, f"they do not show whether it {left_open}", max(sure) if len(sure) == len(wanted) else None)


def _more(value: float, low: float, high: float, line: float, n: int) -> int | None:
    """Units more until the interval is on the side of the line that its point is on, in whole tens; None where the point is on
    the line, and over MOST."""
    away, half = abs(value - line), value - low if value > line else high - value
    if away <= half / math.sqrt(1 + MOST / max(n, 1)):
        return None
    needed = n * (half / away) ** 2 - n
    return max(10, -(-math.ceil(needed) // 10) * 10)


def verdict_in_words(title: str, judge: str, report: JudgeReport) -> str:
    """One sentence: "Tone: set:model may stand in for a person: …"."""
    stand = report.stand_in
    if report.difference.value is None:
        return f"{title}: not enough labels to say whether {judge} may stand in for a person: {stand.why}."
    own, person = (short(each.ends.value) for each in (report.judge, report.person))
    name = Coefficient("kappa", report.weights).kind_first
    told = f"{name.capitalize()} {own}, a person’s {person}, difference {signed(report.difference)}."
    if stand.verdict == MORE:
        label = (
            f"label about {many(stand.more, 'more unit')}"
            if stand.more
            else f"no number of units up to {MOST:,} would decide it as things stand"
        )
        return f"{title}: not enough labels to say whether {judge} may stand in for a person ({stand.why}); {label}. {told}"
    words = "may stand in for a person" if stand.verdict == MAY else "may not stand in for a person"
    return f"{title}: {judge} {words}: {stand.why}. {told}"
