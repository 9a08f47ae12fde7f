"""A rubric's checks over one draft: which rule is met where.

    fold -> cut into parts -> one pass that says which patterns occur -> the places of those that do -> what takes a place back

The first pass is a set of patterns matched together, so its cost grows with the text and not with the number of phrases;
only patterns that occur are then looked for one by one. A finding is kept as a `Hit` in places of the folded text; it is
brought back to the draft as it came when it is drawn or printed.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from touchstone.data.task_input import as_text
from touchstone.rubric.model import Rubric
from touchstone.rubric.scoring_model import Check, Fact, Near, Unless
from touchstone.scorer.facts import NOTHING, Reader, Value, one_of
from touchstone.scorer.folding import Folded, fold, fold_phrase
from touchstone.scorer.patterns import (
    AT_LEAST,
    BARE,
    MONEY,
    NUMBER,
    amount_of,
    currency_of,
    key_of,
    number_of,
    phrase_pattern,
    spaced,
    template_pattern,
)
from touchstone.scorer.regex import PatternSet, compiled
from touchstone.scorer.segments import Cut, cut, sentences

FURTHEST = 600  # characters: what takes a hit back stands no further away, in a sentence that never ends
MOST_HITS = 10_000  # of one pattern in one draft: a draft of millions of them is no text


class Hit(NamedTuple):
    """One rule met at one place. `key` tells different phrases of a list apart; `holds` is False for a value that is not
    the task's."""

    check: int
    start: int
    end: int
    key: str
    holds: bool = True


class Entry(NamedTuple):
    """One pattern of one check."""

    check: int
    pattern: str
    key: str
    holes: tuple[str, ...] = ()


class Draft(NamedTuple):
    """A draft made ready: its text, its folded text, its parts, what is matched (bytes where it is ASCII), the task's facts.
    `seen` keeps where exceptions and names stand in it: they are asked for at each change of a check."""

    text: str
    folded: Folded
    cut: Cut
    target: bytes | str
    facts: Mapping[str, Value]
    seen: dict[str, Sequence[tuple[int, int]]]


class Prepared(NamedTuple):
    """What matching asks of a check at every draft: the kind of its fact, its exceptions as patterns, whether anything takes
    its hits back."""

    kind: str
    exceptions: tuple[str, ...]
    has_unless: bool
    passes_names: bool


class Machine(NamedTuple):
    """A rubric's checks compiled. `named` has the places of the checks that a name or a group stands for."""

    rubric: Rubric
    checks: tuple[Check, ...]
    prepared: tuple[Prepared, ...]
    readers: Mapping[str, Reader]
    alone: tuple[int, ...]  # checks whose hits are not of the set: token and length
    asking: tuple[int, ...]  # checks that look only at some tasks
    named: Mapping[str, tuple[int, ...]]
    entries: tuple[Entry, ...]
    occur: PatternSet
    order: tuple[int, ...]
    names: tuple[str, ...]  # facts that are names: a phrase inside one is no finding


_MACHINES: dict[tuple[str, str], Machine] = {}
_MOST_MACHINES = 16


def machine_of(rubric: Rubric) -> Machine:
    """The rubric's checks compiled, once for each digest. Raises ValueError in words for a pattern that cannot be taken."""
    key = (rubric.name, rubric.digest)
    if key not in _MACHINES:
        made = _compiled(rubric)
        if len(_MACHINES) >= _MOST_MACHINES:
            _MACHINES.pop(next(iter(_MACHINES)), None)
        _MACHINES[key] = made
    return _MACHINES[key]


def _compiled(rubric: Rubric) -> Machine:
    checks = tuple(check for dimension in rubric.dimensions for check in dimension.checks)
    named: dict[str, tuple[int, ...]] = {}
    for place, check in enumerate(checks):
        for name in {check.name, check.group or check.name}:
            named[name] = (*named.get(name, ()), place)
    facts = {fact.key: fact for fact in rubric.facts}
    entries = [entry for place, check in enumerate(checks) for entry in entries_of(place, check, facts)]
    order = sorted(range(len(checks)), key=lambda place: bool(checks[place].near or checks[place].apart))
    names = tuple(fact.key for fact in rubric.facts if fact.kind == "name")
    kinds = [facts[check.fact].kind if check.fact in facts else "" for check in checks]
    prepared = tuple(
        Prepared(
            kind,
            _exceptions(check),
            check.unless != Unless(),
            check.names or check.extends not in ("phrase", "token") or check.fact in names,
        )
        for check, kind in zip(checks, kinds, strict=True)
    )
    alone = tuple(place for place, check in enumerate(checks) if check.extends in ("token", "length"))
    asking = tuple(place for place, check in enumerate(checks) if check.given or check.missing)
    readers = {fact.key: Reader(fact) for fact in rubric.facts}
    return Machine(
        rubric,
        checks,
        prepared,
        readers,
        alone,
        asking,
        named,
        tuple(entries),
        PatternSet([each.pattern for each in entries]),
        tuple(order),
        names,
    )


def entries_of(place: int, check: Check, facts: Mapping[str, Fact]) -> list[Entry]:
    """The patterns of one check. Those of a token check depend on the task and are made when it is known."""
    if check.extends == "phrase":
        return [Entry(place, _edged(phrase_pattern(each, check.inflect), each), key_of(each)) for each in check.tokens]
    if check.extends in ("regex", "fact"):
        holes = _holes(facts.get(check.fact or ""), check.compare)
        made = [(template_pattern(each, holes), each) for each in check.tokens]
        for (pattern, _), _ in made:
            compiled(pattern)
        return [Entry(place, pattern, check.counts_as or check.name, names) for (pattern, names), _ in made]
    return []


def _holes(fact: Fact | None, compare: str = "equal") -> dict[str, str]:
    made = {"number": AT_LEAST if compare == "within" else NUMBER, "amount": MONEY, "bare": BARE}
    if fact is None:
        return made
    if fact.values:
        made["value"] = one_of(fact.values)
    if fact.nouns:
        made["noun"] = f"(?:{one_of(fact.nouns)})s?"
    return made


def _edged(pattern: str, phrase: str) -> str:
    """With word edges where the phrase begins and ends with an ASCII letter or digit; others are checked at the place."""
    folded = fold_phrase(phrase)
    left = r"\b" if folded[:1].isascii() and folded[:1].isalnum() else ""
    right = r"\b" if folded[-1:].isascii() and folded[-1:].isalnum() else ""
    return f"{left}(?:{pattern}){right}"


def ready(machine: Machine, text: str, given: Mapping[str, Any], extra: Mapping[str, Any]) -> Draft:
    """A draft of a task, folded and cut, with the task's facts."""
    parts = machine.rubric.parts
    folded = fold(text)
    thread = [_folded_field(as_text(given.get(name))) for name in parts.quoted.fields]
    made = cut(text, folded, parts, thread)
    return Draft(
        text,
        folded,
        made,
        made.live.encode() if made.live.isascii() else made.live,
        {key: reader.value(given, extra) for key, reader in machine.readers.items()},
        {},
    )


@lru_cache(maxsize=2048)
def _folded_field(text: str) -> str:
    return fold(text).text


def hits_of(machine: Machine, draft: Draft) -> list[Hit]:
    """Every hit of every check, in the order of the checks and of the text."""
    found = settled(machine, draft, met(machine, draft))
    return [hit for place in sorted(found) for hit in found[place]]


def met(machine: Machine, draft: Draft) -> dict[int, list[Hit]]:
    """Where each check is met, by its place, before anything takes a hit back. A check that is met nowhere is left out."""
    found: dict[int, list[Hit]] = {}
    for entry, hits in met_entries(machine, draft):
        found.setdefault(entry.check, []).extend(hits)
    return found


def met_entries(machine: Machine, draft: Draft) -> Iterator[tuple[Entry, list[Hit]]]:
    """The entries that occur in a draft, each with where. A token or length check is one entry, without a pattern."""
    target = draft.target
    for place in machine.occur.found(target):
        entry = machine.entries[place]
        if hits := _places(entry, machine.checks[entry.check], machine, draft, target):
            yield entry, hits
    for place in machine.alone:
        if hits := _met_alone(place, machine, draft, target):
            yield Entry(place, "", ""), hits


def met_by(machine: Machine, entry: Entry, drafts: Iterable[Draft]) -> Iterator[list[Hit]]:
    """For each draft, where one entry of `met_entries` occurs: what a change of that entry alone can change."""
    check = machine.checks[entry.check]
    for draft in drafts:
        yield (
            _places(entry, check, machine, draft, draft.target)
            if entry.pattern
            else _met_alone(entry.check, machine, draft, draft.target)
        )


def settled(
    machine: Machine, draft: Draft, found: Mapping[int, list[Hit]], beside: Mapping[int, Sequence[Hit]] | None = None
) -> dict[int, list[Hit]]:
    """What stands of the places where checks are met: the task has what the check needs, and nothing takes it back.

    `beside` are checks settled already, which those of `found` may ask for; they come back as they are.
    """
    kept = {
        place: hits for place, hits in found.items() if place not in machine.asking or _asked_for(machine.checks[place], draft)
    }
    if not kept:
        return dict(beside) if beside else {}
    together = {**beside, **kept} if beside else kept
    _take_back(machine, draft, together, found.keys())
    return {place: _once(hits) if place in found else hits for place, hits in together.items()}


def _met_alone(place: int, machine: Machine, draft: Draft, target: bytes | str) -> list[Hit]:
    check = machine.checks[place]
    return _token_hits(place, check, machine, draft, target) if check.extends == "token" else _length_hits(place, check, draft)


def _asked_for(check: Check, draft: Draft) -> bool:
    """Whether the task has what a check needs of it, and nothing that it must not have."""
    return all(draft.facts.get(key, NOTHING).is_given for key in check.given) and not any(
        draft.facts.get(key, NOTHING).is_given for key in check.missing
    )


def _places(entry: Entry, check: Check, machine: Machine, draft: Draft, target: bytes | str) -> list[Hit]:
    """Where an entry occurs, in the check's scope, at word edges, with the value it has there held against the task's."""
    made = []
    fact = draft.facts.get(check.fact, NOTHING) if check.extends == "fact" else None
    kind = machine.prepared[entry.check].kind
    for number, match in enumerate(compiled(entry.pattern).finditer(target)):
        if number >= MOST_HITS:
            break
        start, end = match.span()
        if start == end or not _fits(draft.cut, check, start, end):
            continue
        holds: bool | None = True
        if fact is not None:
            holds = _held(check, kind, fact, entry.holes, match)
            if holds is None:
                continue
        made.append(Hit(entry.check, start, end, entry.key, holds))
    if made and check.extends != "regex" and "/" in draft.cut.live:
        made = _outside(made, _addresses(draft))  # the words of an address are nobody's
    return made


_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


def _addresses(draft: Draft) -> Sequence[tuple[int, int]]:
    if _ADDRESS.pattern not in draft.seen:
        draft.seen[_ADDRESS.pattern] = tuple(found.span() for found in _ADDRESS.finditer(draft.cut.live))
    return draft.seen[_ADDRESS.pattern]


def _fits(cut_: Cut, check: Check, start: int, end: int) -> bool:
    live = cut_.live
    where = "subject" if end <= cut_.subject else "body" if start >= cut_.subject else ""
    return where in check.scope and _at_edges(live, start, end)


def _at_edges(live: str, start: int, end: int) -> bool:
    """Whether a match begins and ends where words and numbers do."""
    first, last = live[start], live[end - 1]
    if start and first.isalnum():
        before = live[start - 1]
        if before.isalnum() or (first.isdigit() and before in ".,:" and start > 1 and live[start - 2].isdigit()):
            return False
    if end < len(live) and last.isalnum():
        after = live[end]
        if after.isalnum() or (last.isdigit() and after in ".,:" and end + 1 < len(live) and live[end + 1].isdigit()):
            return False
    return True


def _held(check: Check, kind: str, fact: Value, holes: tuple[str, ...], match: Any) -> bool | None:
    """Whether what a draft says is what the task says; None where the task says nothing it could differ from."""
    said = {name: _text(match, name) for name in holes}
    if kind == "counts":
        number = number_of(said["number"]) if "number" in said else 1
        if number is None:
            return None
        counts = fact.counts or {}
        noun = " ".join(said["noun"].split()) if "noun" in said else None
        there = _counted(counts, noun) if noun is not None else sum(counts.values())
        if check.compare == "within":
            return number <= there
        return number == there if there or fact.told else None
    if kind in ("number", "amount"):
        read = number_of if "number" in said else amount_of
        words = next(iter(said.values()), "")
        number = read(words)
        if number is None:
            return None
        if kind == "amount" and fact.currencies and (named := currency_of(words)) and named not in fact.currencies:
            return False
        if check.compare == "within":
            return bool(fact.numbers) and number <= max(fact.numbers)
        return number in fact.numbers if fact.numbers or fact.told else None
    word = key_of(said.get("value", ""))
    return word in fact.words if fact.words or fact.told else None


_JOINED = re.compile(r"[\s-]+")  # "dev-ops", "Dev Ops" and "DevOps" are one noun


def _counted(counts: Mapping[str, Any], noun: str) -> Any:
    """How many a task counts of a noun a draft writes: "ML engineers" and "ML" both stand for the task's "ML engineer"."""
    plain = {_JOINED.sub("", key): number for key, number in counts.items()}
    for each in (noun, noun.removesuffix("s")):
        if (joined := _JOINED.sub("", each)) in plain:
            return plain[joined]
    return sum(number for key, number in counts.items() if key.startswith(f"{noun} "))


def _text(match: Any, name: str) -> str:
    given = match.group(name)
    return "" if given is None else given.decode() if isinstance(given, bytes) else given


@lru_cache(maxsize=8192)
def _token_patterns(words: tuple[str, ...], inflect: bool) -> tuple[tuple[str, str], ...]:
    return tuple((_edged(phrase_pattern(word, inflect), word), key_of(word)) for word in words)


@lru_cache(maxsize=1024)
def _token_set(patterns: tuple[tuple[str, str], ...]) -> PatternSet:
    return PatternSet([pattern for pattern, _ in patterns])


def _token_hits(place: int, check: Check, machine: Machine, draft: Draft, target: bytes | str) -> list[Hit]:
    """The words a task's fact gives, looked up in the draft."""
    words = draft.facts.get(check.fact or "", NOTHING).words
    if not words:
        return []
    patterns = _token_patterns(words, check.inflect)
    found = _token_set(patterns).found(target) if len(patterns) > 1 else range(len(patterns))
    made = [hit for each in found for hit in _places(Entry(place, *patterns[each]), check, machine, draft, target)]
    if check.fact in machine.names:
        # A name of one word may be a word too: only its capital tells.
        made = [hit for hit in made if " " in hit.key or draft.text[draft.folded.span(hit.start, hit.end)[0]].isupper()]
    return made


_WORD = re.compile(r"\S*[^\W_]\S*")


def _length_hits(place: int, check: Check, draft: Draft) -> list[Hit]:
    begins = draft.cut.subject if "subject" not in check.scope else 0
    end = len(draft.cut.live) if "body" in check.scope else draft.cut.subject
    words = [found.span() for found in _WORD.finditer(draft.cut.live.replace("\0", " "), begins, end)]
    if check.max is not None and len(words) > check.max:
        return [Hit(place, words[check.max][0], words[-1][1], check.name)]
    if check.min is not None and len(words) < check.min and words:
        return [Hit(place, words[0][0], words[-1][1], check.name)]
    return []


# What takes a hit back: exceptions, names, negations in its clause, and what must or must not stand beside it.


def _take_back(machine: Machine, draft: Draft, found: dict[int, list[Hit]], places: Collection[int]) -> None:
    ends: list[int] | None = None
    for place in machine.order:
        hits = found.get(place) if place in places else None
        if not hits:
            continue
        check, prepared = machine.checks[place], machine.prepared[place]
        if prepared.exceptions:
            hits = _outside(hits, [span for pattern in prepared.exceptions for span in _spans(pattern, draft)])
        if hits and not prepared.passes_names:
            hits = _without_names(machine, draft, hits)
        if hits and (prepared.has_unless or check.near or check.apart):
            ends = sentences(draft.cut) if ends is None else ends
            if prepared.has_unless:
                hits = [hit for hit in hits if not _taken_back(machine, check.unless, draft.cut.live, hit, ends)]
            if check.near:
                near = _reached(machine, found, check.near, ends)
                hits = [hit for hit in hits if _sentence(ends, hit.start) in near]
            if check.apart:
                far = _reached(machine, found, check.apart, ends)
                hits = [hit for hit in hits if _sentence(ends, hit.start) not in far]
        if hits:
            found[place] = hits
        else:
            del found[place]


def _exceptions(check: Check) -> tuple[str, ...]:
    if check.extends in ("phrase", "token"):
        return tuple(_edged(phrase_pattern(each, check.inflect), each) for each in check.exceptions)
    return tuple(template_pattern(each, _holes(None))[0] for each in check.exceptions)


def _spans(pattern: str, draft: Draft) -> Sequence[tuple[int, int]]:
    if pattern not in draft.seen:
        draft.seen[pattern] = tuple(match.span() for match in compiled(pattern).finditer(draft.cut.live))
    return draft.seen[pattern]


def look_for_exceptions(machine: Machine, draft: Draft) -> None:
    """Look for what may take hits back before it is asked for: names and exceptions."""
    _names_in(machine, draft)
    for prepared in machine.prepared:
        for pattern in prepared.exceptions:
            _spans(pattern, draft)


def _without_names(machine: Machine, draft: Draft, hits: list[Hit]) -> list[Hit]:
    """Without what is part of a name: one the task gives, or a capital beside another capital in a plain sentence."""
    return [hit for hit in _outside(hits, _names_in(machine, draft)) if not _is_name(draft, hit)]


def _names_in(machine: Machine, draft: Draft) -> list[tuple[int, int]]:
    """Where the names that the task gives stand in a draft."""
    return [
        span
        for key in machine.names
        for pattern, _ in _token_patterns(draft.facts.get(key, NOTHING).words, False)
        for span in _spans(pattern, draft)
    ]


def _outside(hits: list[Hit], spans: list[tuple[int, int]]) -> list[Hit]:
    """The hits that lie in none of the spans."""
    if not spans:
        return hits
    spans = sorted(spans)
    starts = [start for start, _ in spans]
    furthest = list(accumulate((end for _, end in spans), max))
    return [hit for hit in hits if (place := bisect_right(starts, hit.start)) == 0 or furthest[place - 1] < hit.end]


_JOINS = re.compile(r" of the ([^\W\d_]\S*)")
_NEXT = re.compile(r" ([^\W\d_]\S*)")
_BEFORE = re.compile(r"([^\W\d_]\S*) $")


def _is_name(draft: Draft, hit: Hit) -> bool:
    start, end = draft.folded.span(hit.start, hit.end)
    text = draft.text
    said = text[start:end]
    if not said[:1].isupper() or said.isupper() or hit.start < draft.cut.subject or start == 0:
        return False
    if (joined := _JOINS.match(text, end)) and joined[1][0].isupper():
        return True  # "Makers of the North": who writes so writes a name, at the start of a sentence too
    before = text[max(0, start - 60) : start]
    if not before.strip() or before.rstrip(" \"'\u201c\u2018*_")[-1:] in ".!?:\n>-\u2022":
        return False  # a sentence begins with a capital anyway
    after = _NEXT.match(text, end)
    earlier = _BEFORE.search(before)
    beside = after and after[1][0].isupper() and after[1] or earlier and earlier[1][0].isupper() and earlier[1]
    if not beside:
        return False
    around = re.findall(r"[^\W\d_]{2,}", text[max(0, start - 80) : end + 80])
    return 2 * sum(word[0].isupper() for word in around) < len(around)


@lru_cache(maxsize=1024)
def _one_of(patterns: tuple[str, ...]):
    return compiled("|".join(f"(?:{spaced(each)})" for each in patterns), False)


def _sentence(ends: Sequence[int], place: int) -> int:
    return bisect_right(ends, place)


def _taken_back(machine: Machine, unless: Unless, live: str, hit: Hit, ends: Sequence[int]) -> bool:
    number = _sentence(ends, hit.start)
    begins = max(ends[number - 1] if number else 0, hit.start - FURTHEST)
    stops = min(ends[min(number, len(ends) - 1)], hit.end + FURTHEST)
    if unless.sentence and _one_of(unless.sentence).search(live[begins:stops]):
        return True
    if unless.inside and _one_of(unless.inside).search(live[hit.start : hit.end]):
        return True
    clauses = machine.rubric.parts.clauses
    if clauses:
        dividers = _one_of(clauses)
        begins += max((match.end() for match in dividers.finditer(live[begins : hit.start])), default=0)
        if cut_ := dividers.search(live[hit.end : stops]):
            stops = hit.end + cut_.start()
    return bool(
        unless.before
        and _one_of(unless.before).search(live[begins : hit.start])
        or unless.after
        and _one_of(unless.after).search(live[hit.end : stops])
    )


_REACH = {"same": (0,), "previous": (0, 1), "next": (0, -1), "around": (0, 1, -1)}


def _reached(machine: Machine, found: Mapping[int, list[Hit]], near: Near, ends: Sequence[int]) -> set[int]:
    """The sentences from which a finding of one of those named is within reach: of "previous", its own and the next one."""
    others = {
        _sentence(ends, hit.start)
        for name in near.of
        for place in machine.named.get(name, ())
        for hit in found.get(place, ())
        if hit.holds
    }
    return {number + step for number in others for step in _REACH[near.reach]}


def _once(hits: Iterable[Hit]) -> list[Hit]:
    """In the order of the text; of hits of one check and key that overlap, the one that differs or the longest."""
    made: list[Hit] = []
    for hit in sorted(hits, key=lambda each: (each.start, -each.end, each.holds)):
        if made and hit.start < made[-1].end and hit.key == made[-1].key:
            if not hit.holds and made[-1].holds and not any(hit.start < each.end and not each.holds for each in made[:-1]):
                made[-1] = hit
            continue
        made.append(hit)
    return made
