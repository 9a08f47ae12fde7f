"""On labels of people that lie outside the project: a constant is never approved, and the alt-test is its authors'."""

from collections import Counter, defaultdict

import pytest

from benchmarks import judges
from tests.judging.test_beside_the_verdict import by_definition
from tests.support.shared_input import SHARED
from touchstone.judging.alt_test import alt_test
from touchstone.judging.report import judge_report

FOLDER = SHARED / "judging"
needs_labels = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"there are no labels at {FOLDER}")


@pytest.fixture(scope="module")
def sets() -> dict[str, judges.Labelled]:
    return {each.name: each for each in (*judges.cebab(FOLDER), *judges.pandalm(FOLDER))}


@needs_labels
def test_a_constant_is_never_approved(sets):
    for of in sets.values():
        units = {unit for own in of.people.values() for unit in own}
        given = Counter(level for own in of.people.values() for level in own.values())
        level = given.most_common(1)[0][0]
        report = judge_report(judges.held_by(of, dict.fromkeys(units, level)), epsilon=of.epsilon)
        assert (report.judge.value, report.stand_in.verdict) == (0.0, "may not"), (of.name, level)
        assert 0.5 < report.person.value < 0.95


@needs_labels
@pytest.mark.parametrize("name", ["cebab stars", "cebab food"])
def test_the_alt_test_is_its_authors_on_reviews(sets, name):
    """The judge is the first to have labelled each unit, who is then none of the people."""
    of, judge, people = sets[name], {}, defaultdict(dict)
    for who, own in of.people.items():
        for unit, level in own.items():
            if unit in judge:
                people[who][unit] = level
            else:
                judge[unit] = level
    made = alt_test(judges.held_by(of._replace(people=people), judge), 0.1, draws=100)
    omega, rho = by_definition(judge, people, 0.1, of.scale == "nominal")
    assert (made.omega, made.rho) == (pytest.approx(omega), pytest.approx(rho)) and made.people > 50


def test_the_table_says_so_where_the_labels_are_not_there(tmp_path, monkeypatch, capsys):
    for folder, told in (("", "TOUCHSTONE_SHARED is not set"), (str(tmp_path), str(tmp_path))):
        monkeypatch.setenv("TOUCHSTONE_SHARED", folder)
        assert judges.main() == 0
        said = capsys.readouterr().out
        assert said.startswith("no labels to hold judges against") and told in said
