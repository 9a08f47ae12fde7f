"""What changed between two rubric versions: words, levels, the rule of agreement, checks.

A text is compared word by word, as it is read: how it is broken into lines is no change. Levels are matched by their value,
dimensions by their key, checks by their name; whatever else a version holds is compared as plain values, so that a part this
module has never heard of still shows when it changes.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

import pydantic

from touchstone.english import listed, many
from touchstone.rubric.model import Dimension, Rubric

WORDS, LEVELS, AGREEMENT, CHECKS = PARTS = ("words", "levels", "agreement", "checks")
IN_WORDS = {WORDS: "words", LEVELS: "levels", AGREEMENT: "rule of agreement", CHECKS: "scoring"}
SAME, DELETED, INSERTED = "same", "deleted", "inserted"
MANY_WORDS = 2_000  # beyond which words that stand everywhere no longer anchor a match: it would take minutes
_TOKEN = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")
# What a dimension holds and which part it belongs to; whatever is not here is the scorer's.
_PART_OF = {
    "title": WORDS,
    "question": WORDS,
    "guidance": WORDS,
    "levels": LEVELS,
    "scale": LEVELS,
    "agreement": AGREEMENT,
    "aliases": "",
}
_TEXTS = ("title", "question", "guidance")
_OWN = {"name", "version", "title", "about", "fields", "dimensions", "digest"}


class Stretch(NamedTuple):
    """Words in a row that are the same, deleted or inserted. Stretches in order, joined, read as both versions do."""

    kind: str
    text: str


class TextChange(NamedTuple):
    """A text that changed; `what` says which ("guidance", "anchor of level 2")."""

    what: str
    before: str
    after: str

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        return word_diff(self.before, self.after)

    def as_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "before": self.before,
            "after": self.after,
            "words": [each._asdict() for each in self.stretches],
        }


class ItemsChange(NamedTuple):
    """What of a list went and what came, each item in words; `kept` of them stand in both. Neither: the order alone changed."""

    removed: tuple[str, ...]
    added: tuple[str, ...]
    kept: int


class ValueChange(NamedTuple):
    """Anything else that changed, as it is written; "" where it was not there, or is there no longer. `items` of a list."""

    what: str
    before: str
    after: str
    items: ItemsChange | None = None

    @property
    def by_number(self) -> bool:
        """Whether it is a list told in a few words: texts to find or to score, another order."""
        return self.items is not None and (
            self.what.split()[-1:] in (["hit"], ["miss"], ["examples"]) or not self.items.removed and not self.items.added
        )

    @property
    def sides(self) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
        """What to read on either side, a line each: of a list what went and what came; of texts to find or to score how many."""
        found = self.items
        if found is None:
            return tuple(tuple(Stretch(SAME, each) for each in (value,) if each) for value in (self.before, self.after))
        if not found.removed and not found.added:
            return (Stretch(SAME, many(found.kept, "entry", "entries")),), (Stretch(SAME, "the same in another order"),)
        if self.by_number:
            return tuple(
                (Stretch(SAME, many(found.kept + len(which), "text") + (f", {len(which)} {word}" if which else "")),)
                for which, word in ((found.removed, "gone"), (found.added, "new"))
            )
        more = (Stretch(SAME, f"{found.kept} more as before"),) if found.kept else ()
        return (
            tuple(Stretch(DELETED, each) for each in found.removed) + more,
            tuple(Stretch(INSERTED, each) for each in found.added) + more,
        )

    def as_json(self) -> dict[str, Any]:
        return {"what": self.what, "before": self.before, "after": self.after}


class CheckChange(NamedTuple):
    name: str
    values: tuple[ValueChange, ...]


@dataclass(frozen=True)
class ChecksChange:
    """Checks by their names."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[CheckChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def as_json(self) -> dict[str, Any]:
        return {
            "added": list(self.added),
            "removed": list(self.removed),
            "changed": [{"name": each.name, "values": [one.as_json() for one in each.values]} for each in self.changed],
        }


@dataclass(frozen=True)
class DimensionRevision:
    """One dimension of two versions. `where`: "both", "before" (removed) or "after" (added). `parts` are those of PARTS that
    changed; a dimension of one version alone has none."""

    key: str
    title: str
    where: str
    texts: tuple[TextChange, ...] = ()
    values: tuple[ValueChange, ...] = ()
    checks: ChecksChange = ChecksChange()
    parts: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        return self.where != "both" or bool(self.texts or self.values or self.checks)

    @property
    def changes_labels(self) -> bool:
        """Whether a label under the version before need not mean what it means under the one after: other words or levels. A
        threshold or a check changes no label."""
        return self.where == "both" and (WORDS in self.parts or LEVELS in self.parts)

    @property
    def in_words(self) -> str:
        return (
            {"before": "removed", "after": "added"}.get(self.where)
            or listed([IN_WORDS[each] for each in self.parts])
            or ("other names" if self.values else "unchanged")
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "in": self.where,
            "parts": list(self.parts),
            "changes_labels": self.changes_labels,
            "texts": [each.as_json() for each in self.texts],
            "values": [each.as_json() for each in self.values],
            "checks": self.checks.as_json(),
        }


@dataclass(frozen=True)
class Revision:
    """Two rubric versions; `texts` and `values` are those about all dimensions (title, about, fields). `dimensions` has every
    dimension of either, in the order of the later version."""

    before: Rubric
    after: Rubric
    texts: tuple[TextChange, ...]
    values: tuple[ValueChange, ...]
    dimensions: Mapping[str, DimensionRevision]

    @property
    def changed(self) -> list[DimensionRevision]:
        return [each for each in self.dimensions.values() if each.is_changed]

    @property
    def to_label_again(self) -> tuple[str, ...]:
        """Keys of the dimensions a new round must measure: other words or levels, or new."""
        return tuple(key for key, each in self.dimensions.items() if each.changes_labels or each.where == "after")

    @property
    def changes_about(self) -> bool:
        """Whether what is said about all dimensions changed."""
        return any(each.what == "about" for each in self.texts)

    @property
    def sentence(self) -> str:
        """What changed, in one sentence."""
        if self.before.digest == self.after.digest:
            return f"{self.before.name} and {self.after.name} are the same file: nothing differs."
        found = self.changed
        told = [f"{each.title} ({each.in_words})" for each in found]
        more = [each.what for each in (*self.texts, *self.values)]
        also = f"; for all dimensions, {listed(more)}" if more else ""
        if not found:
            return (
                f"{self.after.name} differs from {self.before.name} in no dimension"
                + (also or ", only in how the file is laid out")
                + "."
            )
        return (
            f"{many(len(found), 'dimension')} of {len(self.dimensions)} "
            f"{'differs' if len(found) == 1 else 'differ'} between {self.before.name} and {self.after.name}: "
            f"{listed(told)}{also}."
        )

    def check(self, dimension: str, name: str) -> str:
        """A check of one of the versions in a few words."""
        found = next(
            each
            for rubric in (self.after, self.before)
            if (declared := _of(rubric, dimension))
            for each in declared.checks
            if each.name == name
        )
        tokens = f", {many(len(found.tokens), 'token')}" if found.tokens else ""
        return f"{found.extends}{tokens}: {found.message}"

    def as_json(self) -> dict[str, Any]:
        """The document of `diff-rubrics --json`."""
        return {
            "before": {"name": self.before.name, "digest": self.before.digest},
            "after": {"name": self.after.name, "digest": self.after.digest},
            "sentence": self.sentence,
            "texts": [each.as_json() for each in self.texts],
            "values": [each.as_json() for each in self.values],
            "to_label_again": list(self.to_label_again),
            "dimensions": {key: each.as_json() for key, each in self.dimensions.items()},
        }


def revise(before: Rubric, after: Rubric) -> Revision:
    """What changed from one version to the other."""
    dimensions: dict[str, DimensionRevision] = {}
    for key in dict.fromkeys((*after.keys, *before.keys)):
        old, new = _of(before, key), _of(after, key)
        if old and new:
            dimensions[key] = _dimension(old, new)
        else:
            dimensions[key] = DimensionRevision(key, (new or old).title, "after" if new else "before")
    texts = tuple(_texts([(what, getattr(before, what), getattr(after, what)) for what in ("title", "about")]))
    values = _order("order of the fields", *([each.key for each in one.fields] for one in (before, after)))
    fields = [{each.key: plain(each) for each in one.fields} for one in (before, after)]
    values += [
        change
        for key in dict.fromkeys((*fields[0], *fields[1]))
        for change in _values(f"field {key}", fields[0].get(key), fields[1].get(key))
    ]
    values += _order("order of the dimensions", before.keys, after.keys)
    values += [
        change
        for name in type(after).model_fields
        if name not in _OWN
        for change in _values(name, plain(getattr(before, name, None)), plain(getattr(after, name)))
    ]
    return Revision(before, after, texts, tuple(values), dimensions)


def _of(rubric: Rubric, key: str) -> Dimension | None:
    return next((each for each in rubric.dimensions if each.key == key), None)


def _dimension(before: Dimension, after: Dimension) -> DimensionRevision:
    pairs = [(what, getattr(before, what), getattr(after, what)) for what in _TEXTS]
    common = [(old, new) for new in after.levels for old in before.levels if old.value == new.value]
    pairs += [
        (f"{what} of level {new.value}", getattr(old, what), getattr(new, what))
        for old, new in common
        for what in ("title", "anchor")
    ]
    texts = list(_texts(pairs))
    levels = [
        ValueChange(f"level {each.value}", "", f"{each.title}: {each.anchor}")
        for each in after.levels
        if each.value not in before.values
    ]
    levels += [
        ValueChange(f"level {each.value}", f"{each.title}: {each.anchor}", "")
        for each in before.levels
        if each.value not in after.values
    ]
    levels += _order("order of the levels", before.values, after.values)
    levels += _values("scale", before.scale, after.scale)
    agreement = list(_values("", plain(before.agreement), plain(after.agreement)))
    names = list(_values("also called", plain(before.aliases), plain(after.aliases)))
    scorer = [
        change
        for name in type(after).model_fields
        if name not in _PART_OF and name not in ("key", "checks")
        for change in _values(name, plain(getattr(before, name, None)), plain(getattr(after, name)))
    ]
    checks = compare_checks(before.checks, after.checks)
    found = {WORDS: texts, LEVELS: levels, AGREEMENT: agreement, CHECKS: scorer or checks}
    return DimensionRevision(
        after.key,
        after.title,
        "both",
        tuple(texts),
        (*levels, *agreement, *names, *scorer),
        checks,
        tuple(part for part in PARTS if found[part]),
    )


def compare_checks(before: Sequence[Any], after: Sequence[Any]) -> ChecksChange:
    """Two lists of checks, mappings or models, matched by `name`; one without a name by its place among those."""
    old, new = _by_name(before), _by_name(after)
    changed = [CheckChange(name, values) for name in new if name in old if (values := tuple(_values("", old[name], new[name])))]
    return ChecksChange(
        tuple(name for name in new if name not in old), tuple(name for name in old if name not in new), tuple(changed)
    )


def _by_name(checks: Sequence[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    met: Counter[str] = Counter()
    for each in map(plain, checks):
        name = str(each.get("name") or "") if isinstance(each, dict) else ""
        met[name] += 1
        found[f"{name} ({met[name]})" if met[name] > 1 and name else name or f"check without a name, no. {met[name]}"] = each
    return found


def plain(value: Any) -> Any:
    """A value of a rubric as dicts, lists and scalars."""
    if isinstance(value, pydantic.BaseModel):
        return plain(value.model_dump())
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return value


def _texts(pairs: Iterable[tuple[str, str, str]]) -> Iterable[TextChange]:
    return (TextChange(*each) for each in pairs if each[1].split() != each[2].split())


def _order(what: str, before: Sequence[Any], after: Sequence[Any]) -> list[ValueChange]:
    """Where what is in both stands in another order."""
    one, other = [each for each in before if each in after], [each for each in after if each in before]
    return [] if one == other else [ValueChange(what, written(list(before)), written(list(after)))]


def changes_of(before: Any, after: Any) -> tuple[ValueChange, ...]:
    """What changed from one value to another, mappings leaf by leaf, lists item by item."""
    return tuple(_values("", plain(before), plain(after)))


def _values(what: str, before: Any, after: Any) -> Iterable[ValueChange]:
    """Leaf by leaf where both are mappings, or lists of mappings with a key, so that a changed leaf is told and not the whole."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from _values(f"{what} {key}".strip(), before.get(key), after.get(key))
    elif (old := _by_key(before)) is not None and (new := _by_key(after)) is not None and (old or new):
        for key in dict.fromkeys((*old, *new)):
            yield from _values(f"{what} {key}".strip(), old.get(key), new.get(key))
        yield from _order(f"order of the {what}".strip(), list(old), list(new))
    else:
        lists = [each if isinstance(each, list) else [] for each in (before, after)]
        is_list = isinstance(before, list | None) and isinstance(after, list | None)
        yield ValueChange(what, written(before), written(after), _items(*lists) if is_list else None)


def _by_key(value: Any) -> dict[str, Any] | None:
    """A list of mappings that each have a `key` of their own, by it; None for anything else."""
    keys = [each.get("key") if isinstance(each, dict) else None for each in value] if isinstance(value, list) else [None]
    return (
        None
        if None in keys or len(set(map(str, keys))) < len(keys)
        else {str(each["key"]): {name: one for name, one in each.items() if name != "key"} for each in value}
    )


def _items(before: Sequence[Any], after: Sequence[Any]) -> ItemsChange:
    left = list(after)
    removed = []
    for each in before:
        if each in left:
            left.remove(each)
        else:
            removed.append(each)
    return ItemsChange(tuple(map(in_words, removed)), tuple(map(in_words, left)), len(before) - len(removed))


def in_words(item: Any) -> str:
    """One item of a list for people: a text in quotes, a scoring line as one reads it."""
    if isinstance(item, str):
        return f"“{item}”"
    if not isinstance(item, dict) or not ("because" in item or item.get("not_scorable")):
        return written(item)
    gives = f"not scorable: {item['not_scorable']}" if item.get("not_scorable") else f"{item.get('level')}: {item.get('because')}"
    asks = [
        f"{key} {_asked(value)}"
        for key, value in item.items()
        if key not in ("level", "because", "not_scorable") and written(value)
    ]
    return gives + (f" ({'; '.join(asks).replace('_', ' ')})" if asks else "")


def _asked(value: Any) -> str:
    """What a scoring line asks for, behind its key."""
    if isinstance(value, dict) and {"count", "of"} <= set(value):
        return f"{value['count']} of {written(value['of'])}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {written(each).replace(', ', ' or ')}" for key, each in value.items())
    return written(value)


def written(value: Any) -> str:
    """A plain value as one would write it: lists with commas, mappings as "key: value" without what is empty, nothing as ""."""
    if value is None or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(f"[{written(each)}]" if isinstance(each, list | dict) else written(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {written(each)}" for key, each in value.items() if written(each))
    return str(value)


def word_diff(before: str, after: str) -> tuple[Stretch, ...]:
    """Two texts as stretches of words. The space before a word goes with it, and is no difference of its own.

    >>> [tuple(each) for each in word_diff("Company name.", "Company name and a signal.")]
    [('same', 'Company name'), ('inserted', ' and a signal'), ('same', '.')]
    """
    old, new = _tokens(before), _tokens(after)
    words = [[word for word, _ in tokens] for tokens in (old, new)]
    matcher = SequenceMatcher(None, *words, autojunk=max(map(len, words)) > MANY_WORDS)
    found: list[Stretch] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            found.append(Stretch(SAME, _joined(new[c:d])))
        else:
            found += [Stretch(each, _joined(tokens)) for each, tokens in ((DELETED, old[a:b]), (INSERTED, new[c:d])) if tokens]
    return tuple(found)


def _tokens(text: str) -> list[tuple[str, str]]:
    """Words and marks, each with the space before it."""
    text, found, end = text.strip(), [], 0
    for match in _TOKEN.finditer(text):
        found.append((match[0], text[end : match.start()]))
        end = match.end()
    return found


def _joined(tokens: Sequence[tuple[str, str]]) -> str:
    return "".join(space + word for word, space in tokens)
