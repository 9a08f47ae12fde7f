"""Touchstone's verbs without a browser: `python manage.py --help`.

Exit 0 done, 1 refused or a check failed (a sentence on stderr), 2 wrong usage. With --json stdout holds one document.
"""

import functools
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sa
import typer

import terminal
from db.engine import migrate as migrate_store
from db.engine import open_engine, schema_state, there_is_a_store
from touchstone.errors import Refused
from touchstone.label_file import read_decisions, read_labels
from touchstone.words import day, listed, many
from workflow import adjudication, gold, intake, label_sets, labelling, papers, repeats, rounds, rubrics, upkeep
from workflow import sample as sample_workspace
from workflow.papers import codebook
from workflow.people import Person, command_line, person_named
from workflow.people import add_person as add

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
                  help="People label drafts blind by rubric; Touchstone says how far they agree and lets gold out.")

As = Annotated[str, typer.Option("--as", help="who does this; the command line when left out", metavar="NAME")]
Json = Annotated[bool, typer.Option("--json", help="one JSON document on stdout")]
Files = Annotated[list[Path], typer.Argument(help="files, read in the order given")]


def say(text: str) -> None:
    terminal.say(text)


def refuse(sentence: str, problems: tuple = ()) -> None:
    typer.echo(terminal.visible(sentence), err=True)
    for problem in problems:
        typer.echo(f"  {terminal.visible(str(problem))}", err=True)
    raise typer.Exit(1)


def verb(name: str) -> Callable:
    """Register a command; what it refuses becomes a sentence on stderr and exit 1."""
    def register(function: Callable) -> Callable:
        @app.command(name)
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> None:
            try:
                function(*args, **kwargs)
            except Refused as refused:
                refuse(refused.sentence, refused.problems)
            except BrokenPipeError:  # whoever read our output has gone
                sys.stderr.close()
            except sa.exc.DBAPIError as wrong:
                refuse(f"the store cannot be used: {' '.join(str(wrong.orig).split()) or 'no answer'}; "
                       "check TOUCHSTONE_DATABASE_URL, and that nothing else holds the store")
            except OSError as wrong:
                refuse(f"{wrong.filename or 'a file'} cannot be used ({wrong.strerror}); check the path")
        return run
    return register


def store() -> sa.Engine:
    """The store, at the present schema. Raises Refused with the way out when it is not."""
    engine = open_engine()
    state = schema_state(engine)
    if state == "newer":
        raise Refused("this store was made by a newer Touchstone; update the program")
    if state != "present":
        raise Refused(f"the store is {'new: it has no tables yet' if state == 'new' else 'of an older schema'}; "
                      "run: python manage.py migrate")
    return engine


def who(engine: sa.Engine, name: str) -> Person:
    return person_named(engine, name) if name.strip() else command_line(engine)


def read(path: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as wrong:
        raise Refused(f"{path} cannot be read ({wrong.strerror}); check the path") from None


def split(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


def document(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=lambda each: asdict(each) if is_dataclass(each)
                   else each.isoformat()))


@verb("migrate")
def migrate() -> None:
    """Bring the store to the present schema; a new store gets its tables.

    Example: python manage.py migrate
    """
    before = migrate_store(open_engine())
    say({"new": "the store is made", "present": "the store is at the present schema already",
         "older": "the store is at the present schema now"}[before])


@verb("sample")
def sample(if_new: Annotated[bool, typer.Option("--if-new", help="only into a store that holds nothing")] = False
           ) -> None:
    """Load the sample workspace: invented tasks and drafts, a closed round, an open one. Safe to repeat.

    Example: python manage.py sample
    """
    engine = store()
    if if_new and not sample_workspace.is_new(engine):
        say("the store holds data; the sample workspace is left out")
    else:
        say("the sample workspace is loaded" if sample_workspace.load_sample(engine)
            else "the sample workspace is in the store already; nothing changed")


@verb("add-person")
def add_person(name: str) -> None:
    """Add a person, who can then label, lead and adjudicate. The same name twice adds nobody.

    Example: python manage.py add-person ana
    """
    engine = store()
    say(f"{add(command_line(engine), engine, name).name} is among the people")


@verb("import-tasks")
def import_tasks(files: Files,
                 partition: Annotated[str, typer.Option(help="the partition of every task in the files")] = "",
                 cluster_by: Annotated[str, typer.Option(help="the field that holds a task's cluster key")] = "",
                 as_: As = "") -> None:
    """Import tasks from JSONL or CSV (or plain texts: id, text). A file with bad lines is refused whole.

    Example: python manage.py import-tasks tasks-train.jsonl --partition train
    """
    engine = store()
    person = who(engine, as_)
    for path in files:
        say(intake.import_tasks(person, engine, read(path), path.name, partition=partition,
                                cluster_by=cluster_by).sentence)


@verb("import-drafts")
def import_drafts(files: Files, as_: As = "") -> None:
    """Import drafts for stored tasks from JSONL or CSV (or plain texts: id, text, each a task of its own).

    Example: python manage.py import-drafts drafts.jsonl
    """
    engine = store()
    person = who(engine, as_)
    for path in files:
        say(intake.import_drafts(person, engine, read(path), path.name).sentence)


@verb("open-round")
def open_round(
    name: str,
    annotators: Annotated[str, typer.Option(help="names, separated by commas")],
    rubric: Annotated[str | None, typer.Option(help="a version in rubric_versions/, e.g. tenacious-v1; that of --of")] = None,
    per_draft: Annotated[int | None, typer.Option(help="annotators per draft, of a larger pool; pairs balanced")] = None,
    overlap: Annotated[float | None, typer.Option(help="every draft once, and this share of them twice")] = None,
    drafts: Annotated[int | None, typer.Option(help="how many drafts, drawn by the seed; all when left out")] = None,
    stratify: Annotated[str, typer.Option(help=f"draw in proportion by any of {','.join(rounds.STRATA)}")] = "",
    dimensions: Annotated[str, typer.Option(help="some of the rubric's dimensions; all when left out")] = "",
    seed: Annotated[int, typer.Option(help="of the draw, the shares and everyone's order")] = rounds.SEED,
    practice: Annotated[int, typer.Option(help="practice drafts, first and not counted")] = 0,
    kind: Annotated[str, typer.Option(help="double; retest (one annotator again) or calibration (against gold), of a "
                                           "closed round")] = "double",
    of: Annotated[str, typer.Option(help="the closed round a retest repeats, or whose gold a calibration uses")] = "",
    feedback: Annotated[str | None, typer.Option(help="of a calibration: the gold is shown after each draft (each), or "
                                                 "once the round is closed (end)", metavar="each|end")] = None,
    force: Annotated[bool, typer.Option("--force", help="a retest before the gap has passed; the report says so")] = False,
    continues: Annotated[str, typer.Option(help="a round of the same rubric version whose drafts are left out")] = "",
    partition: Annotated[str, typer.Option(help="draw from this partition only")] = "",
    authors: Annotated[str, typer.Option(help="draw from drafts of these authors only")] = "",
    on_sample: Annotated[bool | None, typer.Option("--sample/--own", help="draw from the sample, or from your own "
                                                   "(the default once you have any)")] = None,
    as_: As = "",
) -> None:
    """Open a round: pins and publishes the rubric version, draws the drafts, gives everyone their own order.

    Example: python manage.py open-round pilot --rubric tenacious-v1 --annotators ana,ben --drafts 30
    """
    if kind == "double" and rubric is None:
        raise typer.BadParameter("name a version in rubric_versions/", param_hint="--rubric")
    engine = store()
    if kind == "double" and (alien := _given({"--of": of, "--feedback": feedback, "--force": force})):
        raise Refused(f"{alien} is for a round that goes back to another; a round of kind double goes back to none: leave it "
                      "out, or use --kind retest or --kind calibration")
    if kind in ("retest", "calibration"):
        taken = {"--per-draft": per_draft, "--overlap": overlap, "--stratify": stratify, "--dimensions": dimensions,
                 "--practice": practice, "--continues": continues, "--partition": partition, "--authors": authors,
                 "--sample/--own": on_sample, **({"--feedback": feedback} if kind == "retest" else {"--force": force})}
        if alien := _given(taken):
            raise Refused(f"{alien} is not for a round of kind {kind}, which takes its drafts and dimensions from --of: leave "
                          "it out")
        common = {"of": of, "annotators": split(annotators), "drafts": drafts, "seed": seed, "rubric": rubric or ""}
        made = (repeats.open_retest(who(engine, as_), engine, name, **common, force=force) if kind == "retest" else
                repeats.open_calibration(who(engine, as_), engine, name, **common, feedback=feedback or "each"))
    else:
        made = rounds.open_round(
            who(engine, as_), engine, name, rubric=rubric or "", annotators=split(annotators), per_draft=per_draft,
            overlap=overlap, drafts=drafts, strata=split(stratify), dimensions=split(dimensions), seed=seed,
            practice=practice, kind=kind, continues=continues or None, partition=partition or None, authors=split(authors),
            is_sample=on_sample)
    say(f"{made.name} is open: {many(made.drafts, 'draft')} under {made.rubric} ({made.rubric_digest[:12]})")
    for each in made.progress:
        say(f"  {each.name}: {many(each.waiting, 'draft')}"
            + (f" and {each.practice} for practice" if each.practice else ""))


def _given(options: dict[str, Any]) -> str:
    """The first of these options that was given; "" for none."""
    return next((name for name, value in options.items() if value not in (None, "", 0, False) or name == "--sample/--own"
                 and value is not None), "")


@verb("close-round")
def close_round(name: str, early: Annotated[str, typer.Option(help="the reason for closing while labels are owed")] = "",
                as_: As = "") -> None:
    """Close a round and count its labels. Refused while someone owes labels, unless --early says why.

    Example: python manage.py close-round pilot
    """
    engine = store()
    made = rounds.close_round(who(engine, as_), engine, name, early=early or None)
    say(f"{made.name} is closed; its labels are counted. Next: python manage.py report {made.name!r}")


@verb("rounds")
def list_rounds(as_json: Json = False) -> None:
    """List the rounds, the newest first, and how far each annotator is.

    Example: python manage.py rounds
    """
    found = rounds.all_rounds(store())
    if as_json:
        return document([{"name": each.name, "kind": each.kind, "of": each.of_round, "open": each.is_open,
                          "sample": each.is_sample,
                          "rubric": each.rubric, "rubric_digest": each.rubric_digest, "drafts": each.drafts,
                          "dimensions": each.dimensions, "opened_at": each.opened_at, "closed_at": each.closed_at,
                          "annotators": [{"name": mine.name, "saved": mine.saved, "skipped": mine.skipped,
                                          "waiting": mine.waiting} for mine in each.progress]} for each in found])
    for each in found:
        say(f"{each.name}: {'open' if each.is_open else f'closed {day(each.closed_at)}'}, {each.rubric}, "
            f"{many(each.drafts, 'draft')}{', ' + each.purpose if each.purpose else ''}{' (sample)' if each.is_sample else ''}")
        for mine in each.progress:
            say(f"  {mine.name}: {mine.saved + mine.skipped} of {mine.total} delivered"
                + (f", {mine.skipped} skipped" if mine.skipped else ""))
    if not found:
        say("there is no round yet; open one with: python manage.py open-round")


@verb("label")
def label(round_name: Annotated[str, typer.Argument(metavar="ROUND")],
          as_: Annotated[str, typer.Option("--as", help="who labels", metavar="NAME")],
          from_: Annotated[Path | None, typer.Option(
              "--from", help="long CSV: draft_id,dimension,value and optionally note, skip, annotator")] = None) -> None:
    """Label in the terminal, draft by draft, or from a file.

    Example: python manage.py label pilot --as ana --from ana.csv
    """
    engine = store()
    person = person_named(engine, as_)
    if from_ is None:
        return terminal.label(person, engine, round_name)
    drafts, rubric, found = labelling.own_drafts(person, engine, round_name)
    source = read(from_)
    rows, others, problems = read_labels(source, person.name, drafts, rubric, found.dimensions)
    if problems:
        raise Refused(f"{from_.name} was not taken: {many(len(problems), 'problem')}, nothing was stored", problems)
    changed, same = labelling.label_from_rows(person, engine, round_name, rows, sha256(source).hexdigest()[:16])
    say(f"{many(changed, 'draft')} labelled" + (f", {same} {'was' if same == 1 else 'were'} so already" if same else "")
        + (f", {many(others, 'row')} of other annotators left out" if others else "")
        + f"; {labelling.left(person, engine, round_name)}")


@verb("adjudicate")
def adjudicate(round_name: Annotated[str, typer.Argument(metavar="ROUND")],
               as_: Annotated[str, typer.Option("--as", help="who decides", metavar="NAME")],
               from_: Annotated[Path | None, typer.Option(
                   "--from", help="CSV: draft_id,dimension,value,reason,cause")] = None) -> None:
    """Settle disagreements in the terminal, cell by cell, or from a file.

    Example: python manage.py adjudicate pilot --as cleo
    """
    engine = store()
    person = person_named(engine, as_)
    if from_ is None:
        return terminal.adjudicate(person, engine, round_name)
    drafts, rubric, found = adjudication.round_drafts(person, engine, round_name)
    decisions, problems = read_decisions(read(from_), drafts, rubric, found.dimensions)
    if problems:
        raise Refused(f"{from_.name} was not taken: {many(len(problems), 'problem')}, nothing was stored", problems)
    decided, same = adjudication.decide_from_rows(person, engine, round_name, decisions)
    waiting = len(adjudication.open_disagreements(person, engine, round_name).waiting)
    say(f"{many(decided, 'cell')} decided" + (f", {same} {'was' if same == 1 else 'were'} so already" if same else "")
        + f"; {waiting} {'waits' if waiting == 1 else 'wait'}")


@verb("report")
def report(round_names: Annotated[list[str] | None, typer.Argument(metavar="ROUND…")] = None,
           set_: Annotated[str, typer.Option("--set", help="a label set instead of rounds", metavar="NAME")] = "",
           by_clusters: Annotated[bool, typer.Option("--by-clusters", help="also intervals that take drafts of one cluster "
                                                     "for one witness")] = False,
           as_json: Json = False,
           html: Annotated[Path | None, typer.Option("--html", help="write it as one HTML file")] = None,
           md: Annotated[Path | None, typer.Option("--md", help="write it as one Markdown file")] = None,
           codes: Annotated[bool, typer.Option("--codes", help="annotators as A, B, C… instead of names")] = False,
           as_: As = "") -> None:
    """The agreement report of a closed round, of several pooled, or of a label set.

    Example: python manage.py report pilot --html pilot.html --codes
    """
    from workflow import clusters, reports  # brings statsmodels: not needed by the other commands
    from workflow.papers import report as paper

    engine = store()
    person = who(engine, as_)
    if bool(round_names) == bool(set_):
        raise Refused("name either rounds or one label set: report ROUND, or report --set NAME")
    if by_clusters and (codes or html or md):
        raise Refused("intervals by clusters are printed, or come with --json; leave out --by-clusters, or --codes, --html "
                      "and --md")
    if html and md and html.resolve() == md.resolve():
        raise Refused(f"{html} cannot hold the report as HTML and as Markdown; name two files")
    made = (reports.agreement_of_set(person, engine, set_, codes=codes) if set_
            else reports.agreement_of_rounds(person, engine, round_names or [], codes=codes))
    drawn = [(papers.fit(file), draw(made)) for file, draw in ((html, paper.html), (md, paper.markdown)) if file]
    written = [papers.write(file, text) for file, text in drawn]
    clustered = clusters.by_clusters(person, engine, made) if by_clusters else {}
    if as_json:
        told = made.as_json()
        for key, each in clustered.items():
            told["dimensions"][key]["by_clusters"] = each.as_json()
        document(told)
    elif written:
        say(f"{made.name}: the report is in {listed([str(file) for file in written])}")
    else:
        terminal.show_report(made, clustered)


@verb("slices")
def slices(round_name: Annotated[str, typer.Argument(metavar="ROUND")],
           by: Annotated[str, typer.Option(help="dimension (the one a task was written to test), source_mode, difficulty, "
                                           "author or period (weeks)")] = "dimension",
           as_json: Json = False, as_: As = "") -> None:
    """The agreement of a closed round slice by slice, and how often chance alone makes the lowest figure as low.

    Example: python manage.py slices pilot --by difficulty
    """
    from workflow import slices  # as in report

    engine = store()
    made = slices.slices(who(engine, as_), engine, round_name, by)
    if as_json:
        document(made.as_json())
    else:
        terminal.show_slices(made)


@verb("annotators")
def annotators(round_name: Annotated[str, typer.Argument(metavar="ROUND")], as_json: Json = False, as_: As = "") -> None:
    """For the lead: each annotator of a closed round against the others, and whether its halves differ.

    Example: python manage.py annotators pilot
    """
    from workflow import slices  # as in report

    engine = store()
    made = slices.annotators(who(engine, as_), engine, round_name)
    if as_json:
        document(made.as_json())
    else:
        terminal.show_annotators(made)


@verb("agreement")
def agreement(
    file: Annotated[Path, typer.Argument(help="long CSV: task_id, annotator, dimension, value")],
    levels: Annotated[str, typer.Option(help="the levels a label may have, in their order", metavar="0,1,2,3")] = "",
    scale: Annotated[str, typer.Option(help="ordinal, nominal, or interval (any number, no levels)")] = "ordinal",
    as_json: Json = False,
) -> None:
    """All figures of agreement for labels in a file, without a store; no threshold, so no verdict.

    Example: python manage.py agreement labels.csv --levels 0,1,2,3 --scale ordinal --json
    """
    from touchstone.agreement_file import agreement_of_file, levels_of

    made = agreement_of_file(read(file), levels_of(levels) if levels else (), scale)
    if as_json:
        return document(made.as_json())
    for key, each in made.dimensions.items():
        show = terminal.show_ratings if scale == "interval" else terminal.show_dimension
        show(key, each, made.second_opinion[key])


@verb("compare")
def compare(before: Annotated[str, typer.Argument(metavar="BEFORE")], after: Annotated[str, typer.Argument(metavar="AFTER")],
            as_json: Json = False, as_: As = "") -> None:
    """Compare two closed rounds, before and after a revision: every dimension, the difference with its interval.

    Example: python manage.py compare march april --json
    """
    from workflow import comparing  # brings statsmodels: not needed by the other commands

    engine = store()
    made = comparing.compare_rounds(who(engine, as_), engine, before, after)
    if as_json:
        document(made.as_json())
    else:
        terminal.show_comparison(made)


@verb("plan")
def plan(from_: Annotated[str, typer.Option("--from", help="a closed round as the pilot", metavar="ROUND")] = "",
         from_set: Annotated[str, typer.Option(help="a label set as the pilot", metavar="NAME")] = "",
         dimension: Annotated[str, typer.Option(help="one of the pilot's; all when left out", metavar="KEY")] = "",
         half_width: Annotated[float | None, typer.Option(help="the 95 % interval to be within plus or minus this")] = None,
         threshold: Annotated[float | None, typer.Option(help="the interval's low end to be at or above this")] = None,
         levels: Annotated[str | None, typer.Option(help="without a pilot: the levels in order; 0,1,2,3 when left out")] = None,
         kappa: Annotated[float | None, typer.Option(help="without a pilot: the true kappa that is assumed")] = None,
         marginals: Annotated[str | None, typer.Option(help="without a pilot: each level's share; equal when left out")] = None,
         weights: Annotated[str | None, typer.Option(help="unweighted, linear or quadratic; the rubric's when left out")] = None,
         as_json: Json = False, as_: As = "") -> None:
    """How many drafts to label, for an interval of a half-width or to show a threshold: from a pilot, or an assumed kappa.

    Example: python manage.py plan --kappa .85 --half-width .05 --threshold .8
    """
    from workflow import planning  # brings statsmodels, as for a report

    if from_ and from_set:
        raise Refused("a plan has one pilot: give --from or --from-set, not both")
    asked = {"half_width": half_width, "threshold": threshold, "weights": weights}
    if from_ or from_set:
        if told := [name for name, given in (("--levels", levels), ("--kappa", kappa), ("--marginals", marginals))
                    if given is not None]:
            raise Refused(f"{', '.join(told)} {'is' if len(told) == 1 else 'are'} for a plan without a pilot; "
                          "leave it out, or the pilot")
        engine = store()
        made = planning.plan_of_pilot(who(engine, as_), engine, round_name=from_, label_set=from_set, dimension=dimension,
                                      **asked)
    elif dimension:
        raise Refused(f"{dimension} is a dimension of a pilot; name the pilot with --from or --from-set")
    else:
        made = planning.plan_of_assumption(split("0,1,2,3" if levels is None else levels), kappa,
                                           planning.shares_of(marginals or ""), **asked)
    if as_json:
        return document(made.as_json())
    for line in made.lines():
        say(line)


@verb("import-labels")
def import_labels(
    files: Files,
    set_: Annotated[str, typer.Option("--set", help="the name of the label set", metavar="NAME")],
    made_by: Annotated[str, typer.Option(help=f"who made the labels: {', '.join(label_sets.MADE_BY)}")],
    rubric: Annotated[str, typer.Option(help="the rubric version whose dimensions and levels they use")],
    annotator: Annotated[list[str] | None, typer.Option(help="one per file; the file's stem when left out")] = None,
    blank: Annotated[str, typer.Option(help="what an empty cell means: missing")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="refuse columns that are no dimension")] = False,
    as_: As = "",
) -> None:
    """Bring labels from elsewhere in as a label set: CSV, wide (one file an annotator) or long.

    Example: python manage.py import-labels round1.csv round2.csv --set seed --made-by program --rubric tenacious-v1
    """
    engine = store()
    made = label_sets.import_labels(
        who(engine, as_), engine, [label_sets.File(path.name, read(path)) for path in files], name=set_,
        made_by=made_by, rubric=rubric, annotators=annotator or [], blank=blank or None, strict=strict)
    say(made.sentence)
    for file, columns in made.left_out.items():
        say(f"  left out of {file}: {', '.join(columns)}")


@verb("check-rubric")
def check_rubric(file: Annotated[Path, typer.Argument(help="a rubric file, or a name in rubric_versions/")]) -> None:
    """Read a rubric file and say what is wrong with it, line by line.

    Example: python manage.py check-rubric rubric_versions/tenacious-v1.yml
    """
    path = file if file.suffix in (".yml", ".yaml") else rubrics.FOLDER / f"{file.name}.yml"
    found, problems, _ = rubrics.read_file(path)
    if problems:
        raise Refused(f"{path.name} is not a rubric yet: {many(len(problems), 'problem')}", problems)
    if there_is_a_store() and schema_state(engine := open_engine()) == "present":
        rubrics.refuse_changed(engine, found)
    say(f"{found.name} is good: {many(len(found.dimensions), 'dimension')}, digest {found.digest}")


@verb("codebook")
def codebook_(rubric: Annotated[str, typer.Argument(help="a version in rubric_versions/, e.g. tenacious-v1", metavar="RUBRIC")],
              html: Annotated[Path, typer.Option("--html", help="the HTML file to write")]) -> None:
    """Write a rubric version as a codebook for annotators: one HTML file, to print or to read.

    Example: python manage.py codebook tenacious-v1 --html codebook.html
    """
    engine = open_engine() if there_is_a_store() else None
    found = codebook.rubric_named(engine if engine and schema_state(engine) == "present" else None, rubric)
    say(f"{found.name}: the codebook is in {papers.write(html, codebook.html(found))}")


@verb("export-gold")
def export_gold(round_name: Annotated[str, typer.Argument(metavar="ROUND")],
                to: Annotated[Path | None, typer.Option(help="a folder; exports/ROUND when left out")] = None,
                partial: Annotated[bool, typer.Option("--partial", help="leave out the cells that wait")] = False,
                with_single: Annotated[bool, typer.Option(
                    "--with-single", help="also what was labelled once, as planned, marked single")] = False,
                as_: As = "") -> None:
    """Export gold labels with their history: gold.csv, gold.jsonl, manifest.json.

    Example: python manage.py export-gold pilot --to exports/pilot
    """
    engine = store()
    person = who(engine, as_)
    to = to or gold.folder_of(gold.gold_of_round(person, engine, round_name).round)
    folder = gold.export_gold(person, engine, round_name, to, partial=partial, with_single=with_single)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    say(f"{many(manifest['rows'], 'gold label')} of {many(manifest['drafts'], 'draft')} in {folder}"
        + (f"; {many(len(manifest['left_out']), 'cell')} left out, named in manifest.json"
           if manifest["left_out"] else ""))


@verb("check-store")
def check_store() -> None:
    """Check that the store holds together: its integrity, its rubrics' digests, the counts of closed rounds.

    Example: python manage.py check-store
    """
    if found := upkeep.check_store(store()):
        refuse(f"the store does not hold together: {many(len(found), 'fault')}", tuple(found))
    say("the store holds together")


@verb("backup")
def backup(file: Annotated[Path, typer.Argument(help="a new file")]) -> None:
    """Copy the whole store into one file, a SQLite store of its own, whichever database it is in.

    Example: python manage.py backup touchstone-2026-11-22.sqlite
    """
    rows = upkeep.backup(store(), file)
    say(f"{many(sum(rows.values()), 'row')} of {many(len(rows), 'table')} in {file}")


@verb("restore")
def restore(file: Annotated[Path, typer.Argument(help="a file made by backup")]) -> None:
    """Copy a backup into a new or empty store: also the way from SQLite to PostgreSQL.

    Example: TOUCHSTONE_DATABASE_URL=postgresql://me@localhost/touchstone python manage.py restore backup.sqlite
    """
    rows = upkeep.restore(open_engine(), file)
    say(f"{many(sum(rows.values()), 'row')} of {many(len(rows), 'table')} restored")


if __name__ == "__main__":
    app()
