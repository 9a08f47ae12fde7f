"""Layers one and two: held tasks that share a key, a field, or a name in a field with a train task."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from touchstone.bench.leaks.compared import ComparedTask, field_names, without_numbers, words_alone
from touchstone.bench.leaks.names import names_in
from touchstone.bench.leaks.rarity import is_rare, names_tasks
from touchstone.english import many

DIGITS = 32  # of a digest that stands for a long value
SHOWN = 5  # train tasks of one held task for one reason


class Shared(NamedTuple):
    """A held and a train task (positions) that share something: `what` in general, and of these two (`value`, "" where it is
    long); `tasks` train tasks have it."""

    held: int
    train: int
    what: str
    value: str
    tasks: int

    @property
    def why(self) -> str:
        return f"{self.what}{f': {self.value}' if self.value else ''} ({many(self.tasks, 'train task')} {self._verb})"

    @property
    def _verb(self) -> str:
        return "has it" if self.tasks == 1 else "have it"


def equal_keys(train: Sequence[ComparedTask], held: Sequence[ComparedTask]) -> Iterator[Shared]:
    """Tasks of equal id, origin or group: the one layer that is certain, where keys were kept when the tasks were made."""
    yield from _shared("the same id", [task.id for task in train], [task.id for task in held])
    yield from _shared("the same origin", [task.origin for task in train], [task.origin for task in held])
    for key in dict.fromkeys(key for task in held for key in task.groups):
        ours, theirs = ([task.groups.get(key, "") for task in tasks] for tasks in (train, held))
        yield from _shared(f"the same {key}", ours, theirs)


def equal_fields(train: Sequence[ComparedTask], held: Sequence[ComparedTask]) -> Iterator[Shared]:
    """Tasks of equal input, or with a field, or a name in a field, that is equal and rare: that few train tasks have, in a field
    whose value most often is its task's own. Case, punctuation, spacing and, in a field, numbers are left aside."""
    yield from _shared("every field is equal", [*map(_whole, train)], [*map(_whole, held)], told=False)
    for name in field_names(held):
        ours, theirs = ([task.fields.get(name, "") for task in tasks] for tasks in (train, held))
        for place, names in names_in(ours, theirs).items():
            yield from _rare(f"{name} names the same after “{place}”", *names)
        yield from _rare(f"{name} is equal, numbers aside", [*map(_value, ours)], [*map(_value, theirs)], told=False)


def _whole(task: ComparedTask) -> str:
    """The input in short: a digest of it without case and punctuation; "" where it is empty."""
    told = "\n".join(f"{name}\t{words_alone(text)}" for name, text in sorted(task.fields.items()))
    return _digest(told) if told else ""


def _value(text: str) -> str:
    """A field in short: a digest of it without numbers; "" where it names nothing."""
    told = without_numbers(text)
    return _digest(told) if told else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def _rare(what: str, ours: Sequence[str], theirs: Sequence[str], told: bool = True) -> Iterator[Shared]:
    """As `_shared`, of values that are rare, in a field that tells tasks apart."""
    known = Counter(value for value in ours if value)
    filled = known.total()
    if not names_tasks(known):
        return
    yield from _shared(what, ours, [value if is_rare(known[value], filled) else "" for value in theirs], told)


def _shared(what: str, ours: Sequence[str], theirs: Sequence[str], told: bool = True) -> Iterator[Shared]:
    """Equal values of train tasks (`ours`) and held tasks (`theirs`), "" where one has none: the first SHOWN of a held task."""
    wanted = {value for value in theirs if value}
    at: dict[str, list[int]] = defaultdict(list)
    known: Counter[str] = Counter()
    for place, value in enumerate(ours):
        if value in wanted:
            known[value] += 1
            if known[value] <= SHOWN:
                at[value].append(place)
    for place, value in enumerate(theirs):
        for other in at.get(value, ()):
            yield Shared(place, other, what, _short(value) if told else "", known[value])


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
