"""Commands on the life of a label: rounds, labelling, adjudication, gold."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer

from commands import As, document, read, split, store, verb, who
from terminal.gold import adjudicate_by_prompts
from terminal.labelling import label_by_prompts
from touchstone.cli.printing import say
from touchstone.cli.verbs import Json
from touchstone.data.label_file import read_decisions, read_labels
from touchstone.english import day, listed, many
from touchstone.errors import Refused
from workflow.gold import adjudication, export_folder, gold, tables
from workflow.labelling import own_labels
from workflow.people.people import person_named
from workflow.rounds import closing, design, opening, rounds
from workflow.rounds.design import RoundDesign
from workflow.rounds.kinds import CALIBRATION, DOUBLE, RETEST


@verb("open-round")
def open_round(
    name: str,
    annotators: Annotated[str, typer.Option(help="names, separated by commas", metavar="NAME,NAME")],
    rubric: Annotated[str | None, typer.Option(help="a version in rubric_versions/, e.g. tenacious-v1; that of --of")] = None,
    per_draft: Annotated[int | None, typer.Option(help="annotators per draft, of a larger pool; pairs balanced")] = None,
    overlap: Annotated[float | None, typer.Option(help="every draft once, and this share of them twice")] = None,
    drafts: Annotated[int | None, typer.Option(help="how many drafts, drawn by the seed; all when left out")] = None,
    stratify: Annotated[
        str,
        typer.Option(
            help=f"stratify by any of {','.join(design.STRATA)}, or by further fields of the tasks or drafts",
            metavar="FIELD,FIELD",
        ),
    ] = "",
    dimensions: Annotated[str, typer.Option(help="some of the rubric's dimensions; all when left out", metavar="KEY,KEY")] = "",
    seed: Annotated[int, typer.Option(help="of the draw, the assignment and everyone's order")] = design.SEED,
    practice: Annotated[int, typer.Option(help="practice drafts, first and not counted")] = 0,
    looks: Annotated[
        int | None,
        typer.Option(help="how often its agreement is to be looked at, with the rounds that continue it; with --up-to"),
    ] = None,
    up_to: Annotated[int | None, typer.Option(help="up to how many drafts in all those looks are planned")] = None,
    kind: Annotated[
        str, typer.Option(help="double; retest (one annotator again) or calibration (against gold), of a closed round")
    ] = DOUBLE,
    of: Annotated[str, typer.Option(help="the closed round a retest repeats, or whose gold a calibration uses")] = "",
    feedback: Annotated[
        str | None,
        typer.Option(
            help="of a calibration: the gold is shown after each draft (each), or once the round is closed (end)",
            metavar="each|end",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="a retest before the gap has passed; the report says so")] = False,
    continues: Annotated[str, typer.Option(help="a round of the same rubric version whose drafts are left out")] = "",
    partition: Annotated[str, typer.Option(help="draw from this partition only")] = "",
    authors: Annotated[str, typer.Option(help="draw from drafts of these authors only", metavar="NAME,NAME")] = "",
    only: Annotated[
        list[str] | None,
        typer.Option(help="draw only from drafts with this value of a field; repeat for more", metavar="FIELD=VALUE"),
    ] = None,
    as_: As = "",
) -> None:
    """Open a round: pins and publishes the rubric version, draws the drafts, gives everyone their own order.

    Example: python manage.py open-round pilot --rubric tenacious-v1 --annotators ana,ben --drafts 30
    """
    if kind == DOUBLE and rubric is None:
        raise typer.BadParameter("name a version in rubric_versions/", param_hint="--rubric")
    engine = store()
    going_back = {"--of": of, "--feedback": feedback, "--force": force}
    drawing = {
        "--per-draft": per_draft,
        "--overlap": overlap,
        "--stratify": stratify,
        "--dimensions": dimensions,
        "--practice": practice,
        "--looks": looks,
        "--up-to": up_to,
        "--continues": continues,
        "--partition": partition,
        "--authors": authors,
        "--only": only,
    }
    _refuse_alien(kind, going_back, drawing)
    designed = RoundDesign(
        name,
        rubric or "",
        split(annotators),
        kind,
        per_draft=per_draft,
        overlap=overlap,
        drafts=drafts,
        strata=split(stratify),
        dimensions=split(dimensions),
        seed=seed,
        practice=practice,
        looks=looks,
        up_to=up_to,
        continues=continues or None,
        partition=partition or None,
        authors=split(authors),
        only=_values_by_field(only or []),
        of=of,
        force=force,
        feedback=feedback or design.FEEDBACK[0],
    )
    made = opening.open_round(who(engine, as_), engine, designed)
    say(f"{made.name} is open: {many(made.drafts, 'draft')} under {made.rubric} ({made.rubric_digest[:12]})")
    if made.plan:
        say(f"  {made.plan.in_words()} planned")
    for each in made.progress:
        say(f"  {each.name}: {many(each.waiting, 'draft')}" + (f" and {each.practice} for practice" if each.practice else ""))


def _refuse_alien(kind: str, going_back: Mapping[str, Any], drawing: Mapping[str, Any]) -> None:
    """Raises Refused for an option that the kind of round does not take: a double goes back to none, the others draw nothing."""
    if kind == DOUBLE and (alien := _given(going_back)):
        raise Refused(
            f"{alien} is for a round that is based on another; a round of kind double is based on none: leave it "
            "out, or use --kind retest or --kind calibration"
        )
    own = {RETEST: "--feedback", CALIBRATION: "--force"}.get(kind)
    if own and (alien := _given({**drawing, own: going_back[own]})):
        raise Refused(f"{alien} is not for a round of kind {kind}, which takes its drafts and dimensions from --of: leave it out")


def _values_by_field(given: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in given:
        field, is_there, value = each.partition("=")
        if not (field.strip() and is_there and value.strip()):
            raise Refused(f"--only takes FIELD=VALUE, as in --only difficulty=hard, not {each}")
        found.setdefault(field.strip(), []).append(value.strip())
    return found


def _given(options: Mapping[str, Any]) -> str:
    """The first of these options that was given; "" for none."""
    return next((name for name, value in options.items() if value not in (None, "", 0, False, [])), "")


@verb("close-round")
def close_round(
    name: str, early: Annotated[str, typer.Option(help="the reason for closing while labels are missing")] = "", as_: As = ""
) -> None:
    """Close a round and count its labels. Refused while labels are missing, unless --early says why. Who is named with --as can
    reopen the round on the page Rounds, until anybody has read its labels.

    Example: python manage.py close-round pilot
    """
    engine = store()
    made = closing.close_round(who(engine, as_), engine, name, early=early or None)
    together = " ".join(repr(each) for each in rounds.chain_of(engine, made.name))
    say(f"{made.name} is closed; its labels are counted. Next: python manage.py report {together}")


@verb("rounds")
def list_rounds(as_json: Json = False) -> None:
    """List the rounds, the newest first, and how far each annotator is.

    Example: python manage.py rounds
    """
    found = rounds.all_rounds(store())
    if as_json:
        return document(
            [
                {
                    "name": each.name,
                    "kind": each.kind,
                    "of": each.of_round,
                    "open": each.is_open,
                    "project": each.project,
                    "sample": each.is_sample,
                    "rubric": each.rubric,
                    "rubric_digest": each.rubric_digest,
                    "drafts": each.drafts,
                    "dimensions": each.dimensions,
                    "opened_at": each.opened_at,
                    "closed_at": each.closed_at,
                    "annotators": [
                        {"name": mine.name, "saved": mine.saved, "skipped": mine.skipped, "waiting": mine.waiting}
                        for mine in each.progress
                    ],
                }
                for each in found
            ]
        )
    several = len({each.project for each in found}) > 1
    for each in found:
        say(
            (f"{each.project} / " if several else "")
            + f"{each.name}: {f'closed {day(each.closed_at)}' if each.closed_at else 'open'}, {each.rubric}, "
            f"{many(each.drafts, 'draft')}{', ' + each.purpose if each.purpose else ''}{' (sample)' if each.is_sample else ''}"
        )
        for mine in each.progress:
            say(
                f"  {mine.name}: {mine.saved + mine.skipped} of {mine.total} done"
                + (f", {mine.skipped} skipped" if mine.skipped else "")
            )
    if not found:
        say("there is no round yet; open one with: python manage.py open-round")


@verb("label")
def label(
    round_name: Annotated[str, typer.Argument(metavar="ROUND")],
    as_: Annotated[str, typer.Option("--as", help="who labels", metavar="NAME")],
    from_: Annotated[
        Path | None, typer.Option("--from", help="long CSV: draft_id,dimension,value and optionally note, skip, annotator")
    ] = None,
) -> None:
    """Label in the terminal, draft by draft, or from a file.

    Example: python manage.py label pilot --as ana --from ana.csv
    """
    engine = store()
    person = person_named(engine, as_)
    if from_ is None:
        return label_by_prompts(person, engine, round_name)
    drafts, rubric, found = own_labels.own_drafts(person, engine, round_name)
    source = read(from_)
    rows, others, problems = read_labels(source, person.name, drafts, rubric, found.dimensions)
    if problems:
        raise Refused(f"{from_.name} was not imported: {many(len(problems), 'problem')}, nothing was stored", problems)
    changed, same = own_labels.label_from_rows(person, engine, round_name, rows, sha256(source).hexdigest()[:16])
    say(
        f"{many(changed, 'draft')} labelled"
        + (f", {same} unchanged" if same else "")
        + (f", {many(others, 'row')} of other annotators left out" if others else "")
        + f"; {own_labels.left(person, engine, round_name)}"
    )


@verb("adjudicate")
def adjudicate(
    round_name: Annotated[str, typer.Argument(metavar="ROUND")],
    as_: Annotated[str, typer.Option("--as", help="who decides", metavar="NAME")],
    from_: Annotated[Path | None, typer.Option("--from", help="CSV: draft_id,dimension,value,reason,cause")] = None,
) -> None:
    """Settle disagreements in the terminal, cell by cell, or from a file.

    Example: python manage.py adjudicate pilot --as cleo
    """
    engine = store()
    person = person_named(engine, as_)
    if from_ is None:
        return adjudicate_by_prompts(person, engine, round_name)
    drafts, rubric, found = adjudication.round_drafts(person, engine, round_name)
    decisions, problems = read_decisions(read(from_), drafts, rubric, found.dimensions)
    if problems:
        raise Refused(f"{from_.name} was not imported: {many(len(problems), 'problem')}, nothing was stored", problems)
    decided, same = adjudication.decide_from_rows(person, engine, round_name, decisions)
    waiting = adjudication.open_disagreements(person, engine, round_name, most=1).many_waiting
    say(f"{many(decided, 'cell')} decided" + (f", {same} unchanged" if same else "") + f"; {waiting} still to decide")


@verb("export-gold")
def export_gold(
    round_name: Annotated[str, typer.Argument(metavar="ROUND")],
    to: Annotated[Path | None, typer.Option(help="a folder; exports/ROUND when left out")] = None,
    partial: Annotated[bool, typer.Option("--partial", help="leave out the cells not yet adjudicated")] = False,
    with_single: Annotated[
        bool,
        typer.Option(
            "--with-single", help="include cells with one label, as planned or as the round was closed early, marked single"
        ),
    ] = False,
    per: Annotated[
        str, typer.Option(help="also a table (CSV and XLSX) with a row a draft, or a row a cell", metavar="draft|cell")
    ] = "",
    texts: Annotated[
        bool, typer.Option("--texts", help="that table with the drafts' texts and the fields shown with them")
    ] = False,
    bom: Annotated[bool, typer.Option("--bom", help="each CSV with a byte order mark, by which Excel knows UTF-8")] = False,
    as_: As = "",
) -> None:
    """Export gold labels with their history: gold.csv, gold.jsonl, manifest.json; as tables for people with --per and --texts.

    Example: python manage.py export-gold pilot --to exports/pilot --per draft --texts
    """
    from workflow.gold import export  # brings statsmodels: the report goes out with the gold

    if per not in ("", *tables.PER):
        raise typer.BadParameter(f"a row a draft or a row a cell, not {per}", param_hint="--per")
    engine = store()
    person = who(engine, as_)
    to = to or export_folder.folder_of(gold.gold_counted(person, engine, round_name).round)
    form = tables.Form(per, texts, bom)
    folder = export.export_gold(person, engine, round_name, to, partial=partial, with_single=with_single, form=form)
    manifest = export_folder.manifest_in(folder) or {}
    say(
        f"{many(manifest['rows'], 'gold label')} of {many(manifest['drafts'], 'draft')} in {folder}"
        + (f"; {many(len(manifest['left_out']), 'cell')} left out, listed in manifest.json" if manifest["left_out"] else "")
        + (f"; {many(sealed, 'sealed draft')} left out" if (sealed := manifest.get("sealed_drafts_left_out")) else "")
    )
    if table := manifest.get("table"):
        say(f"{listed(table['files'])}: {many(table['rows'], 'row')}, one a {table['a_row_a']}")
        for each in table["not_in_it"]:
            say(f"  not in it: {each}")
        if not texts:
            say("  the texts come with --texts")
        for each in table["changed_in_the_workbook"]:
            say(f"  {each}")
