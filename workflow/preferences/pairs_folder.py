"""The folder that pairs to train a judge on go to: a JSONL file a partition and a manifest, written whole or not at all."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from touchstone import papers
from touchstone.agreement.figure import Figure, in_words
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.preferences.layout_only import MOST, layout_accuracy
from touchstone.preferences.training_pairs import MadePairs
from workflow.releasing.release_folder import beside, put_in_place


@dataclass(frozen=True)
class ExportedPairs:
    """What was written: `layout` is how far layout alone tells the chosen side; `stale`: dimensions left out, with why;
    `digest`: SHA-256 of the manifest."""

    folder: Path
    made: MadePairs
    layout: Figure
    manifest: Mapping[str, Any]
    digest: str
    notes: tuple[str, ...] = ()
    stale: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        files = listed([f"{len(own):,} in {name}.jsonl" for name, own in self.made.pairs.items()])
        return f"{many(len(self.made.every), 'pair')} in {self.folder}: {files}; layout alone {layout_in_words(self.layout)}"

    def as_json(self) -> dict[str, Any]:
        """The document of `export-pairs --json`: the manifest and where it is."""
        return {"folder": str(self.folder), **self.manifest}


def layout_in_words(layout: Figure) -> str:
    """For a sentence."""
    if layout.value is None:
        return f"was not tried: {layout.reason}"
    return f"tells chosen from rejected in {in_words(layout)} of the pairs"


def write_pairs(
    made: MadePairs, to: Path, about: Mapping[str, Any], notes: Sequence[str], *, allow_layout: bool, stale: Mapping[str, str]
) -> ExportedPairs:
    """The folder, whole or not at all. Raises Refused where no pair is left, where layout alone tells chosen from rejected in
    more than .70, unless it is allowed, and where `to` holds anything."""
    every = made.every
    if not every:
        why = listed([f"{reason} ({n:,})" for reason, n in made.left_out.items()]) or "the source has no two drafts of one task"
        raise Refused(f"no pair is left to export: {why}; lower the bound, or name another source", way=("bound .1",))
    layout = layout_accuracy(every)
    if layout.value is not None and layout.value > MOST and not allow_layout:
        raise Refused(
            f"layout alone {layout_in_words(layout)}, over .70: a judge trained on them may learn how texts are set out; look at "
            "where chosen and rejected drafts come from, or export them all the same",
            way=("allow_layout",),
        )
    files = {
        f"{name}.jsonl": "".join(
            json.dumps({**pair.as_json(), "partition": name, "source": about["source"]}, ensure_ascii=False) + "\n"
            for pair in own
        ).encode("utf-8", "replace")
        for name, own in ((papers.file_stem(each), own) for each, own in made.pairs.items())
    }
    tiers = sorted({pair.tier for pair in every})
    manifest = {
        "made_by_program": papers.MADE_BY,
        **about,
        "pairs": len(every),
        "tasks": len({pair.task for pair in every}),
        "groups": len({pair.chosen.group for pair in every}),
        "by_partition": {name: len(own) for name, own in made.pairs.items()},
        "by_tier": {tier: sum(pair.tier == tier for pair in every) for tier in tiers},
        "layout_only": {**layout.as_json(), "most": MOST, "allowed": allow_layout},
        "left_out": dict(made.left_out),
        "notes": list(notes),
        "files": {name: sha256(content).hexdigest() for name, content in files.items()},
    }
    told = (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
    with beside(to) as new:
        for name, content in {**files, "manifest.json": told}.items():
            (new / name).write_bytes(content)
        put_in_place(new, to)
    return ExportedPairs(to, made, layout, manifest, sha256(told).hexdigest(), tuple(notes), stale)
