"""What each column of a table may be, by its name and by what it holds. Guesses: whoever imports the table looks at them.

Nothing is guessed to be shown to annotators but what by its name people are given to read: a comment or a score of someone else
beside a text would sway them.
"""

import re
from collections.abc import Sequence

from touchstone.data.table.column_facts import ColumnFacts, facts_of
from touchstone.data.table.mapping import AUTHOR, CLUSTER, ID, IGNORED, PARTITION, SHOWN, SLICE, TEXT, ColumnRole
from touchstone.data.table.source_table import SourceTable
from touchstone.english import many

IDS = (
    "task_id",
    "id",
    "item_id",
    "example_id",
    "sample_id",
    "prompt_id",
    "ticket_id",
    "case_id",
    "record_id",
    "doc_id",
    "uid",
    "case",
    "ticket",
    "item",
)
_JUDGED = (
    "output outputs response responses reply replies answer answers completion completions draft drafts "
    "generation generated generated_text prediction predicted candidate candidates chosen rejected "
    "summary translation antwort antworten assistant"
)
PLAIN_TEXT = ("text", "texts", "body", "content")
_READ = (
    "input prompt question questions instruction instructions message messages context source request "
    "document passage article thread conversation dialogue history subject title query customer user "
    "scenario situation reference background system description anfrage frage nachricht betreff kontext"
)
JUDGED, READ = frozenset(_JUDGED.split()), frozenset(_READ.split())
AUTHORS = ("author", "model", "model_name", "system", "generator", "writer", "agent", "engine", "source_model", "modell", "autor")
CLUSTERS = ("cluster", "trace", "trace_id", "template", "template_id", "thread_id", "conversation_id", "session_id", "group_id")
PARTITIONS = ("partition", "split", "fold", "subset")
# Somebody's opinion on the text: never shown to who is to form one.
JUDGEMENTS = re.compile(
    r"label|score|rating|rated|grade|gold|annotat|review|comment|note|feedback|verdict|reason|rationale|judge|qa"
)
ROW_NUMBERS = re.compile(r"unnamed_?:?_?\d*|__index_level_\d+__|index|column_1|")


def guessed(table: SourceTable) -> list[ColumnRole]:
    """A role for each column, with the reason, in the table's order."""
    facts = facts_of(table)
    taken: dict[str, ColumnRole] = {}
    for column in facts:
        if ROW_NUMBERS.fullmatch(_plain(column.name)) and column.tells_apart and _counts_up(table, column.name):
            taken[column.name] = ColumnRole(column.name, IGNORED, reason="row numbers")
    _one(AUTHOR, AUTHORS, facts, taken)
    _one(CLUSTER, CLUSTERS, facts, taken)
    _one(PARTITION, PARTITIONS, facts, taken)
    _id(facts, taken)
    _texts(facts, taken)
    for column in facts:
        taken.setdefault(column.name, _rest(column))
    return [taken[column.name] for column in facts]


def _plain(name: str) -> str:
    """A name as it is compared: of the path of a nested field its last part."""
    return re.sub(r"[\s.\-:/]+", "_", name.strip().casefold().rsplit(".", 1)[-1])


def _parts(name: str) -> list[str]:
    """The words of a name: customer_message, customerMessage, "Customer message"."""
    return re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).casefold())


def _counts_up(table: SourceTable, name: str) -> bool:
    cells = table.cells(name)
    return cells in ([str(number) for number in range(first, first + len(cells))] for first in (0, 1))


def _one(role: str, names: Sequence[str], facts: Sequence[ColumnFacts], taken: dict[str, ColumnRole]) -> None:
    """The first column of one of these names that groups rows, or stands for one throughout."""
    for name in names:
        for column in facts:
            if column.name not in taken and _plain(column.name) == name and not column.could_hold_texts:
                taken[column.name] = ColumnRole(column.name, role, reason="by its name")
                return


def _id(facts: Sequence[ColumnFacts], taken: dict[str, ColumnRole]) -> None:
    free = [each for each in facts if each.name not in taken and each.filled and not each.could_hold_texts]
    by_name = [each for name in IDS for each in free if _plain(each.name) == name]
    by_name += [each for each in free if _parts(each.name)[-1:] in (["id"], ["nr"], ["no"], ["key"], ["uuid"])]
    for column in by_name:
        taken[column.name] = ColumnRole(column.name, ID, reason="by its name")
        return
    for column in free:
        if column.tells_apart:
            taken[column.name] = ColumnRole(column.name, ID, reason="each value stands once")
            return


def _texts(facts: Sequence[ColumnFacts], taken: dict[str, ColumnRole]) -> None:
    """What is judged, and what is read beside it, among the columns that could hold texts."""
    free = [each for each in facts if each.name not in taken and each.could_hold_texts]
    fair = [each for each in free if not JUDGEMENTS.search(each.name.casefold())]
    judged, why = [each for each in fair if _is_judged(each.name)], "by its name, and it holds texts"
    if not judged:
        judged = [each for each in fair if _plain(each.name) in PLAIN_TEXT][:1]
    if not judged and fair:
        unread = [each for each in fair if not set(_parts(each.name)) & READ]
        judged, why = (unread or fair)[-1:], "the last column of texts" if len(fair) > 1 else "the only column of texts"
    for column in judged:
        taken[column.name] = ColumnRole(column.name, TEXT, column.name, why)
    for column in facts:
        # Two models' texts, of which one has a few long ones: half a comparison is none.
        like = next((each.name for each in judged if _are_twins(each.name, column.name)), "")
        if like and column.name not in taken and column.filled and not JUDGEMENTS.search(column.name.casefold()):
            taken[column.name] = ColumnRole(column.name, TEXT, column.name, f"by its name, which is like {like}")
    for column in fair:
        if column.name not in taken and set(_parts(column.name)) & READ:
            taken[column.name] = ColumnRole(column.name, SHOWN, _title(column.name), "by its name, and it holds texts")


def _is_judged(name: str) -> bool:
    parts = _parts(name)
    return bool(set(parts[:1] + parts[-1:]) & JUDGED) or (parts[:1] == ["model"] and len(parts) < 3)


def _are_twins(one: str, other: str) -> bool:
    """Whether two names are of one kind: "summary A" and "summary B", "reply_1" and "reply_2"."""
    a, b = (re.findall(r"[^\W\d_]+|\d+", name.casefold()) for name in (one, other))
    return len(a) == len(b) > 1 and sum(x != y for x, y in zip(a, b, strict=True)) == 1


def _title(name: str) -> str:
    words = name.rsplit(".", 1)[-1].replace("_", " ").strip() or name
    return words[:1].upper() + words[1:]


def _rest(column: ColumnFacts) -> ColumnRole:
    if JUDGEMENTS.search(column.name.casefold()):
        return ColumnRole(column.name, IGNORED, reason="it may hold someone’s judgement")
    if column.could_hold_texts:
        return ColumnRole(column.name, IGNORED, reason="it could hold texts, and its name does not say what for")
    if column.can_be_sliced_by:
        return ColumnRole(column.name, SLICE, reason=f"{many(column.values, 'different value')}")
    return ColumnRole(column.name, IGNORED, reason="one value throughout" if column.values < 2 else "many different values")
