"""The pairs that a judge is taught with, and those kept to hold it against: a folder as `export-pairs` writes it.

What would make the held-out pairs worthless is refused, as there: a file that is another than its manifest names, a text that is
another than its line names, a task or its group on both sides of the split, and pairs of which layout alone tells more than .70.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from touchstone.agreement.figure import Figure, in_words
from touchstone.english import listed, many
from touchstone.errors import Problem, Refused
from touchstone.files.json_records import records, records_by_line
from touchstone.preferences.layout_only import MOST, layout_accuracy
from touchstone.preferences.training_pairs import DraftOfPair, TrainingPair, text_digest

MANIFEST = "manifest.json"
MOST_BYTES, MOST_PAIRS = 500_000_000, 50_000
LEAST = 8  # pairs to learn from
EXAMPLE = (
    '{"prompt": "…", "chosen": "…", "rejected": "…", "task_id": "t1", "group": "g1", "chosen_id": "d1", "rejected_id": "d2"}'
)
TEXTS = ("prompt", "chosen", "rejected")
NAMES = ("task_id", "group", "chosen_id", "rejected_id")


class LearnedPairs(NamedTuple):
    """`learned` from, and `held` out; `files`: the SHA-256 of each file read, the manifest among them; `source`: where
    export-pairs had them from; `layout`: how far layout alone tells the chosen side of all of them."""

    learned: tuple[TrainingPair, ...]
    held: tuple[TrainingPair, ...]
    files: Mapping[str, str]
    source: str
    layout: Figure

    @property
    def tasks(self) -> list[str]:
        """The tasks and groups that were learned from."""
        return sorted({name for pair in self.learned for side in pair[:2] for name in (side.task, side.group)})

    @property
    def texts(self) -> list[str]:
        """The digests of the texts that were learned from."""
        return sorted({text_digest(side.text) for pair in self.learned for side in pair[:2]})


def read_pairs(folder: Path, learned: str = "train", held: str = "dev", *, allow_layout: bool = False) -> LearnedPairs:
    """The pairs of two partitions of a folder. Raises Refused: see above, and for a folder that lacks one of them."""
    manifest = _manifest(folder)
    told = {MANIFEST: sha256(_bytes(folder / MANIFEST)).hexdigest()}
    sides: dict[str, tuple[TrainingPair, ...]] = {}
    for name in (learned, held):
        file = f"{name}.jsonl"
        if file not in manifest["files"]:
            there = listed(sorted(manifest["files"])) or "none"
            raise Refused(
                f"{folder} has no {file} ({there}): a judge is taught with one partition and held against another; export pairs "
                "with a share for dev",
                way=("dev .2",),
            )
        content = _bytes(folder / file)
        told[file] = sha256(content).hexdigest()
        if told[file] != manifest["files"][file]:
            raise Refused(
                f"{file} is not the file that {MANIFEST} names: its SHA-256 is {told[file][:12]}…, not "
                f"{str(manifest['files'][file])[:12]}…; export the pairs again"
            )
        sides[name] = tuple(pairs_of_file(content, file))
    own, others = sides[learned], sides[held]
    if len(own) < LEAST:
        raise Refused(f"{many(len(own), 'pair')} in {learned}.jsonl are too few to teach a judge; {LEAST} are the least")
    if not others:
        raise Refused(f"there is no pair in {held}.jsonl to hold the judge against; export pairs with a larger share for it")
    _refuse_shared(own, others, learned, held)
    layout = layout_accuracy([*own, *others])
    if layout.value is not None and layout.value > MOST and not allow_layout:
        raise Refused(
            f"layout alone tells chosen from rejected in {in_words(layout)} of the pairs, over {MOST:.2f}".replace("0.", ".")
            + ": a judge that is taught with them may learn how texts are set out; look at where chosen and rejected drafts come "
            "from, or teach it all the same",
            way=("allow_layout",),
        )
    return LearnedPairs(own, others, told, str(manifest.get("source") or ""), layout)


def _manifest(folder: Path) -> Mapping[str, Any]:
    found, problems = records(_bytes(folder / MANIFEST), most=1)
    if problems or not found or not isinstance(found[0].data.get("files"), dict):
        raise Refused(f"{folder / MANIFEST} is not what export-pairs writes; name a folder of export-pairs", problems)
    return found[0].data


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused(
                f"{path.name} is over {MOST_BYTES // 1_000_000} MB, more than a judge is taught with; export fewer pairs"
            )
        return path.read_bytes()
    except OSError as wrong:
        raise Refused(f"{path} cannot be read ({wrong.strerror}); name a folder of export-pairs") from None


def pairs_of_file(content: bytes, file: str) -> Iterator[TrainingPair]:
    """The pairs of one file. Raises Refused with every line that is none."""
    problems: list[Problem] = []
    made: list[TrainingPair] = []
    for line, record in records_by_line(content, problems, EXAMPLE):
        if len(made) == MOST_PAIRS:
            raise Refused(f"{file} has more than {MOST_PAIRS:,} pairs, the most that a judge is taught with; export fewer")
        found = _pair(line, record)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            made.append(found)
    if problems:
        raise Refused(f"{file} is not what export-pairs writes; export the pairs again", problems)
    yield from made


def _pair(line: int, record: Mapping[str, Any]) -> TrainingPair | Problem:
    if missing := [key for key in (*TEXTS, *NAMES) if not isinstance(record.get(key), str)]:
        return Problem(line, f"{listed(missing)} should be text; each line is like {EXAMPLE}")
    if blank := [key for key in ("chosen", "rejected", *NAMES) if not record[key].strip()]:
        return Problem(line, f"{listed(blank)} {'is' if len(blank) == 1 else 'are'} blank; a pair has two texts and their ids")
    for key in ("chosen", "rejected"):
        if record.get(f"{key}_digest", "") not in ("", text_digest(record[key])):
            return Problem(
                line, f"the {key} text is not the one that was exported: its digest is another; export the pairs again"
            )
    if record["chosen"].split() == record["rejected"].split():
        return Problem(line, "both sides have the same text, so neither is better; leave the line out")
    chosen, rejected = (
        DraftOfPair(record[f"{key}_id"], record["task_id"], record["group"], None, record["prompt"], record[key])
        for key in ("chosen", "rejected")
    )
    return TrainingPair(chosen, rejected, Fraction(0), str(record.get("tier") or ""))


def _refuse_shared(own: Sequence[TrainingPair], others: Sequence[TrainingPair], learned: str, held: str) -> None:
    for what in ("task", "group"):
        mine, theirs = ({str(getattr(pair.chosen, what)) for pair in of} for of in (own, others))
        if both := sorted(mine & theirs):
            more = f" and {len(both) - 3:,} more" if len(both) > 3 else ""
            raise Refused(
                f"the {what} {listed(both[:3])}{more} is in {learned}.jsonl and in {held}.jsonl: what is held out would be "
                "known; export the pairs again, which keeps tasks and their groups whole"
            )
    shared = {text_digest(side.text) for pair in own for side in pair[:2]} & {
        text_digest(side.text) for pair in others for side in pair[:2]
    }
    if shared:
        raise Refused(
            f"{many(len(shared), 'text')} of {held}.jsonl {'is' if len(shared) == 1 else 'are'} in {learned}.jsonl, too: what is "
            "held out would be known; give their tasks one cluster, and export the pairs again"
        )
