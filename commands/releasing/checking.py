"""Spot checks of agreed cells."""

from pathlib import Path
from typing import Annotated

import typer

from commands import Json, document, read, say, store, verb
from touchstone.english import many
from touchstone.errors import Problem, Refused
from touchstone.files.csv_rows import rows_by_header
from workflow.people.people import person_named


@verb("spot-check")
def spot_check(
    round_name: Annotated[str, typer.Argument(metavar="ROUND")],
    as_: Annotated[str, typer.Option("--as", help="who checks: somebody who did not label in the round", metavar="NAME")],
    cells: Annotated[int | None, typer.Option(help="draw so many agreed cells")] = None,
    seed: Annotated[int, typer.Option(help="the same seed draws the same cells")] = 1,
    from_: Annotated[Path | None, typer.Option("--from", help="CSV with the levels: draft_id,dimension,value")] = None,
    as_json: Json = False,
) -> None:
    """Label agreed cells once more, blind: the error rate of gold. Says which cell is next, and the rate so far.

    Example: python manage.py spot-check pilot --as cleo --cells 50
    """
    from workflow.releasing import spot_checks  # statsmodels, for the interval

    engine = store()
    person = person_named(engine, as_)
    if cells is not None:
        spot_checks.draw_spot_check(person, engine, round_name, cells, seed)
    if from_ is not None:
        given = _levels(read(from_), from_.name)
        while (cell := spot_checks.next_to_check(person, engine, round_name)) and (cell.draft_id, cell.dimension.key) in given:
            level = given[cell.draft_id, cell.dimension.key]
            spot_checks.check_cell(person, engine, round_name, cell.draft_id, cell.dimension.key, level)
    found = spot_checks.spot_checks_of(person, engine, round_name)
    cell = spot_checks.next_to_check(person, engine, round_name)
    following = f"{cell.draft_id},{cell.dimension.key}" if cell else None
    if as_json:
        checks = [{**each._asdict(), "rate": {**each.rate._asdict(), "value": each.rate.rate}} for each in found]
        return document({"checks": checks, "next": following})
    for each in found:
        say(f"spot check {each.number} by {each.checker}, seed {each.seed}: {each.rate.in_words()}")
        if each.left:
            say(f"  {many(each.left, 'cell')} still to check")
    say(f"next: {following}" if following else "no cell of yours waits for a check")


def _levels(source: bytes, name: str) -> dict[tuple[str, str], str]:
    problems: list[Problem] = []
    given: dict[tuple[str, str], str] = {}
    for line, row in rows_by_header(source, problems):
        if lacking := [column for column in ("draft_id", "dimension", "value") if column not in row]:
            problems.append(Problem(line, f"there is no column {lacking[0]}; the header takes draft_id,dimension,value"))
            break
        given[row["draft_id"].strip(), row["dimension"].strip()] = row["value"].strip()
    if problems:
        raise Refused(f"{name} was not read: {many(len(problems), 'problem')}, nothing was stored", problems)
    return given
