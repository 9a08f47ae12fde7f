"""Names of people: whose an admin sees, and whose a lead."""

import pytest

from db.engine import acting
from tests.support.refusals import refusal
from tests.support.small_stores import inside, opened, people, stock
from workflow.people.people import everyone, person_named
from workflow.people.roles import make_admin, set_role
from workflow.projects.projects import new_project


@pytest.mark.both_databases
def test_who_is_no_admin_is_told_the_names_of_their_own_projects_alone(engine):
    """Also by asking for a name: somebody of another project is nobody here, and gets no seat."""
    ana, ben, cleo, dora, eva = people(engine, "Ana", "Ben", "Cleo", "Dora", "Eva")
    make_admin(ana, engine, "Ana")
    for name in ("mails", "support"):
        new_project(ana, engine, name)
    set_role(ana, engine, "Ben", "lead", "mails")
    set_role(ana, engine, "Cleo", "annotator", "mails")
    set_role(ana, engine, "Dora", "lead", "support")
    mails = acting(inside(engine, "mails"), ben.id)
    assert [each.name for each in everyone(mails)] == ["Ben", "Cleo"]
    assert person_named(mails, "cleo") == cleo
    for name in ("Dora", "Eva", "Frank"):
        said = refusal(person_named, mails, name)
        assert said.startswith(f"nobody is named “{name}” (there are Ben, Cleo)")
        stock(mails, ben, 2, first={"Dora": 1, "Eva": 3, "Frank": 5}[name])
        assert f"nobody is named “{name}”" in refusal(opened, mails, ben, annotators=("Cleo", name))
    opened(mails, ben, annotators=("Ben", "Cleo"))
    assert [each.name for each in everyone(acting(inside(engine, "mails"), ana.id))] == ["Ana", "Ben", "Cleo", "Dora", "Eva"]
    assert len(everyone(engine)) == 5, "local mode, and the server's own commands"
