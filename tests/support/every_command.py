"""Every command with arguments that are well-formed, and where its people stand."""

import os
import subprocess
import sys
from pathlib import Path

import typer

import manage
from db.engine import open_engine
from tests.support.commands import words_of
from tests.support.sample_store import ANA, OPEN, RUBRIC
from workflow.labelling import next_draft
from workflow.people.people import person_named
from workflow.rounds import rounds

PROJECT = Path(__file__).resolve().parents[2]


def _by_words(group: typer.core.TyperGroup, before: str = "") -> dict[str, typer.core.TyperCommand]:
    """Every command by the words that call it: `rounds`, `bench cover`."""
    found = {}
    for name, each in group.commands.items():
        found |= _by_words(each, f"{name} ") if isinstance(each, typer.core.TyperGroup) else {before + name: each}
    return found


COMMANDS = _by_words(typer.main.get_command(manage.app))
KEYS = 5
# What a person types that must not be carried out as given: every verb, with arguments that are well-formed.
ARGUMENTS = {
    "migrate": [],
    "sample": [],
    "projects": [],
    "new-project": ["support", "--rubric", "replies"],
    "rename-project": ["Sample", "Try out"],
    "rename-person": ["ana", "anna"],
    "rename-round": ["pilot", "first"],
    "archive-project": ["Sample"],
    "delete-project": ["Sample", "--yes", "Sample"],
    "add-person": ["ana"],
    "create-admin": ["zoe"],
    "invite": ["zoe", "--role", "lead", "--project", "Sample"],
    "reset-link": ["ana"],
    "people": [],
    "set-role": ["ana", "--role", "lead"],
    "take-admin": ["ana"],
    "deactivate": ["ana"],
    "import-tasks": ["{file}"],
    "import-drafts": ["{file}"],
    "import-table": ["{file}", "--id", "id", "--text", "text"],
    "undo-import": [],
    "open-round": ["pilot", "--rubric", RUBRIC, "--annotators", "ana,ben"],
    "close-round": ["pilot"],
    "reassign": ["pilot", "--from", "ana", "--to", "ben"],
    "add-annotator": ["pilot", "cleo"],
    "add-drafts": ["pilot", "--drafts", "2"],
    "rounds": [],
    "label": ["pilot", "--as", "ana"],
    "adjudicate": ["pilot", "--as", "ana"],
    "report": ["pilot"],
    "agreement": ["{file}", "--levels", "0,1"],
    "slices": ["pilot", "--by", "difficulty"],
    "annotators": ["pilot"],
    "compare": ["pilot", "pilot"],
    "compare-sources": ["gold:pilot", "set:elsewhere"],
    "plan": ["--from", "pilot", "--half-width", ".05"],
    "import-labels": ["{file}", "--set", "elsewhere", "--made-by", "model", "--rubric", RUBRIC],
    "check-claim": ["{file}"],
    "check-rubric": [RUBRIC],
    "templates": [],
    "new-rubric": ["tenacious", "--template", "essay"],
    "rubric-schema": ["--to", "{new}"],
    "score": ["--rubric", RUBRIC],
    "score-against": ["pilot"],
    "gate": ["--policy", "{policy}"],
    "gate-policy": ["{policy}"],
    "gate-switch": ["off", "--why", "to see"],
    "gate-token": ["mailer"],
    "gate-figures": [],
    "gate-override": ["1", "--text", "{file}", "--given", "pass", "--why", "it is fine"],
    "gate-round": ["after", "--annotators", "ana,ben"],
    "codebook": [RUBRIC, "--html", "{paper}"],
    "export-rubric": [RUBRIC, "--to", "{folder}.yml"],
    "diff-rubrics": [RUBRIC, RUBRIC],
    "rubric-effect": [RUBRIC, RUBRIC],
    "publish-rubric": [RUBRIC, "--why", "it is clearer"],
    "open-next-round": ["--rubric", RUBRIC, "--after", "pilot"],
    "export-gold": ["pilot", "--to", "{folder}"],
    "release-gold": ["pilot", "--to", "{folder}"],
    "releases": [],
    "release-answers": ["licence=CC-BY-4.0"],
    "spot-check": ["pilot", "--as", "ana"],
    "verify": ["{folder}"],
    "sign-release": ["{folder}", "--key", "{file}"],
    "export-labels": ["pilot", "--to", "{folder}.csv"],
    "judge against": ["set:elsewhere", "round:pilot"],
    "judge run": ["{judge}", "pilot", "--plan"],
    "judge list": [],
    "judge compare": ["set:elsewhere", "round:pilot/ana", "round:pilot"],
    "judge train": ["tone", "tone_compliance", "pilot"],
    "judge trained": [],
    "judge switch": ["tone-v1", "off", "--why", "to see"],
    "check-judge": ["{judge}"],
    "preferences": ["{file}"],
    "export-pairs": ["gold:pilot", "--to", "{folder}"],
    "open-comparison": ["which", "--annotators", "ana,ben"],
    "close-comparison": ["which"],
    "comparisons": [],
    "compare-drafts": ["which", "--as", "ana"],
    "report-comparison": ["which"],
    "export-comparison": ["which", "--to", "{folder}.csv"],
    "bench leaks": ["{file}", "{file}"],
    "bench split": ["{file}", "--by", "cluster", "--sizes", "1/1"],
    "bench seal": ["held_out", "--keeper", "ana", "--new-key", "{new}", "--to", "{folder}"],
    "bench open": ["held_out", "--reason", "it is over"],
    "bench verify-seal": ["{file}"],
    "events": [],
    "verify-events": [],
    "bench cover": ["{space}"],
    "bench make": ["{space}"],
    "bench from-drafts": ["pilot"],
    "bench candidates": [],
    "bench synthesise": ["{recipe}"],
    "bench sign-off": ["failed-1"],
    "bench adversarial": ["t01", "{file}", "--rubric", RUBRIC, "--on", "tone_compliance", "--deserves", "1"],
    "bench confirm": [],
    "check-store": [],
    "backup": ["{new}"],
    "restore": ["{file}"],
}
NEEDS_NO_STORE = {
    "gate",
    "bench leaks",
    "bench split",
    "bench verify-seal",
    "bench cover",
    "check-rubric",
    "check-judge",
    "templates",
    "new-rubric",
    "rubric-schema",
    "agreement",
    "check-claim",
    "codebook",
    "export-rubric",
    "preferences",
    "verify",
    "sign-release",
    "diff-rubrics",
}
MAKES_THE_STORE = {"migrate", "restore"}


def process(*arguments: str, url: str, stdin: bytes = b"", binary: bool = False) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *words_of(arguments)],
        cwd=PROJECT,
        input=stdin,
        timeout=60,
        capture_output=True,
        env={**os.environ, "TOUCHSTONE_DATABASE_URL": url},
    )


def arguments_of(name: str, folder: Path) -> list[str]:
    file = folder / "file.csv"
    file.write_text("id,text\n1,Hello.\n")
    policy = folder / "policy.yml"
    policy.write_text(f"gate: outreach\nversion: 1\nrubric: {RUBRIC}\nblock: [{{judge: any, p_pass_below: 0.5}}]\n")
    places = {
        "file": file,
        "folder": folder / "gold",
        "new": folder / "backup.sqlite",
        "policy": policy,
        "paper": folder / "paper.html",
        "judge": PROJECT / "sample/outreach/bench/mail-tone-v1.yml",
        "recipe": PROJECT / "sample/outreach/bench/recipe.yml",
        "space": PROJECT / "sample/outreach/bench/space.yml",
    }
    return [each.format(**places) for each in ARGUMENTS[name]]


def first(url: str, person: str = ANA, round_name: str = OPEN) -> next_draft.Desk:
    """What that person would label next, as the store has it."""
    engine = open_engine(url)
    try:
        return next_draft.next_assignment(person_named(engine, person), engine, round_name)
    finally:
        engine.dispose()


def progress(url: str, person: str = ANA, round_name: str = OPEN) -> rounds.Progress:
    engine = open_engine(url)
    try:
        found = next(each for each in rounds.all_rounds(engine) if each.name == round_name)
        return next(each for each in found.progress if each.name == person)
    finally:
        engine.dispose()
