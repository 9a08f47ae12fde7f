"""The task of a failed draft, under other names."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from touchstone.bench.pseudonyms.replacing import Pseudonyms, Replacement, left_over
from touchstone.bench.tasks import TypedTask
from touchstone.bench.tasks.origins import OfDraft
from touchstone.bench.tasks.typed import CLUSTER
from touchstone.rubric.model import Rubric
from touchstone.scorer.facts.reading import FactReader
from touchstone.scorer.regex import PatternCache

RENAMED = ("signals", "states", "thread", "groups", "expected")  # what of a document holds words of the case


class RenamedTask(NamedTuple):
    """A task under other names: the document, what was replaced, and what a person is to look at."""

    document: dict[str, Any]
    draft: str
    replaced: tuple[Replacement, ...]
    left_over: tuple[str, ...]


def names_in(rubric: Rubric, tasks: Iterable[TypedTask]) -> list[str]:
    """Every name that tasks say: their groups, and what the rubric's facts of kind name read of their input."""
    cache = PatternCache()
    readers = [FactReader(fact, cache) for fact in rubric.facts if fact.kind == "name"]
    found: dict[str, None] = {}
    for task in tasks:
        found |= {str(word): None for group, word in task.groups.items() if group != CLUSTER and isinstance(word, str)}
        for reader in readers:
            found |= dict.fromkeys(reader.value(task.as_input(), task.expected).words)
    return list(found)


def trace_of(salt: bytes, task_id: str) -> str:
    """What tells that two tasks come of one, to who has the salt; nothing of the first to who has not."""
    return hmac.new(salt, f"trace: {task_id}".encode(), hashlib.sha256).hexdigest()


def cluster_of(salt: bytes, cluster: str) -> str:
    """The cluster of a renamed task: the same of tasks that were of one cluster, and telling nothing of its name."""
    return hmac.new(salt, f"cluster: {cluster}".encode(), hashlib.sha256).hexdigest()[:12]


def renamed_task(
    task: TypedTask, draft: str, failed: Sequence[str], salt: bytes, names: Sequence[str], prefix: str
) -> RenamedTask:
    """The task under other names, with an origin that names neither the task nor its draft."""
    pseudonyms = Pseudonyms(salt, names)
    given = task.as_document()
    made, replaced = pseudonyms.rename_all({key: given[key] for key in RENAMED if key in given})
    made["groups"] = {key: word for key, word in made.get("groups", {}).items() if key != CLUSTER}
    if cluster := given.get("groups", {}).get(CLUSTER):
        made["groups"][CLUSTER] = cluster_of(salt, str(cluster))
    text = pseudonyms.rename(draft)
    trace = trace_of(salt, task.task_id)
    document = {
        **{key: given[key] for key in given if key not in (*RENAMED, "partition", "task_id", "origin")},
        **made,
        "task_id": f"{prefix}-{trace[:8]}",
        "origin": OfDraft(trace=trace, failed=tuple(failed)).model_dump(mode="json"),
    }
    shown = "\n".join(str(words) for words in TypedTask.read(document).as_input().values())
    look_at = left_over(shown, replaced) + left_over(text.text, text.replacements)
    return RenamedTask(document, text.text, (*replaced, *text.replacements), tuple(dict.fromkeys(look_at)))


def renamed_again(document: Mapping[str, Any], draft: str, salt: bytes, names: Sequence[str]) -> tuple[dict[str, Any], str]:
    """A document that a person looked at, with further names of theirs replaced."""
    pseudonyms = Pseudonyms(salt, names)
    made, _ = pseudonyms.rename_all({key: document[key] for key in RENAMED if key in document})
    return {**document, **made}, pseudonyms.rename(draft).text
