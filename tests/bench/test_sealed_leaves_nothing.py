"""What is sealed leaves in no byte: not its texts, not what its drafts were given, in no file, line or log of any command."""

import base64
import io
import json
import logging
import zipfile
import zlib
from pathlib import Path

import pytest

from tests.bench.test_sealing import KEPT, NOTED, SECRET, everything, sealed
from tests.support.commands import run
from tests.support.every_command import COMMANDS, arguments_of
from tests.support.small_stores import TONE, opened, rows, save
from touchstone.errors import Refused
from touchstone.releasing.manifest import FILE, read_manifest
from touchstone.releasing.policy import Policy
from touchstone.releasing.verifying.verify import verify
from web.watching.logs import JsonLines
from workflow.agreement.reports import agreement_of_rounds
from workflow.bench.from_drafts import propose_from_drafts
from workflow.bench.sealing import open_partition
from workflow.exporting.label_export import export_labels
from workflow.gold.adjudication import adjudicate
from workflow.gold.export import export_gold
from workflow.gold.tables import Form
from workflow.releasing import spot_checks
from workflow.releasing.asked import Asked
from workflow.releasing.releases import release_gold
from workflow.rounds.closing import close_round

pytestmark = pytest.mark.usefixtures("rubric_folder")
HELD = [f"sealed-held_out-{number:04}-1" for number in range(1, 5)]
NAME = "sealed-held_out-0"
ASKED = Asked(("mixed",), policy=Policy(partial=True))


def labelled(engine):
    """A closed round of three sealed and four public drafts, one of sealed drafts alone, and an open one on a sealed draft. Ana
    and Ben agree on what is public, and differ on what is sealed."""
    (lead, ana, ben, kim), _ = sealed(engine)
    opened(engine, lead, "mixed", draft_ids=[*HELD[:3], "d0", "d1", "d2", "d3"])
    opened(engine, lead, "hidden", draft_ids=HELD[3:])
    for person, other in ((ana, 0), (ben, 2)):
        for number, each in enumerate(("d0", "d1", "d2", "d3")):
            save(engine, person, each, [number % 3, number % 4], f"{person.name} on {each}", round_name="mixed")
        for each in HELD[:3]:
            save(engine, person, each, [other, other], f"It says {NOTED}.", round_name="mixed")
        save(engine, person, HELD[3], [1, 1], round_name="hidden")
    for name in ("mixed", "hidden"):
        close_round(lead, engine, name)
    adjudicate(lead, engine, "mixed", HELD[0], TONE, 1, "as it stands", "slip")
    opened(engine, lead, "again", draft_ids=HELD[3:])
    return lead, kim


def members(content: bytes, depth: int = 0) -> bytes:
    """The bytes, and what is packed in them."""
    if depth < 2 and zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [name.encode() + members(archive.read(name), depth + 1) for name in archive.namelist()]
        return content + b"".join(inside)
    return content


def ways_to_write(word: str) -> list[bytes]:
    """A word as UTF-8, UTF-16, hexadecimal, and within base64 at any place."""
    plain = word.encode()
    # What of it stands within base64 whatever is before and behind: after so many bytes, the letters that it alone makes.
    shifted = [base64.b64encode(b"\0" * skip + plain)[-(-skip * 8 // 6) : (skip + len(plain)) * 8 // 6] for skip in range(3)]
    return [plain, word.encode("utf-16-le"), plain.hex().encode(), *shifted]


def files_with(folder: Path, *words: str) -> list[str]:
    """The files below a folder that have one of the words in them, or in their names."""
    looked_for = [each for word in words for each in ways_to_write(word)]
    found = []
    for path in sorted(folder.rglob("*")):
        content = str(path.relative_to(folder)).encode() + (members(path.read_bytes()) if path.is_file() else b"")
        found += [path.name] if any(each in content for each in looked_for) else []
    return found


def test_nothing_of_a_sealed_draft_leaves_in_a_release_or_an_export_and_it_is_counted(engine, tmp_path):
    lead, kim = labelled(engine)
    out = tmp_path / "out"
    made = release_gold(lead, engine, ASKED, out / "release")
    assert verify(out / "release").holds
    assert (made.drafts, made.rows, made.left_out, made.sealed) == (4, 8, 0, 3)
    terms = read_manifest((out / "release" / FILE).read_bytes()).terms
    assert terms.sealed_drafts == 3 and terms.flagged == ()
    assert "3 drafts of the rounds are sealed: nothing of them is in it." in (out / "release" / "README.md").read_text()
    export_gold(lead, engine, "mixed", out / "gold", form=Form("draft", texts=True))
    manifest = json.loads((out / "gold" / "manifest.json").read_bytes())
    assert (manifest["drafts"], manifest["left_out"], manifest["sealed_drafts_left_out"]) == (4, [], 3)
    agreement = json.loads((out / "gold" / "agreement.json").read_bytes())
    assert "3 of 7 drafts are left out: they are sealed" in agreement["notes"]
    for ending in ("csv", "xlsx", "jsonl"):
        told = export_labels(lead, engine, "mixed", out / f"long.{ending}")
        assert (told.drafts, told.left_out[0]) == (4, "3 sealed drafts, with all labels")
    export_labels(lead, engine, "mixed", out / "wide.csv", wide=True)
    assert files_with(out, NAME, SECRET, NOTED) == []
    assert propose_from_drafts(lead, engine, "mixed").failed_drafts == 3, "of what is public"
    assert spot_checks.draw_spot_check(kim, engine, "mixed", 100, 1).drawn == 8, "agreed cells of what is public"
    assert agreement_of_rounds(lead, engine, ["mixed"], opinion=False).units == 7, "figures are told"
    for verb in (
        lambda: release_gold(lead, engine, Asked(("hidden",)), out / "none"),
        lambda: export_gold(lead, engine, "hidden", out / "none"),
        lambda: export_labels(lead, engine, "hidden", out / "none.csv"),
    ):
        with pytest.raises(Refused, match="every draft of hidden is sealed, and nothing sealed leaves; its keeper opens"):
            verb()
    open_partition(kim, engine, "held_out", "it is over")
    later = release_gold(lead, engine, Asked(("mixed",), policy=Policy(partial=True, with_flagged=True)), out / "later")
    assert (later.drafts, later.sealed) == (7, 0) and verify(out / "later").holds
    assert files_with(out / "later", f"{SECRET}-d0") != []


# Who is seated reads what they label, here and at the prompt; who opens lets out; what stops others' work is not done here.
NOT_ASKED = {"label", "adjudicate", "bench open", "delete-project", "archive-project", "deactivate", "take-admin"}
NOT_ASKED |= {"restore", "create-admin", "invite", "reset-link", "rename-project", "bench synthesise", "close-round"}
HAS_ALL = "backup"
LAST = {"new-project", "sample", "verify"}  # with a second project each must be named; what is verified is made before
OTHERWISE = {
    "rename-person": ["ben", "benn"],
    "rename-round": ["hidden", "covered"],
    "export-gold": ["mixed", "--to", "{folder}", "--texts", "--per", "draft"],
    "export-labels": ["mixed", "--to", "{folder}.xlsx"],
    "release-gold": ["mixed", "--to", "{release}", "--names", "--partial"],
    "verify": ["{release}"],
    "report": ["mixed", "--html", "{folder}.html", "--json"],
    "compare": ["mixed", "mixed"],
    "spot-check": ["mixed", "--as", "kim", "--cells", "3"],
    "bench from-drafts": ["mixed"],
    "people": [],
    "undo-import": ["3"],
}


def arguments(name: str, folder: Path) -> list[str]:
    given = OTHERWISE.get(name) or ["mixed" if each == "pilot" else each for each in arguments_of(name, folder)]
    return [each.format(folder=folder / "gold", release=folder / "release") for each in given]


def test_no_command_says_writes_or_logs_a_byte_of_what_is_sealed(sqlite_engine, new_url, tmp_path):
    """Every command but those of who is seated, and of who opens. A backup is the whole store, and has it all."""
    labelled(sqlite_engine)
    out = tmp_path / "out"
    out.mkdir()
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    codes = {}
    try:
        for name in sorted(COMMANDS.keys() - NOT_ASKED, key=lambda each: (each in LAST, each)):
            result = run(name, *arguments(name, out))
            said.write(f"{result.stdout}\n{result.stderr}\n")
            codes[name] = result.exit_code
    finally:
        logging.getLogger().removeHandler(handler)
    carried_out = {name for name, code in codes.items() if code == 0}
    assert carried_out >= {
        "release-gold",
        "verify",
        "export-gold",
        "export-labels",
        "export-tasks",
        "report",
        "events",
        "score",
        "spot-check",
        HAS_ALL,
    }
    texts = [text for (text,) in rows(sqlite_engine, "SELECT text FROM sealed_drafts")]
    salts = [salt for (salt,) in rows(sqlite_engine, "SELECT salt FROM sealed_tasks")]
    pieces = (SECRET, NOTED, *texts, *salts)
    assert [each for each in pieces if each in said.getvalue()] == []
    assert files_with(out, *pieces) == [arguments_of(HAS_ALL, out)[0].rpartition("/")[2]]
    assert files_with(out / "release", NAME) == files_with(out / "gold", NAME) == []
    assert SECRET not in everything(sqlite_engine, KEPT)


def test_the_search_finds_what_is_packed_and_what_is_written_otherwise(tmp_path):
    """Else the tests above would hold whatever is written."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.txt", f"a {SECRET} " * 9)
    for name, content in (("c", SECRET.encode("utf-16-le")), ("d", base64.b64encode(b"x" + SECRET.encode() + b"yz"))):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "e").write_bytes(zlib.compress(b"nothing"))
    assert files_with(tmp_path, SECRET) == ["a.zip", "c", "d"]
