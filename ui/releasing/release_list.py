"""The releases that were given out."""

from collections.abc import Sequence

from touchstone.english import day
from ui.base import panels
from workflow.releasing.releases import PastRelease


def table(releases: Sequence[PastRelease]) -> None:
    """A row a release, the latest first; nothing where there is none."""
    if not releases:
        return
    panels.section("Releases so far")
    panels.table(
        ("Release", "rounds", "made", "by", "gold labels", "left out", "takes the place of", "digest"),
        [
            (
                each.title,
                ", ".join(each.rounds),
                day(each.made_at),
                each.person,
                f"{each.rows:,}",
                f"{each.left_out:,}",
                f"release {each.supersedes}" if each.supersedes else "–",
                each.digest,
            )
            for each in releases
        ],
        numbers=(4, 5),
        caption="A release never changes. Its digest says which one a folder is.",
        prose=(7,),
    )
