"""export-pairs from levels: what is in the files, what is left out, what is refused."""

import json
from datetime import date
from hashlib import sha256

import pytest

from tests.comparison.test_sources import bring
from tests.support.commands import document, done, sentence
from tests.support.kept_stores import kept
from tests.support.rubric_files import version
from tests.support.small_stores import CTA, RUBRIC, TONE, draft, jsonl, label_all, opened, people, rows, task
from touchstone.bench.sealing.sealed_file import new_key
from touchstone.errors import NotYourTurn, Refused
from touchstone.preferences import training_pairs as pairs
from workflow.bench.sealing import SealDesign, seal_partition
from workflow.data.task_import import import_drafts, import_tasks
from workflow.importing.label_files import File
from workflow.preferences.pairs_export import HELD_BACK, SEALED, PairsAsked, export_pairs
from workflow.rounds.closing import close_round
from workflow.rubric.rubrics import rubric_named
from workflow.rubric.versions import publish

TASKS = 12
LEVELS = {"a": (3, 3), "b": (1, 2), "c": (3, 3)}  # tone and cta of the three drafts of each task


def names(task_number: int) -> list[str]:
    return [f"d{task_number:02}{which}" for which in "abc"]


def texts(number: int, which: str, longer: bool) -> str:
    better = which != "b"
    return f"Hello, {'good' if better else 'other'} draft {number}." + (" More words." * 9 if longer and better else "")


def build(engine, *, longer: bool = False):
    """Twelve tasks in train, dev and held_out, three drafts each; of each task a and c have one text and b another."""
    lead, *_ = found = people(engine, "lead", "ana", "ben")
    of = {1: "dev", 2: "dev", 3: "held_out"}
    import_tasks(lead, engine, jsonl(*(task(n, partition=of.get(n, "train")) for n in range(1, TASKS + 1))), "tasks.jsonl")
    every = [draft(n, draft_id=name, text=texts(n, name[-1], longer)) for n in range(1, TASKS + 1) for name in names(n)]
    import_drafts(lead, engine, jsonl(*every), "drafts.jsonl")
    lines = [f"{name},{LEVELS[name[-1]][0]},{LEVELS[name[-1]][1]}\n" for n in range(1, TASKS + 1) for name in names(n)]
    bring(engine, lead, File("m.csv", f"draft_id,{TONE},{CTA}\n{''.join(lines)}".encode()), name="m", made_by="person-blind")
    return found


@pytest.fixture
@kept
def team(engine):
    return build(engine)


def read(folder) -> dict[str, list[dict]]:
    return {path.stem: [json.loads(line) for line in path.read_text("utf-8").splitlines()] for path in folder.glob("*.jsonl")}


def test_pairs_of_a_label_set_stand_in_a_file_a_partition_with_ids_and_digests(engine, team, tmp_path):
    made = export_pairs(team[0], engine, PairsAsked("set:m"), tmp_path / "out")
    found = read(tmp_path / "out")
    assert {name: len(own) for name, own in found.items()} == {"dev": 2, "train": 9}, "held_out stays where it is"
    first = found["dev"][0]
    assert first["prompt"].startswith("Company signal:\nInvented firm 1") and "hidden" not in json.dumps(found)
    assert (first["chosen_id"], first["rejected_id"], first["task_id"], first["tier"]) == ("d01a", "d01b", "t01", "excellence")
    assert first["chosen_digest"] == sha256(first["chosen"].encode()).hexdigest()
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["left_out"] == {pairs.AGAIN: 12, pairs.KEPT_OUT: 1, pairs.TOO_CLOSE: 12}
    assert manifest["files"]["dev.jsonl"] == sha256((tmp_path / "out" / "dev.jsonl").read_bytes()).hexdigest()
    assert (manifest["pairs"], manifest["dimensions"], manifest["layout_only"]["value"]) == (11, [TONE, CTA], None)
    assert made.manifest == manifest
    (event,) = rows(engine, "SELECT verb FROM events WHERE verb = 'export pairs'")
    assert event


def test_the_same_store_gives_the_same_bytes_and_nothing_is_replaced(engine, team, tmp_path):
    for name in ("one", "two"):
        export_pairs(team[0], engine, PairsAsked("set:m"), tmp_path / name)
    assert [(tmp_path / name / "manifest.json").read_bytes() for name in ("one", "two")].count(
        (tmp_path / "one" / "manifest.json").read_bytes()
    ) == 2
    with pytest.raises(Refused, match="is not empty"):
        export_pairs(team[0], engine, PairsAsked("set:m"), tmp_path / "one")


def test_a_bound_nothing_reaches_and_dimensions_that_are_not_there_are_refused(engine, team, tmp_path):
    for asked, told in (
        (PairsAsked("set:m", bound=pairs.Fraction(1)), "no pair is left to export: .*closer than the bound"),
        (PairsAsked("set:m", ("nothing",)), "has no levels of nothing"),
        (PairsAsked("set:nowhere"), "there is no label set"),
    ):
        with pytest.raises(Refused, match=told):
            export_pairs(team[0], engine, asked, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_stale_dimension_is_left_out_and_only_stale_ones_are_refused(engine, team, rubric_folder, tmp_path):
    asks = rubric_named(engine, RUBRIC).dimension(TONE).question
    publish(team[0], engine, version(2, (f"question: {asks}", "question: Is the voice that of the guide?")), "clearer")
    made = export_pairs(team[0], engine, PairsAsked("set:m"), tmp_path / "out")
    assert made.manifest["dimensions"] == [CTA]
    why = "reworded in tenacious-v2, so levels under tenacious-v1 are stale"
    assert made.manifest["dimensions_left_out"] == {TONE: why} == made.stale
    with pytest.raises(Refused, match=f"{TONE} was {why}; label the drafts again"):
        export_pairs(team[0], engine, PairsAsked("set:m", (TONE,)), tmp_path / "more")


def test_gold_of_a_closed_round_gives_pairs_and_of_an_open_one_none(engine, team, tmp_path):
    lead, ana, ben = team
    own = [*names(4), *names(5)]
    opened(engine, lead, draft_ids=own)
    given = {name: LEVELS[name[-1]] for name in own}
    label_all(engine, ana, given)
    label_all(engine, ben, {**given, "d05a": (2, 3)})
    with pytest.raises(NotYourTurn, match="pilot is open"):
        export_pairs(lead, engine, PairsAsked("gold:pilot"), tmp_path / "out")
    close_round(lead, engine, "pilot")
    made = export_pairs(lead, engine, PairsAsked("gold:pilot"), tmp_path / "out")
    assert {(pair.chosen.draft, pair.rejected.draft) for pair in made.made.every} == {("d04a", "d04b"), ("d05c", "d05b")}
    assert made.manifest["left_out"][pairs.NO_SCORE] == 1, "d05a waits on one dimension"
    opened(engine, lead, "again", draft_ids=["d04b", *names(6)])
    held = export_pairs(ana, engine, PairsAsked("gold:pilot"), tmp_path / "held")
    assert [pair.chosen.draft for pair in held.made.every] == ["d05c"] and held.manifest["left_out"][HELD_BACK] == 1


def test_what_is_sealed_is_in_no_file(engine, team, tmp_path):
    lead, ana, ben = team
    import_tasks(lead, engine, jsonl(task(30, partition="secret")), "secret.jsonl")
    import_drafts(lead, engine, jsonl(*(draft(30, draft_id=f"s{n}", text=f"Secret {n}.") for n in (1, 2))), "s.jsonl")
    seal_partition(lead, engine, SealDesign("secret", "ana", new_key()[1], date(2030, 1, 1)))
    own = [name for (name,) in rows(engine, "SELECT draft_id FROM drafts WHERE draft_id LIKE 'sealed-%' ORDER BY draft_id")]
    opened(engine, lead, draft_ids=[*own, *names(4)])
    given = {own[0]: (3, 3), own[1]: (0, 0), **{name: LEVELS[name[-1]] for name in names(4)}}
    for person in (ana, ben):
        label_all(engine, person, given)
    close_round(lead, engine, "pilot")
    with pytest.raises(Refused, match="no draft of the source is in a partition 'secret'; there is train"):
        export_pairs(lead, engine, PairsAsked("gold:pilot", partitions=("secret", "train")), tmp_path / "out")
    made = export_pairs(lead, engine, PairsAsked("gold:pilot", partitions=("train",)), tmp_path / "out")
    assert [pair.chosen.draft for pair in made.made.every] == ["d04a"] and made.manifest["left_out"][SEALED] == 2
    assert "Secret" not in "".join(path.read_text("utf-8") for path in (tmp_path / "out").iterdir())


def test_layout_that_gives_it_away_is_refused_until_it_is_told_otherwise(sqlite_engine, tmp_path, monkeypatch):
    lead, *_ = people(sqlite_engine, "lead")
    number = 24
    import_tasks(lead, sqlite_engine, jsonl(*(task(n) for n in range(1, number + 1))), "tasks.jsonl")
    every = [draft(n, draft_id=f"d{n:02}{w}", text=texts(n, w, longer=True)) for n in range(1, number + 1) for w in "ab"]
    import_drafts(lead, sqlite_engine, jsonl(*every), "drafts.jsonl")
    lines = [f"{each['draft_id']},{LEVELS[each['draft_id'][-1]][0]}\n" for each in every]
    bring(sqlite_engine, lead, File("m.csv", f"draft_id,{TONE}\n{''.join(lines)}".encode()), name="m", made_by="person-blind")
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", str(sqlite_engine.url))
    told = sentence("export-pairs", "set:m", "--to", tmp_path / "out")
    assert told.startswith("layout alone tells chosen from rejected in 1.00") and told.endswith("(--allow-layout)")
    assert not (tmp_path / "out").exists()
    found = document("export-pairs", "set:m", "--to", tmp_path / "out", "--allow-layout", "--dev", ".25", "--json")
    assert found["layout_only"] == {**found["layout_only"], "value": 1.0, "allowed": True}
    assert found["by_partition"] == {"dev": 6, "train": 18}
    said = done("export-pairs", "set:m", "--to", tmp_path / "more", "--allow-layout")
    assert "24 pairs in" in said and "layout alone tells chosen from rejected in 1.00" in " ".join(said.split())
    assert sentence("export-pairs", "set:m", "--to", tmp_path / "x", "--bound", "2").startswith("bound is over 0")
