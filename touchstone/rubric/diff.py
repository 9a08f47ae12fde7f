"""What changed between two rubric versions: words, levels, the rule of agreement, checks.

Levels are matched by their value, dimensions by their key, checks by their name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from touchstone.english import listed, many
from touchstone.rubric.changes import (
    ChecksChange,
    TextChange,
    ValueChange,
    changed_order,
    changed_texts,
    changed_values,
    compare_checks,
)
from touchstone.rubric.model import Dimension, Level, Rubric
from touchstone.rubric.written_values import plain

WORDS, LEVELS, AGREEMENT, CHECKS = PARTS = ("words", "levels", "agreement", "checks")
IN_WORDS = {WORDS: "words", LEVELS: "levels", AGREEMENT: "rule of agreement", CHECKS: "scoring"}
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
ORDER = "order of the levels"
_TEXTS = ("title", "question", "guidance")
_OWN = {"name", "version", "title", "about", "fields", "dimensions", "digest"}


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
            or listed([ORDER if value.what == ORDER else "other names" for value in self.values])
            or "unchanged"
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
        return [dimension for dimension in self.dimensions.values() if dimension.is_changed]

    @property
    def to_label_again(self) -> tuple[str, ...]:
        """Keys of the dimensions a new round must measure: other words or levels, or new."""
        return tuple(key for key, revision in self.dimensions.items() if revision.changes_labels or revision.where == "after")

    @property
    def changes_about(self) -> bool:
        """Whether what is said about all dimensions changed."""
        return any(text.what == "about" for text in self.texts)

    @property
    def sentence(self) -> str:
        """What changed, in one sentence."""
        if self.before.digest == self.after.digest:
            return f"{self.before.name} and {self.after.name} are the same file: nothing differs."
        changed = self.changed
        told = [f"{dimension.title} ({dimension.in_words})" for dimension in changed]
        more = [text.what for text in self.texts] + [value.what for value in self.values]
        also = f"; for all dimensions, {listed(more)}" if more else ""
        if not changed:
            return (
                f"{self.after.name} differs from {self.before.name} in no dimension"
                + (also or ", only in the file's layout")
                + "."
            )
        return (
            f"{many(len(changed), 'dimension')} of {len(self.dimensions)} "
            f"{'differs' if len(changed) == 1 else 'differ'} between {self.before.name} and {self.after.name}: "
            f"{listed(told)}{also}."
        )

    def check(self, dimension: str, name: str) -> str:
        """A check of one of the versions in a few words."""
        found = next(
            each
            for rubric in (self.after, self.before)
            if (declared := _declared(rubric, dimension))
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
        old, new = _declared(before, key), _declared(after, key)
        if old and new:
            dimensions[key] = _revised(old, new)
        elif new:
            dimensions[key] = DimensionRevision(key, new.title, "after")
        elif old:
            dimensions[key] = DimensionRevision(key, old.title, "before")
    texts = changed_texts([(what, getattr(before, what), getattr(after, what)) for what in ("title", "about")])
    return Revision(before, after, tuple(texts), tuple(_values_for_all_dimensions(before, after)), dimensions)


def _values_for_all_dimensions(before: Rubric, after: Rubric) -> Iterator[ValueChange]:
    """What changed of the fields shown, of the order of the dimensions, and of whatever else a version holds."""
    old, new = ({field.key: plain(field) for field in rubric.fields} for rubric in (before, after))
    yield from changed_order("order of the fields", list(old), list(new))
    for key in dict.fromkeys((*old, *new)):
        yield from changed_values(f"field {key}", old.get(key), new.get(key))
    yield from changed_order("order of the dimensions", before.keys, after.keys)
    for name in type(after).model_fields:
        if name not in _OWN:
            yield from changed_values(name, plain(getattr(before, name, None)), plain(getattr(after, name)))


def _declared(rubric: Rubric, key: str) -> Dimension | None:
    """The dimension of this key; an alias is another version's name."""
    return next((dimension for dimension in rubric.dimensions if dimension.key == key), None)


def _revised(before: Dimension, after: Dimension) -> DimensionRevision:
    texts = tuple(changed_texts(_texts_of_both(before, after)))
    levels = list(_changed_levels(before, after))
    order = changed_order(ORDER, before.values, after.values)
    if not before.scale == after.scale == "nominal":  # where it means nothing
        levels, order = [*levels, *order], []
    agreement = list(changed_values("", plain(before.agreement), plain(after.agreement)))
    names = list(changed_values("aliases", plain(before.aliases), plain(after.aliases)))
    scoring = [
        change
        for name in type(after).model_fields
        if name not in _PART_OF and name not in ("key", "checks")
        for change in changed_values(name, plain(getattr(before, name, None)), plain(getattr(after, name)))
    ]
    checks = compare_checks(before.checks, after.checks)
    is_changed = {WORDS: texts, LEVELS: levels, AGREEMENT: agreement, CHECKS: scoring or checks}
    return DimensionRevision(
        after.key,
        after.title,
        "both",
        texts,
        (*levels, *order, *agreement, *names, *scoring),
        checks,
        tuple(part for part in PARTS if is_changed[part]),
    )


def _texts_of_both(before: Dimension, after: Dimension) -> Iterator[tuple[str, str, str]]:
    """(what, before, after) of the dimension's own texts, and of the levels that both have."""
    for what in _TEXTS:
        yield what, getattr(before, what), getattr(after, what)
    for new in after.levels:
        if new.value in before.values:
            old = before.level(new.value)
            yield f"title of level {new.value}", old.title, new.title
            yield f"anchor of level {new.value}", old.anchor, new.anchor
            yield f"example of level {new.value}", old.example, new.example


def _changed_levels(before: Dimension, after: Dimension) -> Iterator[ValueChange]:
    for level in after.levels:
        if level.value not in before.values:
            yield ValueChange(f"level {level.value}", "", _in_words(level))
    for level in before.levels:
        if level.value not in after.values:
            yield ValueChange(f"level {level.value}", _in_words(level), "")
    yield from changed_values("scale", before.scale, after.scale)


def _in_words(level: Level) -> str:
    return f"{level.title}: {level.anchor}"
