"""A taught judge as a folder: the adapter's weights and a card, `judge.json`, that names all it was made from by digest.

The card has no text and no path: the base model's name and digest, the pairs' digests, the settings with their seed, versions,
and what the judge makes of the held-out pairs. A judge that is read again must have its files, its base model and, beside the
same pairs, its margins.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from touchstone import papers
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.files.json_records import records
from touchstone.judging.simpo.language_model import (
    LanguageModel,
    PromptedText,
    folder_digest,
    open_base,
    quiet,
    refuse_without_the_extra,
    versions,
)
from touchstone.judging.simpo.learned_pairs import LearnedPairs
from touchstone.judging.simpo.margins import TOLERANCE, PairMargins, furthest
from touchstone.judging.simpo.settings import SimpoSettings
from touchstone.judging.simpo.teaching import Taught, teach
from touchstone.preferences.training_pairs import TrainingPair

CARD, WEIGHTS, CONFIG = "judge.json", "adapter_model.safetensors", "adapter_config.json"
METHOD = "SimPO with a LoRA adapter"
MOST_CARD = 100_000_000


@dataclass(frozen=True)
class TaughtJudge:
    """A judge that is loaded: its `card`, `digest` (SHA-256 of the card) and `model`, which is the base model with the
    adapter."""

    card: Mapping[str, Any]
    digest: str
    model: LanguageModel

    @property
    def called(self) -> str:
        """What its labels are under."""
        return f"{self.card['base']['name']} {self.digest[:8]}"

    @property
    def longest(self) -> int:
        return int(self.card["settings"]["longest"])

    @property
    def learned_tasks(self) -> frozenset[str]:
        """The tasks and groups it was taught with."""
        return frozenset(self.card["pairs"]["learned"]["tasks"])

    @property
    def learned_texts(self) -> frozenset[str]:
        """The digests of the texts it was taught with."""
        return frozenset(self.card["pairs"]["learned"]["texts"])

    def without_adapter(self) -> Any:
        """The base model alone, while the context lasts."""
        return self.model.model.disable_adapter()


def made_judge(
    pairs: LearnedPairs,
    base: Path,
    settings: SimpoSettings,
    to: Path,
    told: Callable[[float, str], None] = lambda share, what: None,
) -> tuple[Mapping[str, Any], PairMargins]:
    """Teach a judge and write it into the folder `to`, which is there and empty: its card, and what it makes of the held-out
    pairs. `told` hears the share that is done and of what, and may raise to stop. Raises Refused: see `open_base` and `teach`."""
    model = open_base(base)
    reads = getattr(model.model.config, "max_position_embeddings", None)
    if isinstance(reads, int) and settings.longest > reads:
        raise Refused(f"{model.name} reads {reads:,} pieces at most, not {settings.longest:,}", way=(f"longest {reads}",))
    before = _of_pairs(model, pairs.held, settings.longest, lambda share: told(share, "held-out pairs, before"))
    taught, how = teach(model, pairs.learned, settings, lambda share: told(share, "pairs learned"))
    after = _of_pairs(taught, pairs.held, settings.longest, lambda share: told(share, "held-out pairs, after"))
    margins = PairMargins(pairs.held, after[0], before[0], after[1])
    with quiet():
        taught.model.save_pretrained(str(to), safe_serialization=True)
    for each in to.iterdir():
        if each.name not in (WEIGHTS, CONFIG):
            each.unlink()
    config = json.loads((to / CONFIG).read_bytes())
    config["base_model_name_or_path"] = model.name  # not where it lay on this machine
    config["target_modules"] = sorted(config["target_modules"])  # a set of theirs, in another order each time
    (to / CONFIG).write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    card = _card(pairs, model, settings, to, how, margins)
    (to / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return card, margins


def _card(
    pairs: LearnedPairs, base: LanguageModel, settings: SimpoSettings, to: Path, how: Taught, margins: PairMargins
) -> dict[str, Any]:
    return {
        "made_by_program": papers.MADE_BY,
        "method": METHOD,
        "base": {"name": base.name, "digest": base.digest},
        "files": {name: sha256((to / name).read_bytes()).hexdigest() for name in (WEIGHTS, CONFIG)},
        "pairs": {
            "source": pairs.source,
            "files": dict(pairs.files),
            "layout_only": pairs.layout.as_json(),
            "learned": {"pairs": len(pairs.learned), "tasks": pairs.tasks, "texts": pairs.texts},
            "held_out": {
                "pairs": len(pairs.held),
                "cut_texts": margins.cut,
                "right": margins.right.as_json(),
                "right_before": margins.right_before.as_json(),
                "longer": margins.longer.as_json(),
                "shift": margins.shift.as_json(),
                "margins": margins.as_json(),
            },
        },
        "settings": settings.as_json(),
        "versions": versions(),
        "device": "processor",
        "taught": {"steps": how.steps, "first_loss": how.first_loss, "last_loss": how.last_loss},
        "tolerance": TOLERANCE,
    }


def _of_pairs(
    model: LanguageModel, pairs: Sequence[TrainingPair], longest: int, told: Callable[[float], None]
) -> tuple[np.ndarray, int]:
    texts = [PromptedText(side.prompt, side.text) for pair in pairs for side in pair[:2]]
    found = model.scores(texts, longest, told)
    return found.scores.reshape(-1, 2), found.cut


def read_card(folder: Path) -> tuple[Mapping[str, Any], str]:
    """A judge's card and its digest. Raises Refused where it is none, and where a file of the judge is another than it names."""
    content = _bytes(folder / CARD)
    found, problems = records(content, most=1)
    card = found[0].data if found and not problems else {}
    if card.get("method") != METHOD or not _is_whole(card):
        raise Refused(
            f"{folder / CARD} is no card of a judge that was taught by pairs; name a folder of judge train-adapter", problems
        )
    for name, digest in card["files"].items():
        own = sha256(_bytes(folder / Path(name).name)).hexdigest()
        if own != digest:
            raise Refused(
                f"{name} is not the file that {CARD} names: its SHA-256 is {own[:12]}…, not {str(digest)[:12]}…; teach the judge "
                "again, or bring the file back"
            )
    config, wrong = records(_bytes(folder / CONFIG), most=1)
    own_kind = not wrong and config and config[0].data.get("peft_type") == "LORA" and config[0].data.get("auto_mapping") is None
    if not own_kind:  # others name modules to load
        raise Refused(f"{CONFIG} in {folder} is of another kind of adapter than {METHOD}; name a folder of judge train-adapter")
    return card, sha256(content).hexdigest()


def _is_whole(card: Mapping[str, Any]) -> bool:
    """Whether a card has all that is read of it here."""
    try:
        learned, held = card["pairs"]["learned"], card["pairs"]["held_out"]
        SimpoSettings(**card["settings"])
        return (
            set(card["files"]) == {WEIGHTS, CONFIG}
            and isinstance(card["base"]["digest"], str)
            and isinstance(card["base"]["name"], str)
            and isinstance(card["pairs"]["files"], dict)
            and all(isinstance(each, str) for key in ("tasks", "texts") for each in learned[key])
            and all(isinstance(each[side], float) for each in held["margins"] for side in ("chosen", "rejected"))
        )
    except (KeyError, TypeError, Refused):
        return False


def _bytes(path: Path) -> bytes:
    try:
        if path.name == CARD and path.stat().st_size > MOST_CARD:
            raise Refused(f"{path} is too large for a judge's card; name a folder of judge train-adapter")
        return path.read_bytes()
    except OSError as wrong:
        raise Refused(f"{path} cannot be read ({wrong.strerror}); name a folder of judge train-adapter") from None


def open_judge(folder: Path, base: Path) -> TaughtJudge:
    """A judge that was taught, on its base model. Raises Refused where a file of either is another than its card names."""
    card, digest = read_card(folder)
    own = folder_digest(base)
    if own != card["base"]["digest"]:
        raise Refused(
            f"{base} is not the base model of this judge ({card['base']['name']}): its digest is {own[:12]}…, not "
            f"{card['base']['digest'][:12]}…; name the folder that it was taught on"
        )
    refuse_without_the_extra()
    from peft import PeftModel

    model = open_base(base)
    try:
        with quiet():
            model.model = PeftModel.from_pretrained(model.model, str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as wrong:
        why = " ".join(str(wrong).split())[:160]
        raise Refused(f"the adapter in {folder} does not fit its base model ({why}); teach the judge again") from None
    return TaughtJudge(card, digest, model)


def checked_margins(judge: TaughtJudge, pairs: LearnedPairs, told: Callable[[float], None] = lambda share: None) -> float:
    """How far the judge, as it was read, is from its card on the held-out pairs at most: within TOLERANCE. Raises Refused for
    other pairs than it was taught with, and where it is further off."""
    if changed := sorted(name for name, digest in judge.card["pairs"]["files"].items() if pairs.files.get(name) != digest):
        are = "is" if len(changed) == 1 else "are"
        raise Refused(
            f"{listed(changed)} {are} not what this judge was taught with: the digest is another; name the folder "
            "that it was taught from"
        )
    kept = np.array([[each["chosen"], each["rejected"]] for each in judge.card["pairs"]["held_out"]["margins"]]).reshape(-1, 2)
    own, _ = _of_pairs(judge.model, pairs.held, judge.longest, told)
    apart = furthest(own, kept) if own.shape == kept.shape else float("inf")
    if not apart <= TOLERANCE:
        other = listed(_other_versions(judge.card)) or "none differs"
        raise Refused(
            f"the judge is not as it was taught: on {many(len(pairs.held), 'held-out pair')} its scores are up to {apart:.2g} "
            f"off its card, over {TOLERANCE:g}; teach it again where other versions of the extra ({other}) or "
            "another machine compute otherwise"
        )
    return apart


def _other_versions(card: Mapping[str, Any]) -> list[str]:
    told = card.get("versions")
    before = told if isinstance(told, dict) else {}
    return [f"{name} {before.get(name)} then, {own} now" for name, own in versions().items() if before.get(name) != own]
