"""What files of tasks and drafts hold, and which were brought in so far."""

from collections.abc import Sequence

import sqlalchemy as sa

from ui.base import panels


def what_a_file_holds() -> None:
    panels.section("What a file can contain")
    panels.table(
        ("Kind", "One record per line", "Fields"),
        [
            (
                "Tasks",
                '{"task_id": "t1", "input": {"signal": "…", "thread": "…"}}',
                "also partition, dimension, source_mode, difficulty, cluster; only input is shown to annotators",
            ),
            (
                "Drafts",
                '{"task_id": "t1", "text": "…", "draft_id": "d1", "author": "…"}',
                "output is accepted in place of text; without draft_id, one is derived from the text",
            ),
            ("Plain texts", '{"id": "1", "text": "…"}', "each is a draft of a task of its own"),
        ],
        caption="JSONL, or CSV with a header (input.NAME columns make up a task's input)",
    )


def so_far(imports: Sequence[sa.Row]) -> None:
    """The files brought in, the newest first; nothing where there are none."""
    if not imports:
        return
    panels.section("Imported so far")
    panels.table(
        ("File", "tasks", "drafts", "when (UTC)"),
        [
            (row.file_name, f"{row.tasks_added:,}", f"{row.drafts_added:,}", f"{row.imported_at:%d %b %Y %H:%M}")
            for row in imports
        ],
        numbers=(1, 2),
        caption="Newest first; importing the same file again adds nothing",
    )
