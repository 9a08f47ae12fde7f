"""The extra `train` with a model made on the spot: `make test-train`, in a virtual environment of its own."""

import json
import shutil

import numpy as np
import pytest

from tests.comparison.test_sources import bring
from tests.judging.pairs_of_weather import lines, pairs_folder
from tests.judging.test_judge_against import as_file, levels
from tests.support.commands import document, done, sentence
from tests.support.small_stores import TONE, draft, jsonl, people, task
from touchstone.errors import Refused
from touchstone.judging.simpo.adapter import CARD, CONFIG, WEIGHTS, checked_margins, open_judge
from touchstone.judging.simpo.language_model import PromptedText, is_installed, open_base
from touchstone.judging.simpo.learned_pairs import read_pairs
from touchstone.judging.simpo.margins import TOLERANCE
from touchstone.judging.simpo.settings import SimpoSettings
from touchstone.judging.simpo.teaching import teach
from workflow.data.task_import import import_drafts, import_tasks
from workflow.judging.against import judge_against
from workflow.judging.simpo.folder import train_adapter
from workflow.judging.simpo.levels import adapter_levels

pytestmark = [
    pytest.mark.timeout(600),  # the libraries alone take a quarter of a minute to load on a busy machine
    pytest.mark.skipif(not is_installed(), reason="with `make test-train` alone: it takes the extra train"),
]
SETTINGS = SimpoSettings(rate=1e-2, epochs=6, batch=8, longest=64, seed=1)
GOOD, BAD = "bright calm clear", "stormy foggy grey"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    from tests.train.tiny_model import tiny_model

    return tiny_model(tmp_path_factory.mktemp("model") / "base")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return pairs_folder(tmp_path_factory.mktemp("pairs") / "pairs", lines(64), lines(24, 64))


@pytest.fixture(scope="module")
def written(base, folder, tmp_path_factory):
    return train_adapter(folder, base, tmp_path_factory.mktemp("judges") / "judge", SETTINGS)


def test_what_was_taught_is_told_on_pairs_that_were_held_out(written):
    margins = written.margins
    assert margins.right.value > 0.9 > margins.right_before.value and margins.right.low > margins.longer.value
    assert written.card["taught"]["steps"] == 48 and written.card["taught"]["last_loss"] < written.card["taught"]["first_loss"]
    assert "it has the better draft ahead in" in written.sentence and "a shift, and no quality" in written.notes[0]


def test_the_loss_that_is_learned_from_is_simpos_by_hand(base, folder):
    """With a rate at which nothing moves: -log sigmoid(beta (mean log p of the chosen - of the rejected) - gamma)."""
    pairs, settings = read_pairs(folder).learned[:8], SimpoSettings(rate=1e-8, batch=8, longest=64, beta=3.0, gamma=0.7)
    texts = [PromptedText(side.prompt, side.text) for pair in pairs for side in pair[:2]]
    scores = open_base(base).scores(texts, 64).scores.reshape(-1, 2)
    by_hand = np.log1p(np.exp(-(3.0 * (scores[:, 0] - scores[:, 1]) - 0.7))).mean()
    _, how = teach(open_base(base), pairs, settings)
    assert how.first_loss == pytest.approx(by_hand, abs=1e-4)


def test_a_step_learns_the_same_whether_its_pairs_go_through_together_or_in_parts(base, folder, monkeypatch):
    pairs = read_pairs(folder).learned[:16]
    texts = [PromptedText(pair.chosen.prompt, pair.chosen.text) for pair in pairs]
    together, _ = teach(open_base(base), pairs, SETTINGS)
    monkeypatch.setattr("touchstone.judging.simpo.settings.PIECES_AT_ONCE", 2 * SETTINGS.longest)
    in_parts, _ = teach(open_base(base), pairs, SETTINGS)
    one, other, before = (model.scores(texts, 64).scores for model in (together, in_parts, open_base(base)))
    assert np.abs(one - other).max() < 0.02 * np.abs(one - before).max()


def test_a_folder_holds_the_adapter_and_a_card_without_a_text_or_a_path(written, folder, base):
    assert sorted(each.name for each in written.folder.iterdir()) == sorted([CARD, CONFIG, WEIGHTS])
    card = json.loads((written.folder / CARD).read_bytes())
    assert card["pairs"]["files"] == read_pairs(folder).files and card["settings"] == SETTINGS.as_json()
    whole = "".join((written.folder / name).read_text() for name in (CARD, CONFIG))
    assert str(base.parent) not in whole and read_pairs(folder).learned[0].chosen.text not in whole
    assert card["base"]["name"] == "base" and card["versions"]["trl"]
    assert (written.folder / WEIGHTS).stat().st_size < (base / "model.safetensors").stat().st_size


def test_a_judge_that_is_read_again_has_its_margins(written, folder, base):
    pairs = read_pairs(folder)
    assert checked_margins(open_judge(written.folder, base), pairs) <= TOLERANCE
    said = done("judge check-adapter", str(written.folder), "--base", str(base), "--pairs", str(folder))
    assert "is as it was taught" in said


def test_the_same_seed_gives_the_same_judge_and_another_seed_another(written, folder, base, tmp_path):
    again = train_adapter(folder, base, tmp_path / "again", SETTINGS)
    other = train_adapter(folder, base, tmp_path / "other", SimpoSettings(**{**SETTINGS.as_json(), "seed": 2}))
    own, same, different = (
        {name: (each.folder / name).read_bytes() for name in (CARD, WEIGHTS)} for each in (written, again, other)
    )
    assert own == same and own[WEIGHTS] != different[WEIGHTS]


def test_other_pairs_another_base_and_a_changed_adapter_are_refused(written, folder, base, tmp_path):
    judge = open_judge(written.folder, base)
    others = pairs_folder(tmp_path / "pairs", lines(64), lines(24, 64, seed=5))
    with pytest.raises(Refused, match=r"dev.jsonl and manifest.json are not what this judge was taught with"):
        checked_margins(judge, read_pairs(others))
    from tests.train.tiny_model import tiny_model

    with pytest.raises(Refused, match="is not the base model of this judge"):
        open_judge(written.folder, tiny_model(tmp_path / "base", seed=3))
    changed = shutil.copytree(written.folder, tmp_path / "changed")
    weights = bytearray((changed / WEIGHTS).read_bytes())
    weights[-1] ^= 1
    (changed / WEIGHTS).write_bytes(weights)
    with pytest.raises(Refused, match=f"{WEIGHTS} is not the file that {CARD} names"):
        open_judge(changed, base)
    for name, parameter in judge.model.model.named_parameters():
        if "lora_B" in name:
            parameter.data += 0.05
    with pytest.raises(Refused, match="the judge is not as it was taught"):
        checked_margins(judge, read_pairs(folder))


def test_a_text_has_one_score_whatever_else_is_asked_for_and_a_long_one_is_cut(base):
    model = open_base(base)
    texts = [PromptedText("the wind", f"{GOOD} {at}") for at in range(5)]
    alone = [model.scores([each], 64).scores[0] for each in texts]
    assert model.scores(texts, 64).scores.tolist() == alone
    long = model.scores([PromptedText("wind " * 500, "calm " * 500), PromptedText("", ""), PromptedText("", "\ud800")], 32)
    assert long.cut == 1 and np.isfinite(long.scores).all()
    pieces = model.pieces(PromptedText("wind " * 500, "calm " * 500), 32)
    assert (len(pieces.prompt), len(pieces.text)) == (16, 16)


def test_a_folder_that_holds_no_model_is_refused_in_a_sentence(folder, tmp_path):
    told = ("judge train-adapter", str(folder), "--to", str(tmp_path / "judge"), "--base")
    assert "has no config.json" in sentence(*told, str(folder))
    (tmp_path / "config.json").write_text('{"model_type": "qwen2"}')
    assert "holds no language model that can be read" in sentence(*told, str(tmp_path))
    assert not (tmp_path / "judge").exists()


def test_more_pieces_than_the_model_reads_are_refused(folder, base, tmp_path):
    told = sentence("judge train-adapter", str(folder), "--to", str(tmp_path / "judge"), "--base", str(base), "--longest", "512")
    assert "base reads 256 pieces at most, not 512 (--longest 256)" in told


def test_its_levels_are_held_against_people_as_any_judges(sqlite_engine, written, base):
    engine = sqlite_engine
    (lead,) = people(engine, "lead")
    true = {unit: at % 2 * 3 for at, unit in enumerate(levels(0, 0))}
    import_tasks(lead, engine, jsonl(*(task(at) for at in range(1, 49))), "tasks.jsonl")
    texts = {unit: f"the day in town is {GOOD if level else BAD} with wind over hills ." for unit, level in true.items()}
    import_drafts(lead, engine, jsonl(*(draft(int(unit[1:]), text=text) for unit, text in texts.items())), "drafts.jsonl")
    bring(engine, lead, *(as_file(f"p{at}", true) for at in (1, 2, 3)), name="people", made_by="person-blind")
    made = adapter_levels(lead, engine, open_judge(written.folder, base), "set:people", name="taught")
    (tone,) = judge_against(lead, engine, "set:taught", "set:people").dimensions
    assert tone.key == TONE and tone.report.n == 48 and tone.report.judge.value > 0.5
    order = made.shifts[TONE][0]
    assert order.new_order.value > 0.8 and order.new_order.value > order.old_order.value


def test_the_command_writes_a_judge_as_json(folder, base, tmp_path):
    few = ("--epochs", "1", "--longest", "64", "--seed", "1", "--json")
    found = document("judge train-adapter", str(folder), "--base", str(base), "--to", str(tmp_path / "judge"), *few)
    assert found["pairs"]["held_out"]["pairs"] == 24 and found["settings"]["epochs"] == 1
    assert "is not empty" in sentence("judge train-adapter", str(folder), "--base", str(base), "--to", str(tmp_path / "judge"))
