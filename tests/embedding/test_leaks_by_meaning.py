"""Lists of leaks in order of meaning, the meaning by a stub: words that stand for the same are alike."""

import numpy as np
import pytest

from tests.bench.test_leaks import others, task
from touchstone.bench.leaks.meaning import own_shares
from touchstone.bench.leaks.report import LISTED, find_leaks
from touchstone.embedding import DIMENSIONS, Embedder

SAME = {"fortnight": "weeks", "refund": "money", "boss": "manager", "wonders": "asks"}


class Words:
    """The vector of a text is of its words, each under the name of what it stands for."""

    def vectors(self, texts, told=lambda share: None):
        told(0.5)
        found = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in zip(found, texts, strict=True):
            for word in text.casefold().split():
                word = SAME.get(word, word)
                row[sum(ord(letter) * 31**at for at, letter in enumerate(word)) % DIMENSIONS] += 1
            row /= max(np.linalg.norm(row), 1e-9)
        return found


WORDS: Embedder = Words()  # type: ignore[assignment]


def listed(found, held):
    return [(each.train, each.why) for each in found.pairs if each.layer == "list" and each.held == held]


def test_what_was_said_anew_is_first_by_meaning_and_by_letters_it_is_not():
    train = [*others(), task("t", "manager asks weeks money"), task("decoy", "fortnighty bossy refunding wondersome")]
    held = [task("h", "boss wonders fortnight refund")]
    by_letters, by_meaning = find_leaks(train, held), find_leaks(train, held, model=WORDS)
    assert listed(by_letters, "h")[:1] != [("t", "the nearest train task")] and by_letters.listed_by == "letters"
    assert listed(by_meaning, "h")[0] == ("t", "the nearest train task, in meaning 1.00 of 1")
    assert by_meaning.listed_by == "meaning" == by_meaning.as_json()["listed_by"]
    assert by_meaning.leaking == [], "no layer fails for what a model says"
    assert "in order of meaning, by MiniLM" in by_meaning.order and "letters in common" in by_letters.order


def test_what_fails_the_check_comes_first_and_the_nearest_by_meaning_is_never_left_out():
    train = [
        *others(),
        task("t", "manager asks weeks money"),
        *(task(f"g{at}", f"text {at}", groups={"k": "v"}) for at in range(4)),
    ]
    held = [task("h", "boss wonders fortnight refund", groups={"k": "v"})]
    found = listed(find_leaks(train, held, model=WORDS), "h")
    assert len(found) == LISTED and [name[0] for name, _ in found] == ["g", "g", "t"]
    layers = [[each for each in find_leaks(train, held, model=model).pairs if each.layer != "list"] for model in (None, WORDS)]
    assert layers[0] == layers[1] != []


def test_equal_texts_are_in_the_order_of_the_file_and_what_says_nothing_has_no_neighbour():
    train = [task(f"t{at}", "manager asks weeks money") for at in range(5)]
    held = [task("h", "boss wonders fortnight refund"), task("none", "")]
    found = find_leaks(train, held, model=WORDS)
    assert [name for name, _ in listed(found, "h")] == ["t0", "t1", "t2"] and listed(found, "none") == []
    for ours, theirs in (([], held), (train, []), ([], [])):
        assert find_leaks(ours, theirs, model=WORDS).pairs == []


def test_a_template_counts_by_its_few_filled_places():
    tasks = [
        each._replace(fields={**each.fields, "state": "On call: the team of Monday", "form": f"Account of the firm named A{at}"})
        for at, each in enumerate(others())
    ]
    shares = own_shares(tasks[:20], tasks[20:], ["text", "state", "form"])
    assert shares["state"] == 0 and shares["text"] > 0.8 > shares["form"] > 0 and sum(shares.values()) == pytest.approx(1)
    assert own_shares([], [], ["text"]) == {"text": 0.0}


def test_it_is_told_how_far_it_is_and_may_be_stopped():
    told = []
    find_leaks(others()[:20], others()[20:], model=WORDS, progress=lambda share, what: told.append((share, what)))
    assert [share for share, _ in told] == sorted(share for share, _ in told) and told[-1][1] == "text, read by meaning"

    def stop(share, what):
        if "meaning" in what:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_leaks(others()[:20], others()[20:], model=WORDS, progress=stop)
