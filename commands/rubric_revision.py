"""Commands on the way from one rubric version to the next."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from commands import As, document, reader, split, store, store_or_none, verb, who
from touchstone.cli.printing import say
from touchstone.cli.rubric_changes import show_revision
from touchstone.cli.verbs import Json
from touchstone.english import listed, many
from workflow.projects.settling import settled
from workflow.rounds import rounds
from workflow.rubric import next_round, versions

Version = Annotated[str, typer.Argument(help="a rubric file, or a name in rubric_versions/")]
After = Annotated[str, typer.Option(help="the closed round whose meeting led to this version", metavar="ROUND")]


@verb("diff-rubrics", in_project=False)
def diff_rubrics(a: Version, b: Version, as_json: Json = False) -> None:
    """Show what changed from one rubric version to another: words, levels, agreement rule, scoring.

    Example: python manage.py diff-rubrics tenacious-v1 tenacious-v2
    """
    made = versions.compare_versions(store_or_none(), a, b)
    if as_json:
        return document(made.as_json())
    show_revision(made)


@verb("rubric-effect")
def rubric_effect(
    a: Version,
    b: Version,
    gold: Annotated[str, typer.Option(help="the closed round to take gold from", metavar="ROUND")] = "",
    drafts: Annotated[int, typer.Option(help="so many drawn at random; all when left out", min=0)] = 0,
    as_: As = "",
    as_json: Json = False,
) -> None:
    """Score every draft of the store under two rubric versions: which drafts get another level, by which check.

    Example: python manage.py rubric-effect tenacious-v1 tenacious-v2 --gold pilot
    """
    from terminal.scorer import show_effect
    from workflow.scorer import drafts_to_score, effect  # RE2 and statsmodels: the other commands do not need them

    engine = rounds.seen_from(store(), gold) if gold else settled(store(), Path(b).stem)
    before, after = (versions.version_named(engine, name) for name in (a, b))
    held = drafts_to_score.ScorableDrafts(engine, drafts)
    with typer.progressbar(length=len(held.drafts), label="scored", file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        made = effect.what_it_would_change(
            reader(engine, as_), engine, held, before, after, gold, tell=lambda done: shown.update(done - shown.pos)
        )
        shown.update(len(held.drafts) - shown.pos)
    if as_json:
        return document(made.as_json())
    show_effect(made)


@verb("publish-rubric")
def publish_rubric(
    file: Annotated[Path, typer.Argument(help="a file in rubric_versions/, or its name")],
    why: Annotated[str, typer.Option(help="why the rubric changes, in a sentence; kept with the version")],
    after: After = "",
    as_: As = "",
) -> None:
    """Publish a rubric version with the reason and the meeting's decisions behind it; its file must not change from then on.

    Example: python manage.py publish-rubric tenacious-v2 --why "a name alone is level 1" --after pilot
    """
    engine = store()
    made = versions.publish(who(engine, as_), engine, versions.name_of(file), why, round_name=after)
    say(
        f"{made.name} is published, digest {made.digest}"
        + (f", on {many(len(made.decisions), 'decision')} of the meeting on {made.round}" if made.round else "")
    )
    if made.round:
        say(f"Next: python manage.py open-next-round --rubric {made.name} --after {made.round!r}")


@verb("open-next-round")
def open_next_round(
    rubric: Annotated[str, typer.Option(help="the later version, e.g. tenacious-v2")],
    after: Annotated[str, typer.Option(help="the closed round under an earlier version", metavar="ROUND")],
    name: Annotated[str, typer.Option(help="of the new round; built from both names when left out")] = "",
    annotators: Annotated[str, typer.Option(help="names, separated by commas; those of --after", metavar="NAME,NAME")] = "",
    drafts: Annotated[int | None, typer.Option(help="how many; as many as in --after, or all there are")] = None,
    as_: As = "",
) -> None:
    """Open a blind round under a later rubric version: only the dimensions whose words or levels changed, on fresh drafts.

    Fresh is what --after did not use and whose task no meeting discussed.

    Example: python manage.py open-next-round --rubric tenacious-v2 --after pilot
    """
    engine = store()
    made = next_round.open_next_round(
        who(engine, as_), engine, name, rubric=rubric, after=after, annotators=split(annotators) or None, drafts=drafts
    )
    say(
        f"{made.name} is open: {many(made.drafts, 'draft')} under {made.rubric} ({made.rubric_digest[:12]}), "
        f"{listed(made.dimensions)}, for {listed(made.annotators)}"
    )
