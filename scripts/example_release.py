"""Write exports/example: a small release of sample drafts, rebuilt to the byte by tests/gold/test_example_release.py.

.venv/bin/python -m scripts.example_release
"""

import csv
import io
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from db.engine import migrate, open_engine, within
from touchstone.data.label_file import read_decisions, read_labels
from workflow import clock
from workflow.data import sample
from workflow.data.sample_manifest import sample_named
from workflow.data.task_import import import_drafts, import_tasks
from workflow.gold.adjudication import decide_from_rows, open_disagreements, round_drafts
from workflow.gold.export import files_of
from workflow.gold.export_folder import EXPORTS
from workflow.labelling.own_labels import label_from_rows, own_drafts
from workflow.people.people import add_person
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round

NAME = "example"
SAMPLE = sample_named("outreach")
DRAFTS = ("sample-01-1", "sample-01-2", "sample-02-1", "sample-05-1", "sample-06-2", "sample-12-1")


def example_files(folder: Path) -> dict[str, bytes]:
    """The files of the example, from a new store in `folder`: the labels and decisions of the sample workspace."""
    engine = open_engine(f"sqlite:///{folder / 'example.sqlite'}")
    migrate(engine)
    with clock.at(datetime(2026, 11, 2, 9, tzinfo=UTC)):
        ana, ben, cleo = (add_person(None, engine, name, is_sample=True) for name in (*SAMPLE.annotators, SAMPLE.lead))
        engine = within(engine, sample.sample_project(cleo, engine, SAMPLE))
        import_tasks(cleo, engine, SAMPLE.read("tasks.jsonl"), "tasks.jsonl")
        import_drafts(cleo, engine, SAMPLE.read("drafts.jsonl"), "drafts.jsonl")
        open_round(cleo, engine, RoundDesign(NAME, rubric=SAMPLE.rubric, annotators=SAMPLE.annotators, draft_ids=DRAFTS))
        for person in (ana, ben):
            drafts, rubric, found = own_drafts(person, engine, NAME)
            rows, _, problems = read_labels(only(DRAFTS, "labels.csv"), person.name, drafts, rubric, found.dimensions)
            assert not problems, problems
            label_from_rows(person, engine, NAME, rows, NAME)
    with clock.at(datetime(2026, 11, 3, 9, tzinfo=UTC)):
        close_round(cleo, engine, NAME)
        drafts, rubric, found = round_drafts(cleo, engine, NAME)
        decisions, problems = read_decisions(only(DRAFTS, "adjudications.csv"), drafts, rubric, found.dimensions)
        assert not problems, problems
        decide_from_rows(cleo, engine, NAME, decisions)
        assert not open_disagreements(cleo, engine, NAME).waiting
    files = files_of(cleo, engine, NAME)
    engine.dispose()
    return files


def only(drafts: tuple[str, ...], name: str) -> bytes:
    """The rows of a sample file that speak of these drafts."""
    rows = SAMPLE.rows(name)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(row for row in rows if row["draft_id"] in drafts)
    return out.getvalue().encode()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name, content in example_files(Path(folder)).items():
            (EXPORTS / NAME).mkdir(parents=True, exist_ok=True)
            (EXPORTS / NAME / name).write_bytes(content)
            print(f"exports/{NAME}/{name}: {len(content):,} bytes")
