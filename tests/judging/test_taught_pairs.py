"""What a judge that is taught by pairs refuses before anything is learned; all of it without the extra `train`."""

import json
from hashlib import sha256

import numpy as np
import pytest

from tests.judging.pairs_of_weather import lines, pairs_folder
from tests.support.commands import sentence
from touchstone.errors import Refused
from touchstone.judging.simpo import language_model
from touchstone.judging.simpo.adapter import CARD, CONFIG, METHOD, WEIGHTS, read_card
from touchstone.judging.simpo.language_model import folder_digest, is_installed, refuse_without_the_extra
from touchstone.judging.simpo.learned_pairs import read_pairs
from touchstone.judging.simpo.margins import PairMargins
from touchstone.judging.simpo.settings import SimpoSettings


@pytest.fixture
def folder(tmp_path):
    return pairs_folder(tmp_path / "pairs", lines(20), lines(8, 20))


def test_the_pairs_of_two_partitions_are_read_with_their_digests(folder):
    found = read_pairs(folder)
    assert (len(found.learned), len(found.held), found.source) == (20, 8, "gold:pilot")
    assert found.files.keys() == {"manifest.json", "train.jsonl", "dev.jsonl"} and len(found.texts) == 40
    assert {"weather-0", "g0"} <= set(found.tasks) and not {"weather-20", "g20"} & set(found.tasks)
    assert found.layout.value is not None and found.layout.value <= 0.7


def test_a_changed_file_is_refused_by_its_digest_and_a_changed_text_by_its_own(folder):
    file = folder / "dev.jsonl"
    file.write_bytes(file.read_bytes().replace(b"sunny", b"SUNNY"))
    with pytest.raises(Refused, match=r"dev.jsonl is not the file that manifest.json names: its SHA-256 is \w{12}…, not \w{12}…"):
        read_pairs(folder)
    changed = lines(20)
    changed[3]["chosen"] += " more"
    with pytest.raises(Refused) as refused:
        read_pairs(pairs_folder(folder, changed, lines(8, 20)))
    assert [each.line for each in refused.value.problems] == [4] and "its digest is another" in str(refused.value.problems[0])


def test_what_is_held_out_may_not_be_known(folder):
    for both, said in (
        ({"task_id": "weather-1"}, "the task weather-1 is in train.jsonl and in dev.jsonl"),
        ({"group": "g2"}, "the group g2 is in train.jsonl and in dev.jsonl"),
    ):
        with pytest.raises(Refused, match=said):
            read_pairs(pairs_folder(folder, lines(20), [{**lines(1, 20)[0], **both}]))
    copied = {**lines(20)[3], "task_id": "other", "group": "other"}
    with pytest.raises(Refused, match=r"2 texts of dev.jsonl are in train.jsonl, too"):
        read_pairs(pairs_folder(folder, lines(20), [copied]))


def test_pairs_that_layout_tells_apart_are_refused_unless_they_are_meant(folder):
    long = [{**each, "chosen": each["chosen"] + " and\n- more\n- still more", "chosen_digest": ""} for each in lines(40)]
    pairs_folder(folder, long[:30], long[30:])
    with pytest.raises(Refused, match=r"layout alone tells chosen from rejected in 1\.00 .* over \.70") as refused:
        read_pairs(folder)
    assert refused.value.way == ("allow_layout",)
    assert read_pairs(folder, allow_layout=True).layout.value == 1


def test_what_is_no_folder_of_pairs_is_refused_in_a_sentence(folder, tmp_path):
    few, line = lines(20)[:7], lines(1)[0]
    for learned, held, said in (
        (few, lines(8, 20), "7 pairs in train.jsonl are too few"),
        (lines(20), [], "there is no pair in dev.jsonl"),
        ([{**line, "chosen": 3}], lines(8, 20), "train.jsonl is not what export-pairs writes"),
        (
            [{**line, "rejected": line["chosen"], "rejected_digest": ""}],
            lines(8, 20),
            "train.jsonl is not what export-pairs writes",
        ),
    ):
        with pytest.raises(Refused, match=said):
            read_pairs(pairs_folder(folder, learned, held))
    pairs_folder(folder, lines(20), lines(8, 20))
    with pytest.raises(Refused, match=r"has no other.jsonl \(dev.jsonl and train.jsonl\)"):
        read_pairs(folder, "train", "other")
    for content in (b"", b"[]", b'{"files": 3}', b"\xff"):
        (tmp_path / "manifest.json").write_bytes(content)
        with pytest.raises(Refused, match="is not what export-pairs writes"):
            read_pairs(tmp_path)
    with pytest.raises(Refused, match="cannot be read"):
        read_pairs(tmp_path / "gone")


def test_a_setting_that_teaches_nothing_is_refused_with_a_usual_one():
    for wrong in ({"rate": 0.0}, {"rate": float("nan")}, {"epochs": 0}, {"seed": -1}, {"longest": 1}, {"rank": 10_000}):
        with pytest.raises(Refused) as refused:
            SimpoSettings(**wrong)
        assert refused.value.way[0].split()[0] == next(iter(wrong))


def test_the_pairs_that_go_through_the_model_together_are_a_part_of_a_step_that_fits():
    for batch, longest, at_once in ((4, 512, 4), (8, 64, 8), (12, 512, 4), (7, 512, 1), (256, 4096, 1), (1, 4096, 1)):
        assert SimpoSettings(batch=batch, longest=longest).at_once == at_once


def test_without_the_extra_a_sentence_names_what_installs_it(folder, monkeypatch):
    monkeypatch.setattr(language_model, "PACKAGES", ("numpy", "touchstone-has-no-such-package"))
    assert not is_installed()
    with pytest.raises(
        Refused, match=r"the extra train \(touchstone-has-no-such-package\) is not installed; make train installs it"
    ):
        refuse_without_the_extra()
    told = sentence("judge train-adapter", str(folder), "--base", str(folder), "--to", str(folder.parent / "judge"))
    assert "the extra train" in told and "make train installs it beside the app" in told
    assert not (folder.parent / "judge").exists()


def test_a_card_that_is_none_or_a_file_that_changed_is_refused(tmp_path):
    (tmp_path / WEIGHTS).write_bytes(b"weights")
    (tmp_path / CONFIG).write_bytes(b'{"peft_type": "LORA"}')
    digests = {name: sha256((tmp_path / name).read_bytes()).hexdigest() for name in (WEIGHTS, CONFIG)}
    card = {
        "method": METHOD,
        "files": digests,
        "base": {"name": "base", "digest": "0" * 64},
        "settings": SimpoSettings().as_json(),
        "pairs": {"files": {}, "learned": {"tasks": [], "texts": []}, "held_out": {"margins": []}},
    }
    (tmp_path / CARD).write_text(json.dumps(card))
    assert read_card(tmp_path)[0]["base"]["name"] == "base"
    (tmp_path / CONFIG).write_bytes(b'{"peft_type": "LORA", "auto_mapping": {"parent_library": "os"}}')
    digests[CONFIG] = sha256((tmp_path / CONFIG).read_bytes()).hexdigest()
    (tmp_path / CARD).write_text(json.dumps(card))
    with pytest.raises(Refused, match="is of another kind of adapter"):
        read_card(tmp_path)
    (tmp_path / WEIGHTS).write_bytes(b"other")
    with pytest.raises(Refused, match=r"adapter_model.safetensors is not the file that judge.json names"):
        read_card(tmp_path)
    for wrong in ({"method": "other"}, {"settings": {"rate": 7}}, {"pairs": 3}, {"files": {"../x": "0"}}, {"base": {}}):
        (tmp_path / CARD).write_text(json.dumps({**card, **wrong}))
        with pytest.raises(Refused, match="is no card of a judge that was taught by pairs"):
            read_card(tmp_path)
    with pytest.raises(Refused, match="has no config.json"):
        folder_digest(tmp_path)


def test_margins_say_who_is_ahead_and_the_shift_is_something_else(folder):
    held = read_pairs(folder).held
    before = np.column_stack([np.zeros(8), np.full(8, 0.5)])
    taught = before - 1 + np.array([1.0, 0.0])  # all lower than before, and every chosen side ahead
    found = PairMargins(held, taught, before, 0)
    assert (found.right.value, found.right_before.value) == (1.0, 0.0)
    assert found.shift.mean.value == pytest.approx(-0.5) and found.shift.clusters == 8
    assert [each["margin"] for each in found.as_json()] == pytest.approx([0.5] * 8)
    assert PairMargins(held, np.zeros((8, 2)), before, 0).right.value == 0.5
