"""Which column of a table is what: said by people, kept with an import, offered for the next table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

ID, TEXT, SHOWN, SHOWN_AND_SLICE, SHOWN_AND_CLUSTER, AUTHOR, CLUSTER, PARTITION, SLICE, IGNORED = (
    "id",
    "text",
    "shown",
    "shown and slice",
    "shown and cluster",
    "author",
    "cluster",
    "partition",
    "slice",
    "ignored",
)
ROLES = {
    ID: "id of the task",
    TEXT: "text to judge",
    SHOWN: "shown beside the text",
    SHOWN_AND_SLICE: "shown beside the text, and field to slice by",
    SHOWN_AND_CLUSTER: "shown beside the text, and cluster",
    AUTHOR: "author of the text",
    CLUSTER: "cluster",
    PARTITION: "partition",
    SLICE: "field to slice by",
    IGNORED: "ignored",
}
BESIDE = (SHOWN, SHOWN_AND_SLICE, SHOWN_AND_CLUSTER)
CLUSTERS_BY = (CLUSTER, SHOWN_AND_CLUSTER)
ONE_EACH = ((ID,), (AUTHOR,), CLUSTERS_BY, (PARTITION,))


class TitledColumn(NamedTuple):
    """A column, and the title that annotators see above it; of a text to judge, its author."""

    column: str
    title: str


@dataclass(frozen=True)
class TableMapping:
    """`shown` in the order in which annotators see them. "" for a role that no column has; without an id, ids are derived from
    what the rows hold."""

    texts: tuple[TitledColumn, ...]
    id: str = ""
    shown: tuple[TitledColumn, ...] = ()
    author: str = ""
    cluster: str = ""
    partition: str = ""
    slices: tuple[str, ...] = ()

    @property
    def roles(self) -> dict[str, str]:
        """The role of each column that has one."""
        one_each = {ID: self.id, AUTHOR: self.author, CLUSTER: self.cluster, PARTITION: self.partition}
        return (
            {each.column: TEXT for each in self.texts}
            | dict.fromkeys(self.slices, SLICE)
            | {each.column: SHOWN_AND_SLICE if each.column in self.slices else SHOWN for each in self.shown}
            | {column: role for role, column in one_each.items() if column}
            | {each.column: SHOWN_AND_CLUSTER for each in self.shown if each.column == self.cluster}
        )

    @property
    def columns(self) -> list[str]:
        """Every column it names, as often as it does."""
        named = [each.column for each in (*self.texts, *self.shown)] + list(self.slices)
        return named + [each for each in (self.id, self.author, self.cluster, self.partition) if each]

    def wrong(self, columns: Sequence[str]) -> str:
        """Why a table with these columns cannot be read so; "" where it can."""
        named = self.columns
        if unknown := [each for each in named if each not in columns]:
            there = ", ".join(columns[:20]) + (f" and {len(columns) - 20} more" if len(columns) > 20 else "")
            return f"there is no column {unknown[0]}; the table has {there}"
        if not self.texts:
            return "no column is mapped as the text to judge; choose the one that people are to label"
        # A column may be shown, name the cluster and be a field to slice by, all at once; nothing else is two things.
        rest = [each for each in named if each not in self.slices]
        if self.cluster in [each.column for each in self.shown] and self.cluster in rest:
            rest.remove(self.cluster)
        if twice := [each for each in rest if rest.count(each) > 1]:
            return f"the column {twice[0]} is mapped twice; leave one out"
        if judged := [each.column for each in self.texts if each.column in (*self.slices, self.id)]:
            return f"the column {judged[0]} is mapped twice; leave one out"
        titles = [each.title for each in self.shown]
        if twice := [each for each in titles if titles.count(each) > 1]:
            return f"two columns are shown under the title {twice[0]}; give one another title"
        authors = [each.title for each in self.texts]
        if twice := [each for each in authors if authors.count(each) > 1]:
            return f"two texts have the author {twice[0]}; give one another"
        return ""

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "texts": [list(each) for each in self.texts],
            "shown": [list(each) for each in self.shown],
            "author": self.author,
            "cluster": self.cluster,
            "partition": self.partition,
            "slices": list(self.slices),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "TableMapping":
        """A mapping as `as_json` wrote it."""
        return cls(
            tuple(TitledColumn(*each) for each in kept["texts"]),
            kept["id"],
            tuple(TitledColumn(*each) for each in kept["shown"]),
            kept["author"],
            kept["cluster"],
            kept["partition"],
            tuple(kept["slices"]),
        )


class ColumnRole(NamedTuple):
    """What one column is said, or guessed, to be; `title` of a shown column or a text, `reason` of a guess."""

    column: str
    role: str
    title: str = ""
    reason: str = ""


def mapping_of(roles: Sequence[ColumnRole]) -> TableMapping:
    """The mapping that says of each column what these say; the shown ones in their order."""
    one = {each.role: each.column for each in reversed(roles)}
    titled = {
        some[0]: tuple(TitledColumn(each.column, each.title or each.column) for each in roles if each.role in some)
        for some in ((TEXT,), BESIDE)
    }
    return TableMapping(
        titled[TEXT],
        one.get(ID, ""),
        titled[SHOWN],
        one.get(AUTHOR, ""),
        one.get(CLUSTER, one.get(SHOWN_AND_CLUSTER, "")),
        one.get(PARTITION, ""),
        tuple(each.column for each in roles if each.role in (SLICE, SHOWN_AND_SLICE)),
    )


def more_than_one(roles: Sequence[ColumnRole]) -> str:
    """Of roles that one column has, the sentence on the first that several have; "" where none has."""
    for some in ONE_EACH:
        if len(named := [each.column for each in roles if each.role in some]) > 1:
            return f"{named[0]} and {named[1]} are both the {ROLES[some[0]]}; keep one"
    return ""
