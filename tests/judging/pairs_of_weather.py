"""Pairs that a small model can learn, as export-pairs writes them: whether a text speaks of good weather."""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np

from touchstone.preferences.training_pairs import text_digest

BETTER, WORSE = ("sunny", "warm", "bright", "calm", "clear"), ("cold", "rainy", "grey", "stormy", "foggy")
OTHERS = (
    "the",
    "day",
    "in",
    "town",
    "is",
    "and",
    "stays",
    "until",
    "with",
    "wind",
    "from",
    "north",
    "south",
    "over",
    "hills",
    "lake",
)


def lines(number: int, first: int = 0, seed: int = 0) -> list[dict[str, str]]:
    """Pairs of tasks of their own: both sides alike in length, the chosen one with good words."""
    rng = np.random.default_rng((seed, first))
    made = []
    for at in range(first, first + number):
        plain = [str(each) for each in rng.choice(OTHERS, 8)]
        sides = [" ".join([*plain[:4], *map(str, rng.choice(words, 2)), *plain[4:]]) + f" {at} ." for words in (BETTER, WORSE)]
        told = {
            "prompt": f"the wind {at}",
            "chosen": sides[0],
            "rejected": sides[1],
            "task_id": f"weather-{at}",
            "group": f"g{at}",
        }
        ids = {"chosen_id": f"d{at}a", "rejected_id": f"d{at}b"}
        digests = {f"{name}_digest": text_digest(told[name]) for name in ("chosen", "rejected")}
        made.append({**told, **ids, **digests})
    return made


def pairs_folder(folder: Path, learned: list, held: list) -> Path:
    """As export-pairs writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, own in (("train.jsonl", learned), ("dev.jsonl", held)):
        content = "".join(json.dumps(each) + "\n" for each in own).encode()
        (folder / name).write_bytes(content)
        files[name] = sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps({"source": "gold:pilot", "files": files}))
    return folder
