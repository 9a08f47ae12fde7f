"""Spot checks: agreed cells labelled once more by somebody else, blind; one that differs returns to adjudication."""

import re
from datetime import UTC, datetime

import pytest

from tests.support.kept_stores import kept
from tests.support.small_stores import CTA, TONE, label_all, opened, people, stock
from touchstone.errors import NotYourTurn, Refused
from touchstone.releasing.policy import Policy
from touchstone.releasing.spot_check import draw, error_rate
from touchstone.releasing.verifying.verify import verify
from workflow import clock
from workflow.gold.adjudication import adjudicate, open_disagreements
from workflow.gold.gold import gold_of_round
from workflow.releasing import releases, spot_checks
from workflow.releasing.asked import Asked
from workflow.rounds.closing import close_round
from workflow.rounds.draft_list import DraftFilter, drafts_of_round

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
@kept
def team(engine):
    lead, ana, ben = found = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 5)
    opened(engine, lead, draft_ids=[f"d0{number}" for number in range(1, 6)])
    given = {f"d0{number}": (number % 3, number % 4) for number in range(1, 6)}
    label_all(engine, ana, given)
    label_all(engine, ben, {**given, "d05": (0, 0)})
    with clock.at(AT):
        close_round(lead, engine, "pilot")
    return found


def check_all(engine, person, wrong_from: int = 99) -> list[tuple[str, str]]:
    """Every cell as its labels have it, from the `wrong_from`th on another level; the cells."""
    done = []
    while cell := spot_checks.next_to_check(person, engine, "pilot"):
        number = int(cell.draft_id[1:])
        level = number % 3 if cell.dimension.key == TONE else number % 4
        level = level if len(done) < wrong_from else (level + 1) % 4
        spot_checks.check_cell(person, engine, "pilot", cell.draft_id, cell.dimension.key, level, "why")
        done.append((cell.draft_id, cell.dimension.key))
    return done


def test_a_contested_cell_waits_for_adjudication_again_and_the_rate_says_so(engine, team, tmp_path):
    lead, *_ = team
    drawn = spot_checks.draw_spot_check(lead, engine, "pilot", 4, 7)
    assert (drawn.drawn, drawn.left, drawn.rate.cells) == (4, 4, 8)
    assert drawn.rate.in_words() == "none of 8 agreed cells checked yet"
    cells = check_all(engine, lead, wrong_from=3)
    (found,) = spot_checks.spot_checks_of(lead, engine, "pilot")
    assert (found.rate.checked, found.rate.wrong, found.left) == (4, 1, 0)
    contested = cells[-1]
    waiting = {(each.draft_id, each.dimension): each.state for each in open_disagreements(lead, engine, "pilot").waiting}
    assert waiting[contested] == "contested" and len(waiting) == 3
    assert gold_of_round(lead, engine, "pilot").waiting == 3
    drafts = drafts_of_round(lead, engine, "pilot", DraftFilter(state="undecided")).drafts
    assert {each.draft_id: each.cells for each in drafts}[contested[0]][contested[1]] == "contested"
    asked = Asked(("pilot",), policy=Policy(partial=True, with_flagged=True))
    releases.release_gold(lead, engine, asked, tmp_path / "one")
    assert verify(tmp_path / "one").holds
    assert re.search(r'"because":"contested"', (tmp_path / "one" / "left_out.jsonl").read_text())
    assert "1 of 4 checked cells wrong, 25.0 % [12.5, " in (tmp_path / "one" / "README.md").read_text()
    level = int(contested[0][1:]) % (3 if contested[1] == TONE else 4)
    adjudicate(lead, engine, "pilot", *contested, level, "the labels were right", "slip")
    (found,) = spot_checks.spot_checks_of(lead, engine, "pilot")
    assert found.rate.wrong == 0
    releases.release_gold(lead, engine, asked, tmp_path / "two")
    assert verify(tmp_path / "two").holds


def test_the_same_seed_draws_the_same_cells_and_another_check_follows_the_first(engine, team):
    lead, *_ = team
    spot_checks.draw_spot_check(lead, engine, "pilot", 3, 7)
    with pytest.raises(Refused, match="is not done yet"):
        spot_checks.draw_spot_check(lead, engine, "pilot", 3, 7)
    first = check_all(engine, lead)
    spot_checks.draw_spot_check(lead, engine, "pilot", 3, 7)
    assert check_all(engine, lead) == first
    assert draw("abcdef", 3, 7) == draw("abcdef", 3, 7) and draw("ab", 9, 1) != []


def test_who_labelled_does_not_check_and_nothing_but_the_next_cell_is_checked(engine, team):
    lead, ana, _ = team
    with pytest.raises(NotYourTurn, match="you labelled in pilot"):
        spot_checks.draw_spot_check(ana, engine, "pilot", 3, 7)
    assert spot_checks.next_to_check(lead, engine, "pilot") is None
    spot_checks.draw_spot_check(lead, engine, "pilot", 3, 7)
    cell = spot_checks.next_to_check(lead, engine, "pilot")
    with pytest.raises(Refused, match="takes 0, 1, 2 and 3, not 9"):
        spot_checks.check_cell(lead, engine, "pilot", cell.draft_id, cell.dimension.key, 9)
    other = CTA if cell.dimension.key == TONE else TONE
    with pytest.raises(Refused, match="is not the next cell"):
        spot_checks.check_cell(lead, engine, "pilot", cell.draft_id, other, 1)
    with pytest.raises(Refused, match="takes one cell or more and a seed"):
        spot_checks.draw_spot_check(lead, engine, "pilot", 0, -1)
    opened(engine, lead, "again", annotators=("lead", "ana"), draft_ids=["d01"])
    for verb in (spot_checks.next_to_check, spot_checks.spot_checks_of):
        with pytest.raises(NotYourTurn, match="a spot check would show"):
            verb(lead, engine, "pilot")


def test_the_error_rate_takes_into_account_how_many_cells_there_are():
    """Wilson by hand for n = 20 of an endless number: 1 of 20 gives .0089 to .2361."""
    low, high = error_rate(10**9, 20, 1)[3:]
    assert (round(low, 4), round(high, 4)) == (0.0089, 0.2361)
    assert error_rate(25, 20, 1).high < high
    assert error_rate(20, 20, 1)[3:] == (0.05, 0.05)
    assert error_rate(25, 20, 1).low >= 1 / 25
    assert error_rate(20, 0, 0).rate is None
    with pytest.raises(ValueError):
        error_rate(10, 11, 1)
