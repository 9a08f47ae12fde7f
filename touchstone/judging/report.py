"""A judge held against people on one dimension: every figure, and the verdict (`standing_in` has its rule)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.figure import AgreementRule, Figure, Level, short, signed, undefined
from touchstone.english import many
from touchstone.judging.alpha_tables import AmongPeople, among_people
from touchstone.judging.alt_test import EPSILONS, AltTest, alt_test
from touchstone.judging.controls import BY_DEFINITION, CONSTANT, NOT_TRIED, OF_JUDGE, Controls, Untried
from touchstone.judging.held import HeldLabels, Mask, Places
from touchstone.judging.pass_fail import PassFail, pass_fail
from touchstone.judging.seat_tables import DRAWS, against_mode, draws_of, figure, kappas_of, tables_of
from touchstone.judging.standing_in import MAY, MORE, MOST, NONE, BestControl, Floor, Grounds, StandIn, stand_in
from touchstone.judging.twins import Twin, equal_to, without
from touchstone.judging.verdict_z import VerdictZ, verdict_z

MARGIN = 0.1
MOST_LEFT_OUT = 12  # people: of more, nobody is one of few


@dataclass(frozen=True)
class JudgeReport:
    """One dimension. `judge` and `person`: kappa of one against the rest; `controls`: kappa of each, by name; `pass_fail`: None
    where the dimension has no cut; `each_person`: who is held against the rest by themselves. `twin`: whose levels the judge's
    own are; all figures are without them. `untried`: why nothing that looks at length or layout was held beside it."""

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
    each_person: tuple["OnePerson", ...] = ()
    twin: Twin | None = None
    untried: Untried | None = None

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
            "each_person": {each.name: each.as_json() for each in self.each_person},
            "equal_to": self.twin._asdict() if self.twin else None,
            "controls_untried": self.untried.why if self.untried else None,
        }


class OnePerson(NamedTuple):
    """A person held against the rest by themselves: kappa of theirs and of the judge on their units, and the difference of the
    judge to the others where this person had labelled nothing (undefined where too many people are held for one to matter)."""

    name: str
    kappa: Figure
    judge: Figure
    without: Figure

    def as_json(self) -> dict[str, object]:
        return {"kappa": self.kappa.as_json(), "judge": self.judge.as_json(), "difference_without": self.without.as_json()}


def judge_report(
    held: HeldLabels,
    controls: Controls | None = None,
    *,
    margin: float = MARGIN,
    epsilon: float = EPSILONS["expert"],
    cut: Level | None = None,
    dev: Mask | None = None,
    rule: AgreementRule | None = None,
) -> JudgeReport:
    """Every figure of `held`. `controls`: those that are trained (`controls.controls_of`); without them no judge is approved.
    `epsilon`: of the alt-test; `cut` and `dev` as in `pass_fail`, a fifth of the clusters where `dev` is None; `rule`: how the
    rubric judges people's agreement on the dimension, which must hold before they are a bar."""
    tried = controls or Controls({}, NOT_TRIED)
    first: Twin | None = None
    while twin := equal_to(held):
        first = first or twin
        held, kept = without(held, twin.person)
        tried, dev = tried.on(kept), None if dev is None else dev[kept]
    found, among = _against_the_rest(held, dict(tried.levels)), among_people(held)
    people = _each_person(held, found)
    judged = among.kappa if rule and rule.statistic == "kappa" and len(held.people) <= 2 else among.alpha
    called = "kappa" if judged is among.kappa else "alpha"
    floor = Floor(among.alpha, found.person, judged, called, rule.threshold if rule else None)
    left_out = {each.name: each.without for each in people}
    grounds = Grounds(found.difference, found.best, margin, tried.untried, floor, left_out, first)
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
        stand_in=stand_in(held, grounds),
        alt_test=alt_test(held, epsilon),
        among=among,
        verdict_z=found.z,
        pass_fail=pass_fail(held, cut, a_fifth(held) if dev is None else dev) if cut is not None and len(held.units) else None,
        each_person=people,
        twin=first,
        untried=tried.untried,
    )


def _each_person(held: HeldLabels, found: "_Kappas") -> tuple[OnePerson, ...]:
    few = 2 < len(found.seats) <= MOST_LEFT_OUT
    many_or_two = undefined("two people or many")
    return tuple(
        OnePerson(name, kappa, judge, _difference(without(held, name)[0]) if few else many_or_two)
        for name, kappa, judge in found.seats
    )


def _difference(held: HeldLabels) -> Figure:
    """The judge's mean kappa less a person's."""
    tables = tables_of(held)
    kappas = tables.kappas()
    kept = np.asarray(~np.isnan(kappas).any(axis=1))
    n = len(np.unique(held.unit[held.has_others]))
    if not kept.any():
        return undefined("no overlap" if not n else "single level", n)
    drawn, means = tables.draws(kept), kappas[kept].mean(axis=0)
    return figure(float(means[1] - means[0]), drawn[:, 1] - drawn[:, 0], n, "")


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
    seats: Sequence[tuple[str, Figure, Figure]] = ()  # each person by name, theirs and the judge's


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
    highest = max(of_controls, key=lambda each: (of_controls[each], each == CONSTANT))
    near = [name for name in controls if name == highest or name.endswith(OF_JUDGE)]
    by_seat = tables_of(held, [controls[name] for name in near]).by_seat(kept)  # with those that may be hard to beat alone
    drawn = by_seat.mean(axis=1)
    judge, person = (figure(float(means[at]), drawn[:, at], n, "") for at in (1, 0))
    difference = figure(float(means[1] - means[0]), drawn[:, 1] - drawn[:, 0], n, "")
    drawn_of = {name: drawn[:, 2 + at] for at, name in enumerate(near)} | ({} if highest in near else {highest: np.zeros(DRAWS)})
    overs = {
        name: Figure(0.0, 0.0, 0.0, n, None)
        if name in controls and (controls[name] == held.judge).all()
        else figure(float(means[1] - of_controls[name]), drawn[:, 1] - own, n, "")
        for name, own in drawn_of.items()
    }
    apart = {each: int((controls[each] != held.judge).sum()) if each in controls else None for each in overs}
    every = [BestControl(each, of_controls[each], overs[each], apart[each]) for each in overs]
    best = min(every, key=lambda each: (each.is_apart, each.over.ends.low, -each.value, each.name != highest))
    if tables.names == ("",):
        return _Kappas(judge, person, difference, best, of_controls)
    sizes = np.bincount(held.seats[1][held.seats[1] >= 0], minlength=len(tables.names))[kept]

    def own(row: int, at: int, side: int) -> Figure:
        return figure(float(kappas[at, side]), by_seat[:, row, side], int(sizes[row]), "")

    seats = [(tables.names[at], own(row, at, 0), own(row, at, 1)) for row, at in enumerate(np.flatnonzero(kept).tolist())]
    return _Kappas(judge, person, difference, best, of_controls, verdict_z(kappas[kept, 1], kappas[kept, 0]), seats)


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


def verdict_in_words(title: str, judge: str, report: JudgeReport) -> str:
    """One sentence: "Tone: set:model may stand in for a person: …"."""
    stand = report.stand_in
    if stand.verdict == NONE and report.difference.value is None:
        return f"{title}: no verdict on {judge}: {stand.why}; {stand.way}."
    if report.difference.value is None:
        return f"{title}: not enough labels to say whether {judge} may stand in for a person: {stand.why}."
    own, person = (short(each.ends.value) for each in (report.judge, report.person))
    name = Coefficient("kappa", report.weights).kind_first
    told = f"{name.capitalize()} {own}, a person’s {person}, difference {signed(report.difference)}."
    if stand.verdict == NONE:
        return f"{title}: no verdict on {judge}: {stand.why}; {stand.way}. {told}"
    if stand.verdict == MORE:
        none = f"no number of units up to {MOST:,} would decide it as things stand"
        label = f"label about {many(stand.more, 'more unit')}" if stand.more else stand.way or none
        return f"{title}: not enough labels to say whether {judge} may stand in for a person ({stand.why}); {label}. {told}"
    words = "may stand in for a person" if stand.verdict == MAY else "may not stand in for a person"
    return f"{title}: {judge} {words}: {stand.why}. {told}"
