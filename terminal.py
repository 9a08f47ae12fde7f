"""Labelling, adjudicating and reading a report in a terminal: the prompts of manage.py."""

import textwrap
from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import TYPE_CHECKING

import sqlalchemy as sa
import typer

from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA, ORDINAL_ALPHA, PERCENT, QUADRATIC_KAPPA
from touchstone.agreement.figure import in_words, signed
from touchstone.data.label_file import CAUSES
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.rubric.reading import Dimension
from workflow.gold import adjudication
from workflow.labelling import labelling
from workflow.labelling.feedback import Feedback, feedback_on
from workflow.people.people import Person

if TYPE_CHECKING:
    from touchstone.agreement.clusters import ClusterReport
    from touchstone.agreement.figure import PairReport
    from touchstone.agreement.file_report import Ratings
    from touchstone.agreement.report import DimensionReport
    from touchstone.agreement.second_opinion import Opinion
    from touchstone.rubric.diff import Revision, TextChange, ValueChange
    from workflow.agreement.reports import Report
    from workflow.comparison.two_rounds import ComparedRounds
    from workflow.comparison.two_sources import ComparedSources
    from workflow.scorer.against_people import ScorerReport
    from workflow.scorer.effect import WouldChange
    from workflow.subgroups.slices import Annotators, Slices

WIDTH = 78


def _show(fields: tuple[tuple[str, str], ...], text: str) -> None:
    typer.echo("-" * WIDTH)
    for title, words in fields:
        typer.echo(textwrap.fill(f"{visible(title)}: {visible(words)}", WIDTH, subsequent_indent="  "))
    typer.echo("-" * WIDTH)
    typer.echo(visible(text))
    typer.echo("-" * WIDTH)


def visible(text: str) -> str:
    """Text from outside without the characters that steer a terminal."""
    return "".join(letter if letter in "\n\t" or letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def say(text: str) -> None:
    typer.echo(visible(text))


def _show_anchors(dimension: Dimension) -> None:
    typer.echo(f"\n{dimension.title}: {dimension.question}")
    for level in dimension.levels:
        typer.echo(textwrap.fill(f"{level.value}  {level.anchor}", WIDTH, initial_indent="  ", subsequent_indent="     "))


def label(person: Person, engine: sa.Engine, round_name: str) -> None:
    """Draft after draft, until nothing is left or the person stops. A choice is kept as it is made."""
    while desk := labelling.next_assignment(person, engine, round_name):
        kind = "practice, not counted" if desk.is_practice else "draft"
        if desk.gives_feedback:
            typer.echo("\nthe gold is shown after the draft, and its labels stay as saved")
        typer.echo(f"\n{desk.round_name}, {kind} {desk.position} of {desk.total}")
        _show(desk.fields, desk.text)
        typer.echo("a level, Enter to keep what stands, s to skip the draft, q to stop (choices are kept)")
        values = dict(desk.choices)
        for dimension in desk.dimensions:
            _show_anchors(dimension)
            answer = _level(dimension, values.get(dimension.key), "s", "q")
            if answer == "q":
                typer.echo(f"stopped; {labelling.left(person, engine, round_name)}")
                return
            if answer == "s":
                labelling.skip(person, engine, desk.assignment, _sentence("why skip it"), desk.revision)
                break
            values[dimension.key] = dimension.parse(answer)
            labelling.choose(person, engine, desk.assignment, dimension.key, values[dimension.key])
        else:
            note = typer.prompt("note (Enter for none)", default=desk.note, show_default=bool(desk.note))
            labelling.save_labels(person, engine, desk.assignment, values, note, desk.revision, token_hex(16))
            typer.echo("saved")
            _show_feedback(feedback_on(person, engine, desk.assignment))
    typer.echo(f"nothing is left to label in {round_name}")


def _show_feedback(found: Feedback | None) -> None:
    """What a calibration with feedback after each draft tells; nothing in other rounds."""
    if found is None:
        return
    if found.held_back:
        typer.echo("you label this draft in another open round too: its gold is held back until that is closed")
    for each in found.told:
        gold = "no settled gold" if each.gold is None else f"gold {each.gold}" + ("" if each.hit else ", DIFFERS")
        say(
            textwrap.fill(
                f"{each.title}: you {each.value}, {gold}" + (f"  “{each.reason}”" if each.reason else ""),
                WIDTH,
                initial_indent="  ",
                subsequent_indent="     ",
            )
        )


def _level(dimension: Dimension, standing: int | str | None, *words: str) -> str:
    while True:
        answer = typer.prompt(
            "level", default="" if standing is None else str(standing), show_default=standing is not None
        ).strip()
        if answer in words or dimension.parse(answer) is not None:
            return answer
        typer.echo(
            f"{dimension.title} takes {', '.join(str(each) for each in dimension.values)}, "
            f"{' or '.join(words)}; not {answer or 'nothing'}"
        )


def _sentence(question: str) -> str:
    while not (answer := typer.prompt(question, default="", show_default=False).strip()):
        typer.echo("a few words are needed")
    return answer


def _cause() -> str:
    choices = {str(number): cause for number, cause in enumerate(CAUSES, start=1)}
    for number, cause in choices.items():
        typer.echo(f"  {number}  {cause}")
    while (answer := typer.prompt("cause", default="", show_default=False).strip()) not in choices:
        typer.echo(f"cause takes {', '.join(choices)}; not {answer or 'nothing'}")
    return choices[answer]


def adjudicate(person: Person, engine: sa.Engine, round_name: str) -> None:
    """Cell after cell, until nothing waits or the person stops."""
    queue = adjudication.open_disagreements(person, engine, round_name)
    if queue.held_back:
        typer.echo(f"{many(queue.held_back, 'cell')} held back: you label those drafts in an open round")
    for place, cell in enumerate(queue.waiting, start=1):
        case = adjudication.case(person, engine, round_name, cell.draft_id, cell.dimension)
        typer.echo(f"\ncell {place} of {len(queue.waiting)}: {cell.draft_id} / {case.dimension.title}")
        _show(case.fields, case.text)
        _show_anchors(case.dimension)
        for letter, each in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", cell.labels, strict=False):
            typer.echo(f"  {letter}: {each.value}" + (f"  “{visible(each.note)}”" if each.note else ""))
        for reason in cell.skips:
            typer.echo(f"  skipped: “{visible(reason)}”")
        if case.also_labelled:
            typer.echo("  you labelled this cell yourself; the decision will say so")
        answer = _level(case.dimension, None, "n", "q")
        if answer == "q":
            return
        if answer == "n":
            continue
        reason = _sentence("reason")
        try:
            adjudication.adjudicate(
                person, engine, round_name, cell.draft_id, cell.dimension, case.dimension.parse(answer), reason, _cause()
            )
        except Refused as refused:  # decided by someone else meanwhile: the rest of the queue still waits
            typer.echo(refused.sentence)
    typer.echo(f"{len(adjudication.open_disagreements(person, engine, round_name).waiting)} wait in {round_name}")


def show_report(report: "Report", by_clusters: "Mapping[str, ClusterReport]") -> None:
    """The report as a table, flagged dimensions first; with intervals by clusters where there are any."""
    say(
        f"{report.name}: {report.rubric.name} ({report.rubric.digest[:12]}), {', '.join(report.annotators)}, "
        f"{many(report.units, 'unit')}; labels by {report.made_by}" + (" (sample)" if report.is_sample else "")
    )
    say(report.sentence)
    for name, made in report.by_annotator.items():
        if len(report.by_annotator) > 1:
            say(f"\n{name} against the gold")
        _show_dimensions(made, {})
    if not report.by_annotator:
        _show_dimensions(report, by_clusters)
    for note in report.notes:
        say(f"\n{note}")


def _show_dimensions(report: "Report", by_clusters: "Mapping[str, ClusterReport]") -> None:
    for each in sorted(report.dimensions.values(), key=lambda each: not each.flagged):
        show_dimension(each.dimension, each, report.second_opinion.get(each.dimension), report.mark)
        if clustered := by_clusters.get(each.dimension):
            say(
                f"  by clusters ({clustered.clusters}, the largest of {many(clustered.largest, 'unit')}): "
                f"{each.statistic} {in_words(clustered.judged)}, agreement {in_words(clustered.percent)}"
            )
            for warning in clustered.warnings:
                say(textwrap.fill(f"! {warning}", WIDTH, initial_indent="  ", subsequent_indent="    "))


def show_ratings(key: str, each: "Ratings", opinion: "Opinion") -> None:
    """One dimension on an interval scale."""
    say(f"\n{key}: interval alpha {in_words(each.alpha)} of {many(each.units, 'unit')}\n  second opinion: {opinion.sentence}")


def show_dimension(key: str, each: "DimensionReport", opinion: "Opinion | None", mark: str = "") -> None:
    """One dimension: what it is judged on, or without a rubric its main figures; then what must stand beside it. `mark`:
    what must stand at the figures themselves."""
    mark = f" ({mark})" if mark else ""
    if each.judgement:
        say(
            f"\n{key}: {each.judgement.rule_in_words} {in_words(each.judged, each.only_level)}"
            + (
                ""
                if each.threshold is None
                else f", threshold {each.threshold:.2f}: {'FLAGGED, ' if each.flagged else ''}{each.verdict or 'undefined'}"
            )
            + mark
        )
    else:
        names = (KAPPA, QUADRATIC_KAPPA) if len(each.pairs) == 1 else (NOMINAL_ALPHA, ORDINAL_ALPHA)
        figures = each.pairs[0].figures if len(each.pairs) == 1 else each.overall
        say(f"\n{key}: " + ", ".join(f"{name} {in_words(figures[name], each.only_level)}" for name in names) + mark)
    say(f"  agreement {in_words(each.overall[PERCENT])} of {each.units_with_two}{mark}")
    if each.further:
        say(f"  {each.further.in_words()}")
    if opinion:
        say(f"  second opinion: {opinion.sentence}")
    for warning in each.warnings:
        say(textwrap.fill(f"! {warning}", WIDTH, initial_indent="  ", subsequent_indent="    "))


def show_slices(found: "Slices") -> None:
    """Slice after slice, a line a dimension."""
    say(found.sentence)
    for part in found.slices:
        say(f"\n{part.name}: {many(part.drafts, 'draft')}" + (", held back" if part.held_back else ""))
        for each in part.dimensions.values():
            say(
                f"  {each.dimension}: {each.statistic} {in_words(each.judged, each.only_level)}, "
                f"agreement {in_words(each.overall[PERCENT])} of {each.units_with_two}"
            )
    _show_notes(found.notes)


def show_annotators(found: "Annotators") -> None:
    """Everyone against the others, then the two halves of the round."""
    say(f"{found.round.name}, for the lead: everyone against the others on the same drafts")
    for mine in found.annotators:
        pace = (
            "no time known"
            if mine.pace.median is None
            else f"median {mine.pace.median:.0f} s a draft, {mine.pace.fast} of {mine.pace.timed} fast"
        )
        say(f"\n{mine.name}: {mine.saved} saved, {mine.skipped} skipped, {mine.waiting} owed; {pace}")
        for key, each in mine.dimensions.items():
            say(
                f"  {key}: levels {signed(each.severity)} against the others, the same in "
                f"{in_words(each.agreement)} of {each.severity.n}, {each.used} of {each.levels} levels used; "
                f"second half of own order {signed(mine.drift[key].difference)}"
            )
    say(f"\nDrift: {found.drift_sentence}")
    for each in found.agreement:
        say(
            f"  by {each.order if each.order == 'time' else 'the order of ' + each.order}, {each.dimension}: {each.coefficient} "
            f"{in_words(each.halves.first)}, then {in_words(each.halves.second)}; "
            f"difference {signed(each.halves.difference)}"
        )
    _show_notes(found.notes)


def _show_notes(notes: Sequence[str]) -> None:
    for note in notes:
        say("\n" + textwrap.fill(f"! {note}", WIDTH, subsequent_indent="  "))


def show_comparison(made: "ComparedRounds") -> None:
    """Two rounds, every dimension, then what must be read beside the differences."""
    from touchstone.comparison import two_rounds

    for when, each in (("before", made.before), ("after", made.after)):
        say(
            f"{when}: {each.name}, {each.rubric.name} ({each.rubric.digest[:12]}), {', '.join(each.annotators)}, "
            f"{many(each.units, 'draft')}" + (" (sample)" if each.is_sample else "")
        )
    say(f"in both: {many(made.drafts_in_common, 'draft')}, {many(made.tasks_in_common, 'task')}")
    say(made.sentence)
    for each in made.dimensions:
        if each.compared is None:
            say(f"\n{each.key}: only {each.where}")
            continue
        judged, percent = each.compared.judged, each.compared.percent
        say(
            f"\n{each.key}: {judged.coefficient.kind_first} {in_words(judged.before, each.before.only_level)} -> "
            f"{in_words(judged.after, each.after.only_level)}"
        )
        say(
            f"  difference {two_rounds.difference_in_words(judged)}"
            + (f" ({each.compared.method}, {many(judged.difference.n, 'draft')} in both)" if each.compared.method else "")
        )
        say(
            f"  agreement {in_words(percent.before)} of {each.before.units_with_two} -> {in_words(percent.after)} of "
            f"{each.after.units_with_two}, difference {two_rounds.difference_in_words(percent)}"
        )
    for note in made.notes:
        say(textwrap.fill(f"! {note}", WIDTH, subsequent_indent="  "))


def show_sources(made: "ComparedSources") -> None:
    """Two sources, every dimension with its table."""
    say(f"{made.a.name} and {made.b.name}: {made.joined_in_words}" + (" (sample)" if made.is_sample else ""))
    say(made.sentence)
    for each in made.dimensions:
        if each.pair is None:
            say(f"\n{each.key}: {each.reason}")
            continue
        figures = each.pair.figures
        say(f"\n{each.key}: kappa (unweighted) {in_words(figures[KAPPA])}, quadratic {in_words(figures[QUADRATIC_KAPPA])}")
        say(f"  agreement {in_words(figures[PERCENT])} of {each.n}; {made.relation}")
        _show_table(each.pair, "the first", "the second")
    _show_notes(made.notes)


def _show_table(pair: "PairReport", rows: str, columns: str) -> None:
    _show_counts(pair.levels, pair.table, rows, columns)


def _show_counts(levels: "Sequence[int | str]", table: "Sequence[Sequence[int]]", rows: str, columns: str) -> None:
    width = max(4, *(len(str(level)) + 2 for level in levels), *(len(str(cell)) + 2 for row in table for cell in row))
    say(f"  rows are {rows}, columns {columns}")
    say("  " + "".join(f"{level!s:>{width}}" for level in ("", *levels)))
    for level, row in zip(levels, table, strict=True):
        say("  " + "".join(f"{cell!s:>{width}}" for cell in (level, *row)))


def show_scorer(made: "ScorerReport") -> None:
    """The scorer against gold and everyone, every dimension with its table against gold."""
    say(
        f"{made.scorer} ({made.version.rubric.digest[:12]}) against people in {made.round.name}, {made.rubric.name}: "
        f"{many(made.drafts, 'draft')}" + (" (sample)" if made.is_sample else "")
    )
    say(made.sentence)
    for each in made.dimensions:
        say(
            f"\n{each.key}: people among themselves kappa {in_words(each.people[KAPPA])}, quadratic "
            f"{in_words(each.people[QUADRATIC_KAPPA])}, of {each.people_n}"
        )
        if each.reason:
            say(f"  {each.reason}")
            continue
        for other in (each.gold, *each.annotators):
            say(
                f"  {made.scorer} with {other.who}: kappa {in_words(other.figure(KAPPA))}, quadratic "
                f"{in_words(other.figure(QUADRATIC_KAPPA))}, agreement {in_words(other.figure(PERCENT))} of {other.n}"
            )
            if at := other.at_cut:
                caught, alarms = (
                    in_words(share) if share.value is None else f"{number} of {share.n}, {in_words(share)}"
                    for number, share in ((at.caught, at.share_caught), (at.alarms, at.share_alarms))
                )
                say(f"    bad is {' or '.join(map(str, each.bad))}: caught {caught}; false alarms {alarms}")
        if each.uncut:
            say(f"  not cut: {each.uncut}")
        if each.gold.pair:
            _show_table(each.gold.pair, "the gold", f"the {made.scorer}")
        for reason, drafts in each.not_scorable.items():
            say(f"  not scorable, {reason}: {listed(drafts[:8])}" + (f" and {len(drafts) - 8} more" if len(drafts) > 8 else ""))
    _show_notes(made.notes)


MOST_MOVED = 20


def show_effect(made: "WouldChange") -> None:
    """What a version would change: per dimension the matrix, the gold, and the first drafts that move with what moved them."""
    say(made.sentence)
    say("checks that differ: " + (", ".join(made.changed) or "none"))
    for each in made.dimensions:
        say(f"\n{each.key}: {many(len(each.moved), 'draft')} of {made.drafts:,} {'moves' if len(each.moved) == 1 else 'move'}")
        for words, side in (("not discussed", each.not_discussed), ("discussed", each.discussed)):
            if side is not None:
                kappa = side.changes[KAPPA]
                say(
                    f"  with the gold of {made.gold.name}, {many(side.n, 'draft')} {words}: {side.improved} improved, "
                    f"{side.worsened} worsened"
                )
                say(f"    kappa {in_words(kappa.before)} -> {in_words(kappa.after)}, difference {side.in_words}")
        if each.reason:
            say(f"  no figure with gold: {each.reason}")
        if not each.moved:
            continue
        levels = ["not scorable" if level is None else level for level in each.rows]
        _show_counts(levels, each.matrix, made.before.name, made.after.name)
        shown = [one for one in each.moved if one.is_labelled]
        for one in shown[:MOST_MOVED]:
            said = made.said(one)
            reason = [
                f"{sign}{found.check} {found.text!r}" for sign, these in (("-", said.gone), ("+", said.new)) for found in these
            ]
            say(
                textwrap.fill(
                    f"{one.draft.draft_id}: {one.moved.before} -> {one.moved.after} "
                    f"({one.moved.because_before} -> {one.moved.because_after}) {'; '.join(reason)}",
                    WIDTH,
                    initial_indent="  ",
                    subsequent_indent="      ",
                )
            )
        if len(shown) > MOST_MOVED:
            say(f"  and {len(shown) - MOST_MOVED:,} more: --json has them all")
        if unseen := len(each.moved) - len(shown):
            say(
                f"  {many(unseen, 'draft')} no closed round had {'is' if unseen == 1 else 'are'} counted and not listed, so that "
                "whoever labels stays blind"
            )
    _show_notes(made.notes)


MARKS = {"same": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}  # as git marks words


def show_revision(made: "Revision") -> None:
    """What changed between two rubric versions: words in context, values before and after."""
    say(made.sentence)
    if made.texts or made.values:
        say("\nfor all dimensions")
        _show_changes(made.texts, made.values)
    for each in made.changed:
        say(f"\n{each.key}: {each.in_words}")
        _show_changes(each.texts, each.values)
        for words, names in (("check added", each.checks.added), ("check removed", each.checks.removed)):
            for name in names:
                say(
                    textwrap.fill(
                        f"{words}: {name} ({made.check(each.key, name)})", WIDTH, initial_indent="  ", subsequent_indent="    "
                    )
                )
        for check in each.checks.changed:
            say(f"  check changed: {check.name}")
            _show_changes((), check.values, "    ")


def _show_changes(texts: "Sequence[TextChange]", values: "Sequence[ValueChange]", indent: str = "  ") -> None:
    lines = []
    for each in texts:
        opens_and_closes = [MARKS[part.kind] for part in each.stretches]
        words = "".join(
            part.text[: len(part.text) - len(part.text.lstrip())] + opens + part.text.lstrip() + closes
            for part, (opens, closes) in zip(each.stretches, opens_and_closes, strict=True)
        )
        lines.append(f"{each.what}: {words}")
    for each in values:
        if each.items is None or each.by_number:
            before, after = (", ".join(part.text for part in side) or "nothing" for side in each.sides)
            lines.append(f"{each.what}: {before} -> {after}")
    for line in lines:
        say(textwrap.fill(" ".join(line.split()), WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  "))
    for each in values:
        if each.items is not None and not each.by_number:
            _show_items(each, indent)


def _show_items(change: "ValueChange", indent: str) -> None:
    """What of a list went and what came, a line each."""
    say(f"{indent}{change.what}:")
    before, after = change.sides
    signs = {"deleted": "- ", "inserted": "+ ", "same": "  "}
    for each in (*(part for part in before if part.kind != "same"), *after):  # what stays is told once
        say(
            textwrap.fill(
                " ".join(each.text.split()),
                WIDTH,
                initial_indent=f"{indent}  {signs[each.kind]}",
                subsequent_indent=f"{indent}    ",
            )
        )
