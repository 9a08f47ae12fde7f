"""Verify a release from its folder alone.

What is checked, in this order; where one of the first two does not hold, the rest is not what was written and not looked at:

1. the manifest by its own digest, and by one that was kept elsewhere; a signature
2. every file by its digest; no file is missing, none is more
3. the rubric by the digest that the labels were given under; every row by its columns; JSON lines, CSV and Parquet hold the same
4. the gold and what is left out follow from labels, adjudications and policy; each label is an annotator's, of a level there is;
   each choice between two drafts is an annotator's, and what is preferred follows from the side it was on
5. every figure of agreement, computed again from the labels and the choices; every count
6. every page, made again
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from touchstone.english import many
from touchstone.errors import Problem, Refused
from touchstone.releasing.choosing import ChoiceTally
from touchstone.releasing.manifest import FILE, SIGNATURE, Manifest, as_json, digest_of, read_manifest
from touchstone.releasing.pages.all_pages import level_of_rubric, pages
from touchstone.releasing.signatures import Signer, check_signature
from touchstone.releasing.tables import SHAPES
from touchstone.releasing.verifying.choices import choices_of
from touchstone.releasing.verifying.findings import Fault, Faults
from touchstone.releasing.verifying.folder import check_files, files_in, manifest_bytes
from touchstone.releasing.verifying.following import Counted, Following
from touchstone.releasing.verifying.table_rows import check_csv, check_parquet
from touchstone.rubric.model import Rubric
from touchstone.rubric.reading import parse_rubric

NEARLY = 2e-6  # how far two processors may be apart in a figure
LARGEST_RUBRIC = 5_000_000  # bytes
LARGEST_BEYOND = 100_000  # bytes of agreement.json beyond twice those that follow


@dataclass(frozen=True)
class Verification:
    """`digest`: of the release, "" where it has no readable manifest. `signed_by`: in words. `not_checked`: sentences."""

    name: str
    digest: str
    signed_by: str
    findings: Sequence[Fault]
    not_checked: Sequence[str]

    @property
    def holds(self) -> bool:
        return not self.findings

    def as_json(self) -> dict[str, object]:
        """The document of `verify --json`."""
        return {
            "holds": self.holds,
            "name": self.name,
            "digest": self.digest,
            "signed_by": self.signed_by,
            "findings": [each._asdict() for each in self.findings],
            "not_checked": list(self.not_checked),
        }


def verify(folder: Path, digest: str = "", signers: Sequence[Signer] | None = None) -> Verification:
    """Whether the release in `folder` holds. `digest`: of its manifest, as it was kept elsewhere; `signers`: whose signature
    counts (None: any signature is looked at, and whose it is not known). Raises Refused where there is no folder."""
    findings, not_checked = Faults(), list[str]()
    sizes = files_in(folder, findings)
    source = manifest_bytes(folder, sizes, findings)
    if source is None:
        return Verification("", "", "", findings.all(), ["everything else, as there is no manifest to read"])
    own = digest_of(source)
    if digest and own != digest.strip().lower().removeprefix("sha256:"):
        findings.add(FILE, f"its digest is {own}, not the one that was kept: this is another release, or it was changed")
    try:
        manifest = read_manifest(source)
    except Refused as wrong:
        findings.add(FILE, wrong.sentence.removeprefix(f"{FILE} "))
        return Verification("", own, "", findings.all(), ["everything else, as the manifest cannot be trusted"])
    signed_by = _signature(folder, sizes, source, signers, findings)
    check_files(folder, sizes, manifest, findings)
    name = f"{manifest.terms.name}, release {manifest.terms.number}"
    if findings:
        return Verification(name, own, signed_by, findings.all(), ["what the files say, as they are not those of the release"])
    rubric = _rubric(folder, manifest, findings)
    if rubric is not None:
        not_checked += _contents(folder, manifest, rubric, findings)
    if manifest.terms.supersedes:
        not_checked.append("what the release before had: that takes its folder")
    return Verification(name, own, signed_by, findings.all(), not_checked)


def _signature(folder: Path, sizes: Mapping[str, int], source: bytes, signers: Sequence[Signer] | None, findings: Faults) -> str:
    if SIGNATURE not in sizes:
        if signers is not None:
            findings.add(SIGNATURE, "is missing: the release is not signed")
        return ""
    if sizes[SIGNATURE] > 100_000:
        findings.add(SIGNATURE, f"has {sizes[SIGNATURE]:,} bytes, and is no signature")
        return ""
    try:
        return check_signature((folder / SIGNATURE).read_bytes(), source, signers)
    except Refused as wrong:
        findings.add(SIGNATURE, wrong.sentence)
        return ""


def _rubric(folder: Path, manifest: Manifest, findings: Faults) -> Rubric | None:
    terms = manifest.terms
    if manifest.files["rubric.yml"].bytes > LARGEST_RUBRIC:
        findings.add("rubric.yml", f"has more than {LARGEST_RUBRIC / 1e6:.0f} MB, and is not read")
        return None
    source = (folder / "rubric.yml").read_bytes()
    if digest_of(source) != terms.rubric.digest:
        findings.add(
            "rubric.yml", f"is not the rubric version {terms.rubric.name} that the manifest names: its digest is another"
        )
        return None
    problems: list[Problem]
    rubric, problems = parse_rubric(source, f"{terms.rubric.name}.yml")
    if rubric is None:
        findings.add("rubric.yml", f"cannot be read: {problems[0] if problems else 'it is no rubric'}")
        return None
    keys = {key for each in terms.rounds for key in each.dimensions} | set(terms.flagged) | set(terms.outdated)
    if unknown := sorted(keys - set(rubric.keys)):
        findings.add(FILE, f"names the dimension {unknown[0]}, which the rubric does not have")
        return None
    return rubric


def _contents(folder: Path, manifest: Manifest, rubric: Rubric, findings: Faults) -> list[str]:
    level, not_checked = level_of_rubric(rubric), dict[str, None]()
    if needed := [name for name in ("gold", "labels", "drafts", "tasks") if name not in manifest.tables]:
        findings.add(FILE, f"has no table {needed[0]}, and every release has one")
        return []
    try:
        counted = Following(folder, manifest, rubric, findings).walk()
    except ValueError as wrong:
        findings.add("labels.jsonl", f"cannot be counted: {str(wrong)[:300]}")
        return []
    chosen = choices_of(folder, manifest, level, findings) if not findings else ChoiceTally(manifest.terms)
    for name, terms in manifest.in_order:
        if terms.rows != sum(each.rows for each in terms.splits.values()):
            findings.add(FILE, f"the rows of {name} are not the sum of its partitions")
        check_csv(folder, SHAPES[name], terms, level, findings)
        if because := check_parquet(folder, SHAPES[name], terms, level, findings):
            not_checked[because] = None
    if not findings:
        _figures(folder, manifest, rubric, counted, chosen, findings)
    return list(not_checked)


def _figures(folder: Path, manifest: Manifest, rubric: Rubric, counted: Counted, chosen: ChoiceTally, findings: Faults) -> None:
    """Every count of the manifest, every figure of agreement.json, every page."""
    for key, counts in counted.census.counts().items():
        if manifest.counts.get(key) != counts:
            findings.add(FILE, f"its counts of {key} are not those of the gold")
    if extra := sorted(set(manifest.counts) - set(counted.census.counts())):
        findings.add(FILE, f"it counts {extra[0]}, which is no dimension of the release")
    agreement = {**counted.tally.document(), **chosen.document()}
    size, due = manifest.files["agreement.json"].bytes, len(as_json(agreement))
    if size > 2 * due + LARGEST_BEYOND:
        findings.add("agreement.json", f"has {many(size, 'byte')}, and what follows from the labels has {due:,}")
        return
    source = (folder / "agreement.json").read_bytes()
    try:
        told = json.loads(source)
    except (ValueError, RecursionError):
        findings.add("agreement.json", "is not JSON")
        return
    for place, is_there, follows in differences(told, json.loads(as_json(agreement))):
        findings.add("agreement.json", f"says {_short(is_there)}; the {_source(place)} give {_short(follows)}", place)
    flagged = tuple(key for key, each in counted.tally.reports().items() if each.flagged)
    if flagged != manifest.terms.flagged:
        named, follow = (", ".join(keys) or "none" for keys in (manifest.terms.flagged, flagged))
        findings.add(FILE, f"names as flagged {named}; the labels give {follow}")
    if findings:
        return
    if as_json(told) != source:
        findings.add("agreement.json", "is not written as it was")
        return
    for name, content in pages(manifest, rubric, told).items():
        there = (folder / name).read_bytes()
        if there != content:
            findings.add(name, f"does not say what follows from the tables: {_first_line_apart(there, content)}")


def differences(one: Any, other: Any, place: str = "") -> list[tuple[str, object, object]]:
    """Where two documents differ, numbers by more than two processors may, with what each has there."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return [
            each
            for key in dict.fromkeys([*one, *other])
            for each in differences(one.get(key), other.get(key), f"{place}.{key}" if place else str(key))
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            each
            for number, (mine, theirs) in enumerate(zip(one, other, strict=True))
            for each in differences(mine, theirs, f"{place}[{number}]")
        ]
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (one, other))
    if numbers and abs(one - other) <= NEARLY * max(1.0, abs(other)):
        return []
    return [] if type(one) is type(other) and one == other else [(place, one, other)]


def _source(place: str) -> str:
    return "choices" if place.startswith("preferences") else "labels"


def _short(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _first_line_apart(there: bytes, content: bytes) -> str:
    mine, due = there.split(b"\n"), content.split(b"\n")
    number = next((n for n, (a, b) in enumerate(zip(mine, due, strict=False)) if a != b), min(len(mine), len(due)))
    return f"line {number + 1}"
