"""A judge taught by pairs, in a folder of its own that is new: written whole or not at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from touchstone.agreement.figure import in_words, short
from touchstone.english import many
from touchstone.judging.shifts.score_shifts import places
from touchstone.judging.simpo.adapter import made_judge
from touchstone.judging.simpo.language_model import refuse_without_the_extra
from touchstone.judging.simpo.learned_pairs import LearnedPairs, read_pairs
from touchstone.judging.simpo.margins import PairMargins
from touchstone.judging.simpo.settings import SimpoSettings
from workflow.releasing.release_folder import beside, put_in_place


@dataclass(frozen=True)
class WrittenJudge:
    """Where a judge is, its card, and what it makes of the held-out pairs."""

    folder: Path
    card: Mapping[str, Any]
    pairs: LearnedPairs
    margins: PairMargins

    @property
    def sentence(self) -> str:
        own = self.margins
        return (
            f"{self.folder} is a judge taught with {many(len(self.pairs.learned), 'pair')}: of "
            f"{many(len(own.pairs), 'held-out pair')} it has the better draft ahead in {in_words(own.right)}, its base model in "
            f"{in_words(own.right_before)}; the better draft is the longer one in {in_words(own.longer)}."
        )

    @property
    def notes(self) -> list[str]:
        """What must be read beside it."""
        shift = self.margins.shift
        sign = f", p {shift.p:.4f}" if shift.p is not None else ""
        told = [
            f"teaching moved the scores of the held-out drafts by {places(shift.mean)} per piece{sign}: a shift, and no quality. "
            "What says who is right are the pairs above, and people's labels (judge adapter-set, then judge against)"
        ]
        if self.margins.cut:
            told.append(f"{many(self.margins.cut, 'text')} of the held-out pairs were longer than what is read of them")
        if self.pairs.layout.value is not None:
            told.append(f"layout alone tells chosen from rejected in {short(self.pairs.layout.value)} of all pairs")
        return told

    def as_json(self) -> dict[str, Any]:
        """The document of `judge train-adapter --json`: the card and where it is."""
        return {"folder": str(self.folder), **self.card}


def train_adapter(
    pairs: Path,
    base: Path,
    to: Path,
    settings: SimpoSettings,
    *,
    partitions: tuple[str, str] = ("train", "dev"),
    allow_layout: bool = False,
    told: Callable[[float, str], None] = lambda share, what: None,
) -> WrittenJudge:
    """Teach a judge with the pairs of a folder. Raises Refused: without the extra, for pairs that are worthless, a base model
    that cannot be read, and where `to` holds anything."""
    read = read_pairs(pairs, *partitions, allow_layout=allow_layout)
    refuse_without_the_extra()
    with beside(to) as new:
        card, margins = made_judge(read, base, settings, new, told)
        put_in_place(new, to)
    return WrittenJudge(to, card, read, margins)
