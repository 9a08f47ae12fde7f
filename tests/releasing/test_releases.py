"""Releases out of a store: given out, on record, verified from the folder alone, superseded."""

import json
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.kept_stores import kept
from tests.support.small_stores import CTA, TONE, label_all, opened, people, stock
from touchstone.errors import NotYourTurn, Refused
from touchstone.releasing.manifest import FILE, SIGNATURE, read_manifest
from touchstone.releasing.pages.questions import QUESTIONS
from touchstone.releasing.policy import Policy
from touchstone.releasing.signatures import read_signers
from touchstone.releasing.verifying.verify import verify
from workflow import clock
from workflow.gold.adjudication import adjudicate
from workflow.projects.projects import delete_project
from workflow.releasing import releases
from workflow.releasing.asked import Asked
from workflow.releasing.signing import sign_release
from workflow.rounds.closing import close_round

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ASKED = Asked(("pilot",), policy=Policy(partial=True, with_flagged=True))


@pytest.fixture
@kept
def team(engine):
    """A closed round of six drafts: all agree on one dimension, d02 waits on the other."""
    lead, ana, ben = found = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 7)
    opened(engine, lead, draft_ids=[f"d0{number}" for number in range(1, 7)])
    given = {f"d0{number}": (number % 3, number % 4) for number in range(1, 7)}
    label_all(engine, ana, given)
    label_all(engine, ben, {**given, "d02": (0, given["d02"][1])})
    with clock.at(AT):
        close_round(lead, engine, "pilot")
    return found


def manifest(folder: Path):
    return read_manifest((folder / FILE).read_bytes())


def release(engine, person, to: Path, asked: Asked = ASKED, day: int = 2):
    with clock.at(AT.replace(day=day)):
        return releases.release_gold(person, engine, asked, to)


def test_a_release_holds_says_people_by_codes_and_is_on_record(engine, team, tmp_path):
    lead, *_ = team
    heard = []
    with clock.at(AT.replace(day=2)):
        made = releases.release_gold(lead, engine, ASKED, tmp_path / "one", heard=lambda done, of: heard.append((done, of)))
    assert verify(tmp_path / "one", digest=made.digest).holds
    assert (made.title, made.rows, made.left_out, made.drafts) == ("pilot, release 1", 11, 1, 6)
    assert heard[-1] == (6, 6)
    for path in (tmp_path / "one").iterdir():
        content = path.read_bytes()
        assert b"ana" not in content.replace(b"anal", b"").replace(b"manag", b"") or path.name == "rubric.yml", path.name
        is_ours = path.name != "rubric.yml"
        assert not is_ours or b"expected_features" not in content, "no lists and objects that files held beside the fields"
    (listed,) = releases.all_releases(lead, engine)
    assert (listed.name, listed.number, listed.digest, listed.rounds) == ("pilot", 1, made.digest, ("pilot",))


def test_people_are_named_where_that_is_asked_for(engine, team, tmp_path):
    release(engine, team[0], tmp_path / "one", Asked(("pilot",), "Ours", ASKED.policy, names=True))
    terms = manifest(tmp_path / "one").terms
    assert (terms.name, terms.people, terms.rounds[0].annotators) == ("Ours", "names", ("ana", "ben"))
    assert verify(tmp_path / "one").holds


def test_a_later_release_takes_the_place_of_the_one_before_and_lists_what_changed(engine, team, tmp_path):
    lead, *_ = team
    first = release(engine, lead, tmp_path / "one")
    before = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    with clock.at(AT.replace(day=3)):
        adjudicate(lead, engine, "pilot", "d02", TONE, 1, "as the anchor says, lead", "slip")
    second = release(engine, lead, tmp_path / "two", day=4)
    assert (second.number, second.changes) == (2, 1)
    (row,) = [json.loads(line) for line in (tmp_path / "two" / "changes.jsonl").read_text().splitlines()]
    assert (row["draft_id"], row["dimension"], row["change"], row["before"], row["after"]) == ("d02", TONE, "added", None, 1)
    assert manifest(tmp_path / "two").terms.supersedes.digest == first.digest
    assert verify(tmp_path / "two").holds and verify(tmp_path / "one").holds
    assert {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()} == before
    assert [each.supersedes for each in releases.all_releases(lead, engine)] == [1, None]
    decision = json.loads((tmp_path / "two" / "adjudications.jsonl").read_text())
    assert (decision["adjudicator"], decision["reason"]) == ("C", "as the anchor says, C")


def test_a_release_is_refused_while_cells_wait_and_over_anything_that_is_there(engine, team, tmp_path):
    lead, *_ = team
    with pytest.raises(Refused, match="1 cell of pilot is waiting for adjudication; decide it, or release only what is settled"):
        release(engine, lead, tmp_path / "one", Asked(("pilot",), policy=Policy(with_flagged=True)))
    assert [path for path in tmp_path.iterdir() if not path.name.startswith("store.db")] == []
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(Refused, match="is not empty, and nothing takes the place of what is there"):
        release(engine, lead, tmp_path / "full")
    with pytest.raises(Refused, match="is a file; name a new folder"):
        release(engine, lead, tmp_path / "full" / "mine.txt")
    with pytest.raises(Refused, match="the rule is agreed or majority, not all"):
        release(engine, lead, tmp_path / "one", Asked(("pilot",), policy=Policy(rule="all")))
    assert releases.all_releases(lead, engine) == []


def test_nothing_leaves_an_open_round_or_to_whoever_labels_its_drafts_again(engine, team, tmp_path):
    lead, ana, _ = team
    release(engine, lead, tmp_path / "one")
    opened(engine, lead, "again", draft_ids=["d01"])
    with pytest.raises(NotYourTurn, match="is open"):
        release(engine, lead, tmp_path / "two", Asked(("again",)))
    for verb in (
        release,
        lambda e, p, to: releases.release_archive(p, e, ASKED),
        lambda e, p, to: releases.terms_of(p, e, ASKED),
    ):
        with pytest.raises(NotYourTurn, match="a release would show how others"):
            verb(engine, ana, tmp_path / "two")
    assert releases.all_releases(ana, engine) == [] and len(releases.all_releases(lead, engine)) == 1


def test_a_release_that_is_stopped_leaves_nothing(engine, team, tmp_path):
    class Stopped(BaseException):
        """As the page stops it: where it tells how far it is."""

    def heard(done: int, of: int) -> None:
        if done == 3:
            raise Stopped

    before = sorted(tmp_path.iterdir())
    for verb in (
        lambda: releases.release_gold(team[0], engine, ASKED, tmp_path / "one", heard=heard),
        lambda: releases.release_archive(team[0], engine, ASKED, heard=heard),
    ):
        with pytest.raises(Stopped):
            verb()
    assert [path for path in sorted(tmp_path.iterdir()) if path not in before and not path.name.startswith("store.db")] == []
    assert releases.all_releases(team[0], engine) == []


def test_an_archive_has_the_same_files_under_one_folder(engine, team, tmp_path):
    lead, *_ = team
    with clock.at(AT.replace(day=2)):
        made, content = releases.release_archive(lead, engine, ASKED)
    ZipFile(BytesIO(content)).extractall(tmp_path)
    assert verify(tmp_path / "pilot-release-1", digest=made.digest).holds


def test_answers_are_kept_and_stand_in_the_next_release(engine, team, tmp_path):
    lead, *_ = team
    left = releases.answer(lead, engine, {"licence": "CC-BY-4.0", "purpose": " To judge. "})
    assert len(left) == len(QUESTIONS) - 2
    assert releases.answers(lead, engine) == {"licence": "CC-BY-4.0", "purpose": "To judge."}
    release(engine, lead, tmp_path / "one")
    page = (tmp_path / "one" / "DATASHEET.md").read_text()
    assert "To judge." in page and page.count("**Open.**") == len(QUESTIONS) - 2
    releases.answer(lead, engine, {"purpose": ""})
    assert releases.answers(lead, engine) == {"licence": "CC-BY-4.0"}
    with pytest.raises(Refused, match="there is no question colour"):
        releases.answer(lead, engine, {"colour": "red"})
    with pytest.raises(Refused, match="has 5,001 characters; at most 5,000"):
        releases.answer(lead, engine, {"harm": "x" * 5001})


def test_what_a_release_would_be_of_is_told_without_writing(engine, team):
    terms = releases.terms_of(team[0], engine, ASKED)
    assert (terms.number, terms.rounds[0].dimensions, terms.sample) == (1, (TONE, CTA), False)
    assert releases.all_releases(team[0], engine) == []


def test_a_project_is_deleted_with_its_releases(engine, team, tmp_path):
    lead, *_ = team
    release(engine, lead, tmp_path / "one")
    releases.answer(lead, engine, {"harm": "none"})
    project = manifest(tmp_path / "one").terms.project
    delete_project(lead, engine, project, typed=project)
    assert verify(tmp_path / "one").holds, "what left has left"


def test_a_signed_release_names_its_signer_and_another_key_is_none(engine, team, tmp_path):
    release(engine, team[0], tmp_path / "one")
    for name, kind in (("mine", "ed25519"), ("theirs", "ecdsa"), ("old", "rsa")):
        subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", name, "-f", tmp_path / name], check=True)
    mine, theirs = (read_signers(tmp_path / f"{name}.pub") for name in ("mine", "theirs"))
    for name in ("old", "theirs", "mine"):
        (tmp_path / "one" / SIGNATURE).unlink(missing_ok=True)
        assert "SHA256:" in sign_release(tmp_path / "one", tmp_path / name)
        found = verify(tmp_path / "one", signers=read_signers(tmp_path / f"{name}.pub"))
        assert found.holds and found.signed_by.startswith(f"{name} (SHA256:")
    (line,) = verify(tmp_path / "one", signers=theirs).findings
    assert line.where == SIGNATURE and "none of the signers'" in line.what
    with pytest.raises(Refused, match="is signed already"):
        sign_release(tmp_path / "one", tmp_path / "mine")
    source = (tmp_path / "one" / SIGNATURE).read_bytes()
    for place in range(0, len(source), 5):
        changed = bytearray(source)
        changed[place] ^= 1
        (tmp_path / "one" / SIGNATURE).write_bytes(changed)
        found = verify(tmp_path / "one", digest="", signers=mine) if place % 40 == 0 else None
        assert found is None or [each.where for each in found.findings] == [SIGNATURE]
    (tmp_path / "one" / SIGNATURE).unlink()
    (line,) = verify(tmp_path / "one", signers=mine).findings
    assert line.what == "is missing: the release is not signed"
    with pytest.raises(Refused, match="there is no key"):
        sign_release(tmp_path / "one", tmp_path / "nowhere")
    with pytest.raises(Refused, match="holds no public key|is no public key"):
        read_signers(tmp_path / "mine")
