"""Home's next step as a table of states: what is in the project on the left, the one thing to do on the right."""

from datetime import UTC, datetime

import pytest

from ui.people.to_do import NEXT
from workflow.people.next_step import ORDER, Labelling, Lead, Step, Successor, ToDo, next_step
from workflow.rounds.rounds import Progress, Round

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
NUMBER = {"pilot": 1, "second": 2, "third": 3}


def round_of(name="pilot", *, left=0, closed=True, read=True, kind="double", rubric="replies-v1") -> Round:
    progress = (Progress(1, "ana", 4 - left, 0, left, 0, 0.0), Progress(2, "ben", 4, 0, 0, 0, 0.0))
    at = NOON if closed else None
    of = None if kind == "double" else "pilot"
    return Round(
        NUMBER[name], name, kind, rubric, "feed", ("tone",), 4, progress, False, NOON, at, None, of,
        first_read_at=at if read else None,
    )  # fmt: skip


def open_(name="pilot", left=0) -> Lead:
    return Lead(round_of(name, left=left, closed=False), can_close=not left)


def closed(name="pilot", *, waiting=0, gold="exported", flagged=(), after=None, **of_round) -> Lead:
    return Lead(
        round_of(name, **of_round),
        cells_waiting=waiting,
        settled=4,
        ready=not waiting,
        flagged=tuple(flagged),
        exported=f"to exports/{name}" if gold == "exported" and not waiting else "",
        outdated=gold == "outdated",
        successor=after,
    )


def of_ana(lead: Lead) -> Labelling:
    return Labelling(lead.round, lead.round.progress[0])


DUE, DONE = open_(left=3), open_()
FLAGGED = {"flagged": ("Tone",)}
V2 = {kind: Successor("replies-v2", kind) for kind in ("", "measure", "publish", "write")}
AFTER = {kind: closed(**FLAGGED, after=each) for kind, each in V2.items()}

TABLE = {
    "an empty store": (
        ToDo(),
        Step("import", "The store is empty. Begin with a table of drafts, and a rubric to judge them by."),
    ),
    "an empty project": (
        ToDo(project="Mails"),
        Step("import", "Nothing is in Mails yet. Begin with a table of drafts, and a rubric to judge them by."),
    ),
    "tasks without drafts": (
        ToDo(tasks=2),
        Step("import", "2 tasks are waiting for drafts: import the drafts written for them."),
    ),
    "drafts and no round": (ToDo(tasks=1, drafts=1), Step("open", "1 draft is waiting for a round: open one.")),
    "own drafts waiting": (ToDo((of_ana(DUE),), (DUE,)), Step("label", "You have 3 drafts to label in pilot.", "pilot")),
    "own drafts waiting in two rounds": (
        ToDo((of_ana(DUE), of_ana(open_("second", 1))), (open_("second", 1), DUE)),
        Step("label", "You have 4 drafts to label in 2 rounds.", "pilot"),
    ),
    "own drafts come before a round that can be closed and before gold": (
        ToDo((of_ana(DUE),), (open_("third"), closed("second", gold=""), DUE)),
        Step("label", "You have 3 drafts to label in pilot.", "pilot"),
    ),
    "own pairs waiting": (
        ToDo((of_ana(DONE),), comparing=(("which", 3), ("done", 0)), leads=False),
        Step("compare", "You have 3 pairs to compare in which.", comparison="which"),
    ),
    "own pairs in two rounds, after own drafts": (
        ToDo((of_ana(DONE),), (), comparing=(("which", 1), ("tone", 2))),
        Step("compare", "You have 3 pairs to compare in 2 comparison rounds.", comparison="which"),
    ),
    "drafts before pairs": (
        ToDo((of_ana(DUE),), comparing=(("which", 1),), leads=False),
        Step("label", "You have 3 drafts to label in pilot.", "pilot"),
    ),
    "everyone has compared": (
        ToDo((), (DUE,), compared=("which",)),
        Step("compared", "Everyone has compared all pairs in which: it can be closed.", comparison="which"),
    ),
    "others are labelling": (ToDo((), (DUE,)), Step("wait", "Others are labelling in pilot: ana has 3 drafts left.", "pilot")),
    "own drafts done, others are labelling": (
        ToDo((Labelling(DUE.round, DUE.round.progress[1]),), (DUE,)),
        Step("wait", "You are done in pilot; ana has 3 drafts left.", "pilot"),
    ),
    "everyone is done": (ToDo((of_ana(DONE),), (DONE,)), Step("close", "Everyone is done in pilot: it can be closed.", "pilot")),
    "closed, and nobody has read it": (
        ToDo((), (closed(read=False),)),
        Step("read", "pilot is closed: read its agreement.", "pilot"),
    ),
    "a retest closed, and nobody has read it": (
        ToDo((), (closed("second", read=False, kind="retest"), closed())),
        Step("read", "second is closed: read its agreement.", "second"),
    ),
    "read, and cells wait": (
        ToDo((), (closed(waiting=1),)),
        Step("cells", "In pilot, 1 cell is waiting for adjudication.", "pilot"),
    ),
    "read, flagged, and cells wait": (
        ToDo((), (closed(waiting=2, **FLAGGED),)),
        Step("cells", "In pilot, Tone is flagged and 2 cells are waiting for adjudication.", "pilot"),
    ),
    "all settled": (
        ToDo((), (closed(gold="", flagged=("Tone", "Facts")),)),
        Step("gold", "The gold of pilot is ready to export; Tone and Facts are flagged.", "pilot"),
    ),
    "a decision changed since the export": (
        ToDo((), (closed(gold="outdated"),)),
        Step("gold", "The gold of pilot has changed since it was exported: export it again.", "pilot"),
    ),
    "gold has left, nothing is flagged": (
        ToDo((), (closed(),)),
        Step("exported", "The gold of pilot is exported to exports/pilot.", "pilot"),
    ),
    "gold has left, and drafts are in no round": (
        ToDo((), (closed(),), in_no_round=2),
        Step("exported", "The gold of pilot is exported to exports/pilot. 2 drafts are not in a round yet.", "pilot"),
    ),
    "gold has left, and a dimension is flagged": (
        ToDo((), (closed(**FLAGGED),)),
        Step(
            "revise",
            "The gold of pilot is exported to exports/pilot, and Tone is flagged: revise the rubric.",
            "pilot",
            "replies-v1",
        ),
    ),
    "the next version is being written": (
        ToDo((), (AFTER["write"],)),
        Step("write", "Tone is flagged in pilot: go on writing replies-v2.", "pilot", "replies-v1"),
    ),
    "the next version is written": (
        ToDo((), (AFTER["publish"],)),
        Step("publish", "replies-v2 is written, and Tone is flagged in pilot: publish it.", "pilot", "replies-v2"),
    ),
    "the next version is published": (
        ToDo((), (AFTER["measure"],)),
        Step("measure", "replies-v2 is published: open a round under it, and see what it did.", "pilot", "replies-v2"),
    ),
    "a round under the next version is being labelled": (
        ToDo((), (open_("second", 1), AFTER[""])),
        Step("wait", "Others are labelling in second: ana has 1 draft left.", "second"),
    ),
    "the round under the next version has ended well": (
        ToDo((), (closed("second", rubric="replies-v2"), AFTER[""])),
        Step("exported", "The gold of second is exported to exports/second.", "second"),
    ),
    "the round under the next version is flagged too": (
        ToDo((), (closed("second", rubric="replies-v2", **FLAGGED), AFTER[""])),
        Step(
            "revise",
            "The gold of second is exported to exports/second, and Tone is flagged: revise the rubric.",
            "second",
            "replies-v2",
        ),
    ),
    "an older round was flagged, the newest is not": (
        ToDo((), (closed("second"), closed(**FLAGGED))),
        Step("exported", "The gold of second is exported to exports/second.", "second"),
    ),
    "cells that wait come before gold, whichever round is newer": (
        ToDo((), (closed("second", gold=""), closed(waiting=1))),
        Step("cells", "In pilot, 1 cell is waiting for adjudication.", "pilot"),
    ),
    "of two rounds that need the same the newest comes first": (
        ToDo((), (closed("second", waiting=1), closed(waiting=1))),
        Step("cells", "In second, 1 cell is waiting for adjudication.", "second"),
    ),
    "one's own drafts are done, and rounds are others' to lead": (
        ToDo((Labelling(DUE.round, DUE.round.progress[1]),), project="mails", leads=False),
        Step("none", "You are done in pilot. When a lead opens a round with your name in it, it stands here."),
    ),
    "nothing waits, and rounds are others' to lead": (
        ToDo(project="mails", leads=False),
        Step("none", "Nothing waits for you in mails. When a lead opens a round with your name in it, it stands here."),
    ),
    "own drafts waiting, and rounds are others' to lead": (
        ToDo((of_ana(DUE),), project="mails", leads=False),
        Step("label", "You have 3 drafts to label in pilot.", "pilot"),
    ),
    "a retest was read": (
        ToDo((), (Lead(round_of("second", kind="retest")),)),
        Step("exported", "Nothing is left to do in second, which is closed.", "second"),
    ),
}


@pytest.mark.parametrize(("todo", "step"), TABLE.values(), ids=TABLE)
def test_the_next_step_of(todo, step):
    assert next_step(todo) == step == todo.next
    assert todo.sentence == step.sentence


def test_every_kind_of_step_is_in_the_table_and_has_one_link_to_press():
    assert {step.kind for _, step in TABLE.values()} == set(ORDER) == set(NEXT)
    assert all(NEXT.values())
