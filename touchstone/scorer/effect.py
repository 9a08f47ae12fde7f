"""What a changed rubric would change: every draft scored under two versions, and which check moved which draft.

Where a pattern of a check occurs is kept by the digest of both and the draft's number, so that a version with one changed check
runs what is new in it alone over the drafts, and settles and levels only those in which something is met otherwise than before.
A change of the facts or of the parts changes what a draft is to every check: then nothing kept can be used, and all is done anew.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from touchstone.rubric.model import Dimension, Rubric
from touchstone.scorer.matching import (
    Draft,
    Entry,
    Hit,
    Machine,
    look_for_exceptions,
    machine_of,
    met_by,
    met_entries,
    ready,
    settled,
)
from touchstone.scorer.scoring import Finding, asked_for, finding_of, level_of, not_scorable

Level = int | str | None


class Under(NamedTuple):
    """One draft under one version: level and reason by dimension, and the settled hits by check's name."""

    levels: Mapping[str, Level]
    because: Mapping[str, str | None]
    hits: Mapping[str, tuple[Hit, ...]]
    is_blank: bool = False


class Moved(NamedTuple):
    """A draft, by its number, that a version gives another level, with the lines that gave the two."""

    draft: int
    dimension: str
    before: Level
    after: Level
    because_before: str | None
    because_after: str | None


class Said(NamedTuple):
    """What moved a draft: the findings of one version that the other has not."""

    gone: tuple[Finding, ...]
    new: tuple[Finding, ...]


@dataclass(frozen=True)
class DimensionEffect:
    """One dimension: `table` counts drafts by (level before, level after), None for not scorable; `moved` are those that
    differ."""

    dimension: str
    levels: tuple[int | str, ...]
    table: Mapping[tuple[Level, Level], int]
    moved: tuple[Moved, ...]


@dataclass(frozen=True)
class Effect:
    """Two versions over the same drafts. `changed` names the checks that are not the same in both."""

    before: Rubric
    after: Rubric
    drafts: int
    changed: tuple[str, ...]
    dimensions: Mapping[str, DimensionEffect]


class Corpus:
    """Drafts with their tasks, and what is known of them under the versions met so far."""

    KEPT = 4_000  # patterns whose places are kept
    VERSIONS = 12  # versions of which is kept what each draft is: one is met at every change that is typed

    def __init__(self, drafts: Iterable[tuple[str, Mapping[str, Any], Mapping[str, Any]]]):
        self.drafts = list(drafts)
        self._ready: tuple[str, list[Draft]] = ("", [])
        self._met: dict[str, dict[int, list[Hit]]] = {}
        self._under: dict[str, list[Under]] = {}
        self._rubrics: dict[str, Rubric] = {}
        self._counts: dict[str, dict[str, Counter[Level]]] = {}
        self._begun: tuple[str, list[Under], dict[str, dict[int, list[Hit]]]] | None = None

    @property
    def knows_any(self) -> bool:
        """Whether a version was met already."""
        return bool(self._under)

    def under(self, rubric: Rubric, tell: Callable[[int], None] = lambda done: None) -> list[Under]:
        """Every draft under a version, in order. `tell` is called with how many are done, where all must be done anew."""
        if rubric.digest not in self._under:
            machine = machine_of(rubric)
            known = self._closest(rubric)
            self._under[rubric.digest] = self._all(machine, tell) if known is None else self._from(known, machine)
            self._rubrics[rubric.digest] = rubric
        under = self._under[rubric.digest] = self._under.pop(rubric.digest)  # the last to be forgotten
        while len(self._under) > self.VERSIONS:
            oldest = next(iter(self._under))
            for kept in (self._under, self._rubrics, self._counts):
                kept.pop(oldest, None)
        return under

    def ready(self, machine: Machine) -> list[Draft]:
        """The drafts folded and cut, with the facts of their tasks, under the version's parts and facts."""
        for _ in self._made_ready(machine):
            pass
        return self._ready[1]

    def _made_ready(self, machine: Machine) -> Iterator[Draft]:
        digest = _digest(machine.rubric.parts, machine.rubric.facts)
        if self._ready[0] != digest:
            self._ready = (digest, [])
            self._met.clear()
        drafts = self._ready[1]
        for number, each in enumerate(self.drafts):
            if number == len(drafts):
                drafts.append(ready(machine, *each))
                look_for_exceptions(machine, drafts[-1])  # kept in the draft, as any change may ask for it
            yield drafts[number]

    def _closest(self, rubric: Rubric) -> Rubric | None:
        """A version met before with the same parts and facts: what it says of a draft stays where no changed check is met."""
        found = [
            each
            for each in self._rubrics.values()
            if (each.parts, each.facts) == (rubric.parts, rubric.facts) and _same_order(each, rubric)
        ]
        return min(found, key=lambda each: len(changed_checks(each, rubric)), default=None)

    def _all(self, machine: Machine, tell: Callable[[int], None]) -> list[Under]:
        """Every draft anew. Where `tell` raises (someone left the page), what was done is gone on with."""
        keys = {entry: key for key, entry in _entries(machine).items()}
        names = [check.name for check in machine.checks]
        if self._begun is None or self._begun[0] != machine.rubric.digest:
            self._begun = (machine.rubric.digest, [], {key: {} for key in keys.values()})
        _, made, kept = self._begun
        for number, draft in enumerate(self._made_ready(machine)):
            if number < len(made):
                continue
            found: dict[int, list[Hit]] = {}
            for entry, hits in met_entries(machine, draft):
                found.setdefault(entry.check, []).extend(hits)
                kept[keys[entry]][number] = hits
            made.append(_under(machine, draft, found, names))
            if number % 200 == 199:
                tell(number + 1)
        self._met |= kept
        self._begun = None
        return made

    def _from(self, known: Rubric, machine: Machine) -> list[Under]:
        """Under a version, by what is known under another with the same parts and facts."""
        drafts, rubric, old = self.ready(machine), machine.rubric, machine_of(known)
        names = [check.name for check in machine.checks]
        places = {name: place for place, name in enumerate(names)}
        affected = _affected(known, rubric)
        touched = self._touched(old, machine)
        met: dict[int, dict[int, list[Hit]]] = {number: {} for number in touched}
        for key, entry in _entries(machine).items():
            if names[entry.check] in affected:
                by_draft = self._met_in(machine, key, entry)
                for number in by_draft.keys() & touched:
                    met[number].setdefault(entry.check, []).extend(by_draft[number])
        asked = [
            each
            for each in rubric.dimensions
            if affected & _named(machine, each) or ((before := _own(known, each.key)) and affected & _named(old, before))
        ]
        made = list(self._under[known.digest])
        for number, found in met.items():
            draft, was = drafts[number], made[number]
            if was.is_blank:
                continue
            beside = {places[name]: hits for name, hits in was.hits.items() if name in places and name not in affected}
            made[number] = _levelled(machine, draft, was, settled(machine, draft, found, beside), asked, names)
        lines = [each for each in rubric.dimensions if _levelling(known, each.key) != _levelling(rubric, each.key)]
        if lines or known.keys != rubric.keys:
            for number, draft in enumerate(drafts):
                if made[number].is_blank:
                    made[number] = _under(machine, draft, {}, names)
                else:
                    by_check = {places[name]: hits for name, hits in made[number].hits.items() if name in places}
                    made[number] = _levelled(machine, draft, made[number], by_check, lines, names)
        return made

    def _touched(self, old: Machine, new: Machine) -> set[int]:
        """The drafts in which a changed check is met otherwise than before, or is met and settles by other rules."""
        touched: set[int] = set()
        both = [(machine, _entries(machine)) for machine in (old, new)]
        for name in changed_checks(old.rubric, new.rubric):
            mine = [
                {key: (machine, entry) for key, entry in entries.items() if machine.checks[entry.check].name == name}
                for machine, entries in both
            ]
            same = all(mine) and _settling(old, name) == _settling(new, name)
            for key in mine[0].keys() ^ mine[1].keys() if same else mine[0].keys() | mine[1].keys():
                touched |= self._met_in(*_first(mine, key)).keys()
        return touched

    def _met_in(self, machine: Machine, key: str, entry: Entry) -> dict[int, list[Hit]]:
        """The drafts, by number, in which an entry occurs, and where; looked for once."""
        if key not in self._met:
            while len(self._met) >= self.KEPT:
                self._met.pop(next(iter(self._met)))
            self._met[key] = {number: hits for number, hits in enumerate(met_by(machine, entry, self.ready(machine))) if hits}
        return self._met[key]

    def effect(self, before: Rubric, after: Rubric, tell: Callable[[int], None] = lambda done: None) -> Effect:
        """What the version `after` changes against `before`, for the dimensions that both have."""
        was, now = self.under(before, tell), self.under(after, tell)
        counts = self._counted(before)
        differing = [(number, one, two) for number, (one, two) in enumerate(zip(was, now, strict=True)) if one is not two]
        dimensions = {}
        for key in (each for each in after.keys if each in before.keys):
            table = Counter({(level, level): number for level, number in counts[key].items()})
            moved = [
                Moved(number, key, one.levels[key], two.levels[key], one.because[key], two.because[key])
                for number, one, two in differing
                if one.levels[key] != two.levels[key]
            ]
            for each in moved:
                table[each.before, each.before] -= 1
                table[each.before, each.after] += 1
            dimensions[key] = DimensionEffect(key, after.dimension(key).values, +table, tuple(moved))
        return Effect(before, after, len(self.drafts), changed_checks(before, after), dimensions)

    def _counted(self, rubric: Rubric) -> dict[str, Counter[Level]]:
        if rubric.digest not in self._counts:
            self._counts[rubric.digest] = {key: Counter(each.levels[key] for each in self.under(rubric)) for key in rubric.keys}
        return self._counts[rubric.digest]

    def said(self, made: Effect, moved: Moved) -> Said:
        """What moved a draft: where checks are met that its dimension asks for in one version, and not so in the other."""
        rubrics = made.before, made.after
        hits = [self.under(rubric)[moved.draft].hits for rubric in rubrics]
        named = [_named(machine_of(rubric), rubric.dimension(moved.dimension)) for rubric in rubrics]
        said = []
        for rubric, mine, asked, theirs, also in (
            (rubrics[0], hits[0], named[0], hits[1], named[1]),
            (rubrics[1], hits[1], named[1], hits[0], named[0]),
        ):
            machine = machine_of(rubric)
            checks = {check.name: check for check in machine.checks}
            draft = ready(machine, *self.drafts[moved.draft])
            said.append(
                tuple(
                    finding_of(checks[name], draft, hit)
                    for name in sorted(asked & set(mine))
                    for hit in mine[name]
                    if not (name in also and _spots([hit]) & _spots(theirs.get(name, ())))
                )
            )
        return Said(*said)


def _spots(hits: Iterable[Hit]) -> set[tuple[int, int, str, bool]]:
    return {hit[1:] for hit in hits}


def _settling(machine: Machine, name: str) -> Any:
    """What of a check decides whether its hits stand, apart from where it is met."""
    check = next(each for each in machine.checks if each.name == name)
    return check.model_copy(update={"tokens": (), "hit": (), "miss": (), "message": "", "differs": None, "link": None})


def _affected(before: Rubric, after: Rubric) -> set[str]:
    """The changed checks, those that ask, at one or more removes, for one of them beside them, and those that such a check asks
    for: it sees them as they are before anything takes their hits back."""
    found = set(changed_checks(before, after))
    checks = [check for rubric in (before, after) for dimension in rubric.dimensions for check in dimension.checks]
    while True:
        groups = {check.group for check in checks if check.name in found and check.group}
        more = {check.name for check in checks for near in (check.near, check.apart) if near and (found | groups) & set(near.of)}
        asked = {
            name for check in checks if check.name in found for near in (check.near, check.apart) if near for name in near.of
        }
        more |= {check.name for check in checks if {check.name, check.group} & asked}
        if more <= found:
            return found
        found |= more


def _entries(machine: Machine) -> dict[str, Entry]:
    """What is looked for, by a digest of the pattern and of all in its check and fact that decides where it is met."""
    facts = {fact.key: fact for fact in machine.rubric.facts}
    of_check = [
        _digest(check.extends, check.scope, check.compare, check.inflect, check.min, check.max, facts.get(check.fact or ""))
        for check in machine.checks
    ]
    alone = [Entry(place, "", "") for place in machine.alone]
    return {
        f"{of_check[entry.check]} {machine.checks[entry.check].name} {entry.key} {entry.pattern}": entry
        for entry in (*machine.entries, *alone)
    }


def _first(mine: Sequence[Mapping[str, tuple[Machine, Entry]]], key: str) -> tuple[Machine, str, Entry]:
    machine, entry = next(each[key] for each in mine if key in each)
    return machine, key, entry


def _under(machine: Machine, draft: Draft, found: Mapping[int, list[Hit]], names: Sequence[str]) -> Under:
    if reason := not_scorable(draft):
        return Under(dict.fromkeys(machine.rubric.keys), dict.fromkeys(machine.rubric.keys, reason), {}, True)
    kept = settled(machine, draft, found)
    levels, because = {}, {}
    for dimension in machine.rubric.dimensions:
        levels[dimension.key], line, reason = level_of(machine, dimension, draft, kept)
        because[dimension.key] = line or reason
    return Under(levels, because, {names[place]: tuple(hits) for place, hits in kept.items()})


def _levelled(
    machine: Machine,
    draft: Draft,
    was: Under,
    kept: Mapping[int, Sequence[Hit]],
    dimensions: Sequence[Dimension],
    names: Sequence[str],
) -> Under:
    """What a draft is with the hits `kept`, when only these dimensions can have changed; the same object when nothing has."""
    levels, because = dict(was.levels), dict(was.because)
    for dimension in dimensions:
        levels[dimension.key], line, reason = level_of(machine, dimension, draft, kept)
        because[dimension.key] = line or reason
    hits = {names[place]: tuple(of_check) for place, of_check in kept.items()}
    made = Under(levels, because, hits)
    return was if made == was else made


def check_digests(rubric: Rubric) -> dict[str, str]:
    """The digest of each check by its name, in the order of the file: of the check, and of the fact it reads."""
    facts = {fact.key: fact for fact in rubric.facts}
    return {
        check.name: _digest(check, facts.get(check.fact or "")) for dimension in rubric.dimensions for check in dimension.checks
    }


def changed_checks(before: Rubric, after: Rubric) -> tuple[str, ...]:
    """The names of checks that are new, gone, or not the same."""
    was, now = check_digests(before), check_digests(after)
    return tuple(name for name in dict.fromkeys((*was, *now)) if was.get(name) != now.get(name))


def _named(machine: Machine, dimension: Dimension) -> set[str]:
    """The names of the checks that a dimension's lines ask for."""
    return {machine.checks[place].name for place in asked_for(machine, dimension)}


def _levelling(rubric: Rubric, key: str) -> Any:
    dimension = _own(rubric, key)
    return (dimension.scoring, dimension.values) if dimension else None


def _own(rubric: Rubric, key: str) -> Dimension | None:
    """The dimension of this key; an alias is another version's name, and no dimension of its own."""
    return next((each for each in rubric.dimensions if each.key == key), None)


def _same_order(before: Rubric, after: Rubric) -> bool:
    """Whether checks that ask for others stand in the same order in both: they are settled in it, one by what the other left."""
    one, two = (
        [check.name for dimension in rubric.dimensions for check in dimension.checks if check.near or check.apart]
        for rubric in (before, after)
    )
    return [name for name in one if name in two] == [name for name in two if name in one]


def _digest(*parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
