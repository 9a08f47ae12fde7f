"""What changed from one value of a rubric to another: texts, values leaf by leaf, checks by their names.

Values are compared as plain ones (dicts, lists, scalars), so that a part this module has never heard of still shows when it
changes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from touchstone.english import many
from touchstone.rubric.word_diff import DELETED, INSERTED, SAME, Stretch, word_diff
from touchstone.rubric.written_values import in_words, plain, written


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
            "words": [stretch._asdict() for stretch in self.stretches],
        }


class ItemsChange(NamedTuple):
    """What of a list went and what came, each item in words; `kept` of them stand in both. Neither: the order alone changed."""

    removed: tuple[str, ...]
    added: tuple[str, ...]
    kept: int


Sides = tuple[tuple[Stretch, ...], tuple[Stretch, ...]]  # before and after


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
    def sides(self) -> Sides:
        """What to read on either side, a line each: of a list what went and what came; of texts to find or to score how many."""
        if self.items is None:
            return _as_same(self.before), _as_same(self.after)
        removed, added, kept = self.items
        if not removed and not added:
            return _as_same(many(kept, "entry", "entries")), _as_same("the same in another order")
        if self.by_number:
            return _counted(kept, removed, "gone"), _counted(kept, added, "new")
        more = (Stretch(SAME, f"{kept} more as before"),) if kept else ()
        return (tuple(Stretch(DELETED, item) for item in removed) + more, tuple(Stretch(INSERTED, item) for item in added) + more)

    def as_json(self) -> dict[str, Any]:
        return {"what": self.what, "before": self.before, "after": self.after}


def _as_same(text: str) -> tuple[Stretch, ...]:
    return (Stretch(SAME, text),) if text else ()


def _counted(kept: int, differing: Sequence[str], word: str) -> tuple[Stretch, ...]:
    """How many texts there are, and how many of them are only on this side: "12 texts, 2 new"."""
    return _as_same(many(kept + len(differing), "text") + (f", {len(differing)} {word}" if differing else ""))


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
            "changed": [{"name": check.name, "values": [value.as_json() for value in check.values]} for check in self.changed],
        }


def changed_texts(pairs: Iterable[tuple[str, str, str]]) -> Iterator[TextChange]:
    """Of (what, before, after) those whose words differ."""
    return (TextChange(what, before, after) for what, before, after in pairs if before.split() != after.split())


def changed_order(what: str, before: Sequence[Any], after: Sequence[Any]) -> list[ValueChange]:
    """Where what is in both stands in another order."""
    in_both = [item for item in before if item in after], [item for item in after if item in before]
    return [] if in_both[0] == in_both[1] else [ValueChange(what, written(list(before)), written(list(after)))]


def changes_of(before: Any, after: Any) -> tuple[ValueChange, ...]:
    """What changed from one value to another, mappings leaf by leaf, lists item by item."""
    return tuple(changed_values("", plain(before), plain(after)))


def changed_values(what: str, before: Any, after: Any) -> Iterator[ValueChange]:
    """Leaf by leaf where both are mappings, or lists of mappings with a key, so that a changed leaf is told and not the whole."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _changed_entries(what, before, after)
        return
    old, new = _by_key(before), _by_key(after)
    if old is not None and new is not None and (old or new):
        yield from _changed_entries(what, old, new)
        yield from changed_order(f"order of the {what}".strip(), list(old), list(new))
        return
    is_list = isinstance(before, list | None) and isinstance(after, list | None)
    yield ValueChange(what, written(before), written(after), _changed_items(before or [], after or []) if is_list else None)


def _changed_entries(what: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[ValueChange]:
    for key in dict.fromkeys((*before, *after)):
        yield from changed_values(f"{what} {key}".strip(), before.get(key), after.get(key))


def _by_key(value: Any) -> dict[str, Any] | None:
    """A list of mappings that each have a `key` of their own, by it; None for anything else."""
    if not isinstance(value, list):
        return None
    keys = [item.get("key") if isinstance(item, dict) else None for item in value]
    if None in keys or len(set(map(str, keys))) < len(keys):
        return None
    return {str(item["key"]): {name: part for name, part in item.items() if name != "key"} for item in value}


def _changed_items(before: Sequence[Any], after: Sequence[Any]) -> ItemsChange:
    left = list(after)
    removed = []
    for item in before:
        if item in left:
            left.remove(item)
        else:
            removed.append(item)
    return ItemsChange(tuple(map(in_words, removed)), tuple(map(in_words, left)), len(before) - len(removed))


def compare_checks(before: Sequence[Any], after: Sequence[Any]) -> ChecksChange:
    """Two lists of checks, mappings or models, matched by `name`; one without a name by its place among those."""
    old, new = _by_name(before), _by_name(after)
    changed = [
        CheckChange(name, values) for name in new if name in old and (values := tuple(changed_values("", old[name], new[name])))
    ]
    return ChecksChange(
        tuple(name for name in new if name not in old), tuple(name for name in old if name not in new), tuple(changed)
    )


def _by_name(checks: Sequence[Any]) -> dict[str, Any]:
    by_name: dict[str, Any] = {}
    times: Counter[str] = Counter()
    for check in map(plain, checks):
        name = str(check.get("name") or "") if isinstance(check, dict) else ""
        times[name] += 1
        if not name:
            by_name[f"check without a name, no. {times[name]}"] = check
        else:
            by_name[name if times[name] == 1 else f"{name} ({times[name]})"] = check
    return by_name
