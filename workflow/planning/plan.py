"""Plan a round: how many drafts, and how much work that is, from a pilot or from an assumption.

This module reaches numpy and statsmodels; the label page does not reach this module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mode
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from db.store import rounds as stored
from db.store.closing.by_draft import halves_kept
from touchstone.agreement.coefficient import WEIGHTS
from touchstone.agreement.figure import PlainRule
from touchstone.english import amount, duration, listed, many, percent
from touchstone.errors import Refused
from touchstone.planning.plan import CHANCES, MOST, DimensionPlan, DraftRange, SizeAnswer, plan_from_assumption, plan_from_pilot
from workflow.agreement import counts_behind
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rubric.levels import declared

MOST_LEVELS = 10  # of an assumption
LIKELY = percent(CHANCES[-1])


@dataclass(frozen=True)
class Plan:
    """A plan per dimension, titles beside keys. `pilot` is "" where it rests on an assumption; `seconds`: the pilot's median
    per draft and person, None where no time was taken."""

    pilot: str
    half_width: float | None
    threshold: float | None
    dimensions: Mapping[str, DimensionPlan]
    titles: Mapping[str, str]
    seconds: float | None
    is_sample: bool
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The document of `plan --json`; sizes are drafts with two or more labels, not rounded."""
        return {
            "pilot": self.pilot or None,
            "half_width": self.half_width,
            "threshold": self.threshold,
            "most": MOST,
            "seconds_per_draft": self.seconds,
            "sample": self.is_sample,
            "notes": list(self.notes),
            "dimensions": {
                key: {
                    "title": self.titles[key],
                    **each.as_json(),
                    "hours_each": {
                        name: answer and self.hours(each, answer.work)
                        for name, answer in (("half_width", each.half_width), ("threshold", each.threshold))
                    },
                }
                for key, each in self.dimensions.items()
            },
        }

    @property
    def chances(self) -> tuple[float, ...]:
        """The shares of rounds that are to get what is asked, for each of which there is a size."""
        return CHANCES

    def point_in_words(self, key: str) -> str:
        """ "kappa, unweighted .64 [.41, .83]": the pilot's own figure, or what is assumed."""
        each = self.dimensions[key]
        return f"{each.judged_by} " + (each.point_in_words if self.pilot else "as assumed")

    def asked_of(self, key: str) -> list[tuple[str, SizeAnswer]]:
        """What is asked of a dimension, in words ("at or above .8"), with the answer to it."""
        each = self.dimensions[key]
        asked = (("at or above {}", each.threshold), ("to ±{}", each.half_width))
        return [(words.format(_short(answer.asked)), answer) for words, answer in asked if answer]

    def doubt_in_words(self, key: str) -> str:
        """How likely it is that no number of drafts will do, of a pilot that shows the threshold can be passed; else ""."""
        answer = self.dimensions[key].threshold
        if not self.pilot or not answer or answer.never or answer.share_under is None:
            return ""
        return (
            f"about {percent(answer.share_under)} of the pilot's plausible values are at or below "
            f"{_short(answer.asked)}: if so, no number of drafts will show it"
        )

    def hours(self, each: DimensionPlan, drafts: DraftRange) -> tuple[float | None, float | None] | None:
        """Hours for each person, at both ends of the range; None without times."""
        if self.seconds is None:
            return None
        one = self.seconds * each.labels_each / each.annotators / 3600
        start, end = (None if size is None else size * one for size in (drafts.start, drafts.end))
        return start, end

    def work_in_words(self, each: DimensionPlan, answer: SizeAnswer) -> str:
        """ "160 to 420 drafts (two people each), about 5.1 to 12 hours a person"; with the size at the pilot's own value
        where the range has no upper end."""
        people = (
            f"{_number(round(each.labels_each))} people each"
            if each.labels_each == round(each.labels_each)
            else f"{each.labels_each:.1f} labels each on average"
        )
        exact = answer.as_it_stands[CHANCES[-1]]
        if exact and answer.work.end is None and each.point.value is not None:
            people += f"; {-(-exact // 10) * 10:,} if the pilot's {_short(round(each.point.value, 2))} is exact"
        hours = self.hours_in_words(each, answer.work)
        return f"{answer.in_words()} drafts ({people})" + (f", about {hours} per person" if hours else "")

    def hours_in_words(self, each: DimensionPlan, drafts: DraftRange) -> str:
        """ "5.1 to 12 hours"; "" without times or without a size."""
        found = self.hours(each, drafts)
        return _hours(found) if found and found[0] is not None else ""

    @property
    def sentence(self) -> str:
        """The answer, in a sentence for each question: of the most demanding dimension where there are several."""
        told = []
        if self.threshold is not None:
            answers = {key: each.threshold for key, each in self.dimensions.items() if each.threshold}
            told.append(self._about("show", f"at or above {_short(self.threshold)}", answers))
        if self.half_width is not None:
            answers = {key: each.half_width for key, each in self.dimensions.items() if each.half_width}
            told.append(self._about("measure", f"to ±{_short(self.half_width)}", answers))
        return " ".join(told)

    def _about(self, verb: str, asked: str, answers: Mapping[str, SizeAnswer]) -> str:
        if not answers:
            points = (f"{self.titles[key]} is {each.point_in_words}" for key, each in self.dimensions.items())
            return f"Nothing can be planned: {'; '.join(points)}."
        possible = {key: answer for key, answer in answers.items() if not answer.never}
        cannot = self._never_in_words([self.titles[key] for key in answers if key not in possible])
        if not possible:
            return cannot[:1].upper() + cannot[1:]
        key = max(possible, key=lambda one: [end or MOST + 1 for end in (possible[one].work.end, possible[one].work.start)])
        several = len(possible) > 1
        which = f"each of {many(len(possible), 'dimension')}" if several else self.titles[key]
        most = f"; {self.titles[key]} needs the most" if several else ""
        work = self.work_in_words(self.dimensions[key], possible[key])
        return f"To {verb} {which} {asked}: label {work}{most}." + (f" {cannot}" if cannot else "")

    def _never_in_words(self, titles: Sequence[str]) -> str:
        """That no number of drafts shows these to be over the threshold; "" for none."""
        if not titles or self.threshold is None:
            return ""
        return (
            f"{listed(titles)} {'is' if len(titles) == 1 else 'are'} at or below {_short(self.threshold)} "
            f"{'in the pilot' if self.pilot else 'as assumed'}: if that is so, no number of drafts will show it."
        )


def _number(number: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(number, str(number))


def _hours(ends: Sequence[float | None]) -> str:
    words = ["" if end is None else f"{end:.0f}" if end >= 10 else f"{end:.1f}".removesuffix(".0") for end in ends]
    if words[1] == "":
        return f"{amount(words[0], 'hour')} or more"
    return amount(words[0], "hour") if words[0] == words[1] else f"{words[0]} to {amount(words[1], 'hour')}"


def _short(value: float) -> str:
    return f"{value:.2f}".removeprefix("0") if round(value, 2) == value else f"{value:g}".removeprefix("0")


def _check_asked(half_width: float | None, threshold: float | None, weights: str | None) -> None:
    if half_width is None and threshold is None:
        raise Refused(
            "nothing is asked: give a half-width such as .05, a threshold such as .80, or both",
            way=("half-width .05", "threshold .8"),
        )
    if half_width is not None and not 0 < half_width < 1:
        raise Refused(f"a half-width is between 0 and 1, not {half_width:g}; .05 is usual")
    if threshold is not None and not 0 < threshold < 1:
        raise Refused(f"a threshold is between 0 and 1, not {threshold:g}; .80 is usual")
    if weights is not None and weights not in WEIGHTS:
        raise Refused(f"weights are {', '.join(WEIGHTS)}, not {weights}")


@verb
def plan_of_pilot(
    person: Person,
    engine: sa.Engine,
    *,
    round_name: str = "",
    label_set: str = "",
    dimension: str = "",
    half_width: float | None = None,
    threshold: float | None = None,
    weights: str | None = None,
) -> Plan:
    """A plan from a closed round or a label set, for each of its dimensions or for one. Refuses an open round, an unknown
    name or dimension, and a round that is not of kind double: only that one has labels of different people."""
    _check_asked(half_width, threshold, weights)
    found = counts_behind.counts_behind(person, engine, round_name=round_name, label_set=label_set)
    if found.kind not in (None, "double"):
        raise Refused(
            f"{found.name} is a round of kind {found.kind}: it does not measure agreement between people. "
            "Plan from a round of kind double"
        )
    if dimension and dimension not in found.dimensions:
        raise Refused(f"{found.name} has no dimension {dimension}; it has {', '.join(found.dimensions)}")
    with reading(engine, person) as connection:
        seconds = _median_seconds(connection, found.round) if found.round is not None else None
    plans = {}
    for key in [dimension] if dimension else [key for key in found.rubric.keys if key in found.dimensions]:
        rule = declared(found.rubric, key).agreement
        plans[key] = plan_from_pilot(
            found.dimensions[key],
            PlainRule(rule.statistic if found.are_people else "alpha", weights or rule.weights, rule.threshold),
            half_width=half_width,
            threshold=threshold,
        )
    titles = {key: declared(found.rubric, key).title for key in plans}
    return Plan(
        found.name,
        half_width,
        threshold,
        plans,
        titles,
        seconds,
        found.is_sample,
        tuple(_notes_of_pilot(found, plans, titles, seconds, weights)),
    )


def _median_seconds(connection: sa.Connection, round_: int) -> float | None:
    """Of a draft and person of a closed round: as it was kept of a large one."""
    kept = halves_kept(connection, round_)
    return kept[0].median if kept else stored.median_seconds_of(connection, round_)


def _notes_of_pilot(
    found: counts_behind.CountsBehind,
    plans: Mapping[str, DimensionPlan],
    titles: Mapping[str, str],
    seconds: float | None,
    weights: str | None,
) -> list[str]:
    notes = [found.left_out[:1].upper() + found.left_out[1:] + "."] if found.left_out else []
    if found.round is None and found.made_by != "people, blind":
        notes.append(f"The labels of {found.name} were made by {found.made_by}: people who label blind may agree less.")
    for key, each in plans.items():
        if weights not in (None, "unweighted") and declared(found.rubric, key).scale == "nominal":
            notes.append(f"{titles[key]} is planned unweighted: its levels have no order, so none is nearer to another.")
        if not each.is_defined:
            notes.append(f"{titles[key]} cannot be planned: {each.point_in_words}.")
    defined = [each.point.n for each in plans.values() if each.is_defined]
    if defined:
        notes.append(
            f"A range spans the middle half of the plausible values, given a pilot of "
            f"{many(max(defined), 'draft')}; at each, {LIKELY} of rounds of that size achieve what is asked. The drafts are "
            "a new round's, not counting the pilot's, and are assumed to be like the pilot's and labelled in the same way."
        )
    if any(each.coefficient.family == "alpha" for each in plans.values()):
        notes.append("With more than two annotators the statistic is alpha, and a draft is one with two or more labels.")
    notes.append(
        f"Hours assume the pilot's median of {duration(seconds)} for a draft and person, all its dimensions together."
        if seconds
        else "No times were recorded in the pilot, so hours are not given."
    )
    return notes


def shares_of(words: str) -> list[float]:
    """The numbers of ".25, .75"; none of an empty text. Raises Refused for what is no number."""
    try:
        return [float(word) for word in words.split(",") if word.strip()]
    except ValueError:
        raise Refused(f"marginals are numbers separated by commas, such as .25,.75; not {words}") from None


@verb
def usual_threshold(person: Person, engine: sa.Engine, *, round_name: str = "", label_set: str = "") -> float:
    """The threshold that most dimensions of a pilot have in its rubric version."""
    found = counts_behind.counts_behind(person, engine, round_name=round_name, label_set=label_set)
    return mode(declared(found.rubric, key).agreement.threshold for key in found.dimensions)


def plan_of_assumption(
    levels: Sequence[str],
    kappa: float | None,
    marginals: Sequence[float] = (),
    *,
    half_width: float | None = None,
    threshold: float | None = None,
    weights: str | None = None,
) -> Plan:
    """A plan without a pilot: two annotators, `levels` in order, a true `kappa`, a share per level (equal when left out).
    Raises Refused for what cannot be."""
    _check_asked(half_width, threshold, weights)
    if kappa is None:
        raise Refused(
            "there is nothing to plan from: name a pilot, or assume a kappa such as .85", way=("from ROUND", "kappa .85")
        )
    if not 0 < kappa < 1:
        raise Refused(f"an assumed kappa is between 0 and 1, not {kappa:g}")
    if not 2 <= len(levels) <= MOST_LEVELS or len(set(levels)) < len(levels):
        raise Refused(f"levels are 2 to {MOST_LEVELS} different ones, such as 0,1,2,3; not {','.join(levels)[:40] or 'none'}")
    shares = list(marginals) or [1 / len(levels)] * len(levels)
    if len(shares) != len(levels):
        raise Refused(
            f"there {'is' if len(shares) == 1 else 'are'} {many(len(shares), 'marginal')} for "
            f"{many(len(levels), 'level')}; give one share per level"
        )
    if not min(shares) >= 0:
        raise Refused(f"marginals are shares from 0 that sum to 1; one of these is {min(shares):g}")
    if not abs(sum(shares) - 1) <= 0.001:
        raise Refused(f"marginals are shares that sum to 1; these sum to {sum(shares):g}")
    if max(shares) > 0.999:
        raise Refused("with every label on one level kappa is undefined; give marginals over two levels or more")
    made = plan_from_assumption(
        levels,
        kappa,
        [share / sum(shares) for share in shares],
        weights or WEIGHTS[0],
        half_width=half_width,
        threshold=threshold,
    )
    notes = (
        f"This assumes a true kappa ({made.coefficient.kind}) of {_short(kappa)}, two annotators who give "
        "each level as often as each other, and disagreements spread as by chance. A pilot would replace "
        f"all of this. At the size named, {LIKELY} of rounds achieve what is asked.",
    )
    return Plan("", half_width, threshold, {"assumed": made}, {"assumed": f"a kappa of {_short(kappa)}"}, None, False, notes)
