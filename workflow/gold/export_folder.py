"""The folder an export of gold goes to: written whole or not at all, and never over anything else."""

import glob
import hashlib
import json
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from db.engine import ROOT
from touchstone.errors import Refused
from workflow import clock
from workflow.gold.tables import FURTHER
from workflow.rounds.rounds import Round

EXPORTS = ROOT / "exports"
IN_HAND = 600  # seconds in which a folder beside an export may be another export's in the making
EXPORTED = "export gold"  # the event that tells of an export
MANIFEST = "manifest.json"
FILES = ("gold.csv", "gold.jsonl", "agreement.json", MANIFEST)


def folder_of(found: Round) -> Path:
    """Where the round's export goes unless told otherwise: exports/ and the name in plain letters; with a few digits
    of its own where that folder holds another round's export."""
    plain = "".join(
        letter if letter.isalnum() else "-"
        for letter in unicodedata.normalize("NFKD", found.name).encode("ascii", "ignore").decode().lower()
    )
    slug = "-".join(part for part in plain.split("-") if part)
    own = hashlib.sha256(f"{found.name} {found.closed_at}".encode()).hexdigest()[:8]
    before = manifest_in(EXPORTS / slug) if slug else None
    closed_at = found.closed_at.isoformat() if found.closed_at else None
    ours = (found.name, closed_at, found.rubric_digest, list(found.annotators))
    return EXPORTS / (slug if slug and (before is None or _whose(before) == ours) else f"{slug or 'round'}-{own}")


def write_export(to: Path, made: Path, files: Sequence[str], manifest: Mapping) -> Path:
    """Copy the files of an export from the folder they were `made` in into the folder `to`, whole or not at all; an earlier
    export of the same round is replaced.

    Raises Refused when `to` holds anything else, is the folder one stands in, or cannot be written.
    """
    to = to.resolve()
    if to == Path.cwd():
        raise Refused("an export replaces the whole folder, so it cannot be the current one; name a folder in it")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        _sweep(to)
        _refuse_foreign(to, manifest)
        with TemporaryDirectory(prefix=f".{to.name}.", dir=to.parent) as beside:
            new, old = Path(beside) / "new", Path(beside) / "old"
            new.mkdir()
            for name in files:
                shutil.copyfile(made / name, new / name)
            if to.exists():
                to.rename(old)
            try:
                new.rename(to)
            except OSError:
                if old.exists():
                    old.rename(to)
                raise
    except OSError as wrong:
        raise Refused(f"{to} cannot be written ({wrong.strerror}); name another folder") from None
    return to


def _sweep(to: Path) -> None:
    """What an export that was killed left beside `to`: removed; the release it had set aside is put back where there is none."""
    for left in sorted(to.parent.glob(f".{glob.escape(to.name)}.*")):
        if (left / "old" / "manifest.json").exists() and not to.exists():
            (left / "old").rename(to)
        if {each.name for each in left.iterdir()} <= {"new", "old"} and clock.now().timestamp() - left.stat().st_mtime > IN_HAND:
            shutil.rmtree(left)


def _whose(manifest: Mapping) -> tuple:
    return tuple(manifest.get(key) for key in ("round", "closed_at", "rubric_digest", "annotators"))


def manifest_in(to: Path) -> Mapping | None:
    """The manifest of the export in a folder; None where there is none to read."""
    try:
        found = json.loads((to / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _refuse_foreign(to: Path, manifest: Mapping) -> None:
    if to.exists() and not to.is_dir():
        raise Refused(f"{to} is a file; name a folder")
    inside = sorted(each.name for each in to.iterdir()) if to.exists() else []
    if not inside:
        return
    if foreign := [name for name in inside if name not in (*FILES, *FURTHER)]:
        raise Refused(f"{to} holds {foreign[0]}, which is not part of an export; name an empty or new folder")
    before = manifest_in(to)
    if before is None or _whose(before) != _whose(manifest):
        what = (
            "something else"
            if before is None
            else (f"another round called {before['round']}" if before.get("round") == manifest["round"] else before.get("round"))
        )
        raise Refused(f"{to} holds an export of {what}; name another folder for {manifest['round']}")
    if edited := next((name for name, digest in _digests(before).items() if _is_other(to / name, digest)), ""):
        raise Refused(f"{to / edited} was changed since it was exported, and the change would be lost; name another folder")


def _digests(manifest: Mapping) -> Mapping[str, str]:
    files = manifest.get("files")
    return files if isinstance(files, dict) else {}


def _is_other(file: Path, digest: str) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() != digest
