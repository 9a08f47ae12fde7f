"""Commands that seal a partition, open it, and check a sealed file against its public manifest."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from commands import As, document, read, store, who
from commands.bench import verb
from touchstone.cli.printing import say
from touchstone.cli.verbs import Json
from touchstone.english import many
from touchstone.errors import Refused


@verb("seal")
def seal(
    partition: Annotated[str, typer.Argument(help="the partition")],
    keeper: Annotated[str, typer.Option(help="who keeps the seal, and alone may open it", metavar="NAME")],
    to: Annotated[Path, typer.Option(help="a new folder for the sealed file and its manifest", metavar="DIR")],
    recipient: Annotated[str, typer.Option(help="a public key of age that the file is sealed for", metavar="AGE1…")] = "",
    new_key: Annotated[
        Path | None, typer.Option(help="make a key, and write its secret into this new file", metavar="FILE")
    ] = None,
    until: Annotated[str, typer.Option(help="the day it is meant to stay sealed until: 2027-06-01", metavar="DAY")] = "",
    by: As = "",
) -> None:
    """Seal a partition: from here on nobody but who is seated is told what its tasks and drafts say. The sealed file and a public
    manifest go into DIR. No cryptography enforces the day: keep the key away from this machine, with the keeper.

    Example: python manage.py bench seal held_out --keeper ana --new-key ana.key --until 2027-06-01 --to sealed
    """
    from touchstone.bench.sealing.sealed_file import new_key as make_key
    from workflow.bench.sealing import SealDesign, seal_partition

    if bool(recipient) == bool(new_key):
        raise Refused(
            "a partition is sealed for one key: give --recipient with a public key of age, or --new-key with a new file"
        )
    day = _day(until)
    engine = store()
    person = who(engine, by)
    to.mkdir(parents=True)
    try:
        secret, public = make_key() if new_key else ("", recipient)
        if new_key:
            _write_key(new_key, secret, public)
        made = seal_partition(person, engine, SealDesign(partition, keeper, public, day))
    except Refused:
        to.rmdir()
        if new_key:
            new_key.unlink(missing_ok=True)
        raise
    (to / f"{partition}.age").write_bytes(made.age)
    (to / f"{partition}.manifest.json").write_bytes(made.manifest)
    say(f"{made.seal.sentence}.")
    say(f"root {made.seal.root}")
    say(f"canary {made.seal.canary}")
    if new_key:
        say(f"{new_key} opens {partition}.age: give it to {made.seal.keeper}, and keep no copy here")


@verb("open")
def open_(
    partition: Annotated[str, typer.Argument(help="the sealed partition")],
    reason: Annotated[str, typer.Option(help="why it is opened: it is on record", metavar="TEXT")],
    by: As = "",
) -> None:
    """Open a sealed partition, as its keeper: its tasks and drafts are what they were, for everyone. That cannot be undone.

    Example: python manage.py bench open held_out --reason "the evaluation is over" --as ana
    """
    from workflow.bench.sealing import open_partition

    engine = store()
    say(f"{open_partition(who(engine, by), engine, partition, reason).sentence}.")


@verb("verify-seal", in_project=False)
def verify_seal(
    manifest: Annotated[Path, typer.Argument(help="the public manifest of a seal")],
    file: Annotated[Path | None, typer.Option(help="the sealed file", metavar="FILE.age")] = None,
    key: Annotated[Path | None, typer.Option(help="the keeper's secret key", metavar="FILE")] = None,
    to: Annotated[Path | None, typer.Option(help="a new file for its tasks and drafts", metavar="FILE.jsonl")] = None,
    as_json: Json = False,
) -> None:
    """Check that a manifest holds in itself and, with the key, that the sealed file has exactly the tasks it commits to.

    Example: python manage.py bench verify-seal sealed/held_out.manifest.json --file sealed/held_out.age --key ana.key
    """
    from touchstone.bench.sealing.sealed_file import as_records, decrypted, read_manifest

    if (file is None) != (key is None) or (to and not file):
        raise Refused("the sealed file is read with its key: give both --file and --key")
    found = read_manifest(read(manifest))
    tasks = decrypted(read(file), read(key).decode("utf-8", "replace"), found) if file and key else []
    if to:
        with to.open("x", encoding="utf-8") as out:
            out.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in as_records(tasks))
    if as_json:
        return document({"partition": found.partition, "root": found.root, "tasks": len(found.commitments), "opened": len(tasks)})
    held = f"; the sealed file has all {many(len(tasks), 'task')} and no other" if file else ""
    say(f"the manifest of {found.partition} holds: {many(len(found.commitments), 'task')}, root {found.root}{held}")


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written.strip() else None
    except ValueError:
        raise Refused(f"the day is {written!r}; write it as 2027-06-01") from None


def _write_key(path: Path, secret: str, public: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"# public key: {public}\n{secret}\n")
