"""Who still labels a draft learns nothing of it by importing it again: a right guess and a wrong one are answered alike."""

import pytest

from tests.support.small_stores import draft, jsonl, opened, people, rows, stock, task
from touchstone.data.table.mapping import TableMapping, TitledColumn
from touchstone.errors import Refused
from workflow.data.table_import import import_table
from workflow.data.task_import import import_drafts, import_file, import_tasks

MAPPING = TableMapping((TitledColumn("reply", "reply"),), "id", (), author="who")
WHO_WROTE_IT = ("hidden-author", "another", None)


def said(verb, *args, **more) -> str:
    try:
        return verb(*args, **more).sentence
    except Refused as refused:
        return " / ".join([refused.sentence, *map(str, refused.problems)])


def labelled(engine):
    """Ana labels d01 to d04 in an open round, and Cleo none."""
    lead, ana, _, cleo = people(engine, "lead", "ana", "ben", "cleo")
    stock(engine, lead)
    opened(engine, lead)
    return lead, ana, cleo


@pytest.mark.both_databases
def test_a_guess_of_the_author_is_answered_alike_where_the_person_still_labels(engine):
    _, ana, _ = labelled(engine)
    answers = {said(import_drafts, ana, engine, jsonl(draft(1, author=who, more=who)), "d.jsonl") for who in WHO_WROTE_IT}
    assert answers == {"d.jsonl: nothing new, all 1 are in the store already"}
    others = {said(import_drafts, ana, engine, jsonl(draft(1, author=who, text="Other.")), "d.jsonl") for who in WHO_WROTE_IT}
    assert len(others) == 1 and "d01 is in the store with different content" in others.pop()


def test_a_guess_of_a_tasks_own_fields_is_answered_alike(engine):
    _, ana, _ = labelled(engine)
    guesses = (task(1), task(1, difficulty="easy"), task(1, dimension="cta_quality", notes="x"), task(1, cluster="c"))
    assert {said(import_tasks, ana, engine, jsonl(each), "t.jsonl") for each in guesses} == {
        "t.jsonl: nothing new, all 1 are in the store already"
    }
    assert "different content" in said(import_tasks, ana, engine, jsonl(task(1, input={"company_signal": "x"})), "t.jsonl")


def test_texts_of_a_table_by_several_authors_come_in_beside_those_that_are_labelled(engine):
    lead, ana, *_ = people(engine, "lead", "ana", "ben")
    import_table(lead, engine, table("First reply", "bot-a"), "a.csv", MAPPING)
    opened(engine, lead, drafts=1)
    for who in ("bot-a", "bot-b"):
        assert said(import_table, ana, engine, table("First reply", who), "again.csv", MAPPING) == (
            "again.csv: nothing new, all 2 are in the store already"
        )
        answer = said(import_table, ana, engine, table(f"Reply of {who}", who), "more.csv", MAPPING)
        assert answer == "more.csv: 1 draft imported, 1 were in the store already"
    assert rows(engine, "SELECT count(*) FROM drafts") == [(3,)]


def table(reply: str, who: str) -> bytes:
    return f"id,reply,who\n1,{reply},{who}\n".encode()


def test_whoever_does_not_label_it_is_told_what_differs(engine):
    lead, _, cleo = labelled(engine)
    for person in (lead, cleo):
        assert "different content" in said(import_file, person, engine, jsonl(draft(1, author="another")), "d.jsonl")
        assert "different content" in said(import_file, person, engine, jsonl(task(1, difficulty="x")), "t.jsonl")
