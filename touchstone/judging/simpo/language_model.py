"""A small language model on this machine: read from a folder, and how likely a text is to it after a prompt.

Everything comes from the folder that is named: nothing is fetched, no code of the model's is run, and weights are read from
safetensors alone, which hold numbers and no programs. One text goes through at a time, on one thread, so its score depends on
nothing else. What it needs comes with the extra `train` (docs/decisions/0043).
"""

import logging
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from touchstone.agreement.estimation.intervals import Array
from touchstone.errors import Refused

PACKAGES = ("torch", "transformers", "trl", "peft", "accelerate", "datasets")
INSTALL = "make train installs it beside the app (with the library alone: pip install touchstone[train])"
BETWEEN = "\n\n"  # a prompt and its text
TOLD_EVERY = 8  # texts
LONGEST_TEXT = 100_000  # characters that are cut into pieces
# Nothing is asked of a server, nothing told to one, and what is said of itself is not said. trl has SimPO in a part it calls
# experimental; which version was tried stands in requirements-train.lock.
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TOKENIZERS_PARALLELISM": "false",
    "TRL_EXPERIMENTAL_SILENCE": "1",
}


class PromptedText(NamedTuple):
    """A text and what it answers."""

    prompt: str
    text: str


class Pieces(NamedTuple):
    """Numbered pieces of a prompt's end and of a text, with the mark of its end; `cut`: the text is longer than that."""

    prompt: list[int]
    text: list[int]
    cut: bool


class Scored(NamedTuple):
    """(n,) mean log-probabilities, and how many texts were cut."""

    scores: Array
    cut: int


@dataclass
class LanguageModel:
    """A model that is loaded. `model` gives each piece its probability, `tokenizer` cuts texts into pieces; `name` and `digest`
    of the folder it is from."""

    name: str
    digest: str
    model: Any
    tokenizer: Any

    def pieces(self, given: PromptedText, longest: int) -> Pieces:
        """Of the prompt its last pieces, half of `longest` at most; of the text what fits behind them."""
        prompt = self._cut(given.prompt + BETWEEN if given.prompt.strip() else "")[-(longest // 2) :]
        begin = self.tokenizer.bos_token_id
        prompt = prompt or [
            self.tokenizer.eos_token_id if begin is None else begin
        ]  # something must stand before the first piece
        text = [*self._cut(given.text), self.tokenizer.eos_token_id]
        room = longest - len(prompt)
        return Pieces(prompt, text[:room], len(text) > room)

    def _cut(self, text: str) -> list[int]:
        clean = text[:LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8")
        found: list[int] = self.tokenizer(clean, add_special_tokens=False)["input_ids"]
        return found

    def scores(self, given: Sequence[PromptedText], longest: int, told: Callable[[float], None] = lambda share: None) -> Scored:
        """The mean log-probability of each text's pieces after its prompt: SimPO's reward before `beta`. `told` hears the share
        that is done and may raise to stop."""
        import torch

        found, cut = np.zeros(len(given)), 0
        self.model.eval()
        with torch.inference_mode(), one_thread():
            for done, each in enumerate(given):
                if done % TOLD_EVERY == 0:
                    told(done / len(given))
                pieces = self.pieces(each, longest)
                cut += pieces.cut
                row = torch.tensor([[*pieces.prompt, *pieces.text]])
                logits = self.model(row, use_cache=False).logits[0, len(pieces.prompt) - 1 : -1].float()
                logs = torch.log_softmax(logits, dim=-1).gather(1, torch.tensor(pieces.text)[:, None])
                found[done] = float(logs.double().mean())
        return Scored(found, cut)


def is_installed() -> bool:
    """Whether the extra is there; nothing is loaded."""
    return all(_version(each) for each in PACKAGES)


def versions() -> dict[str, str]:
    """Which versions of the extra's packages are there."""
    return {each: _version(each) for each in PACKAGES}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def refuse_without_the_extra() -> None:
    """Raises Refused where the extra is not installed, and where it cannot be loaded."""
    if missing := [each for each in PACKAGES if not _version(each)]:
        raise Refused(f"the extra train ({', '.join(missing)}) is not installed; {INSTALL}")
    os.environ.update(QUIET)
    try:
        import torch  # noqa: F401
    except (ImportError, OSError) as wrong:
        raise Refused(
            f"the extra train is installed, and PyTorch does not load ({str(wrong).splitlines()[0][:200]}); docs/judges.md says "
            "which build it takes"
        ) from None


def open_base(folder: Path) -> LanguageModel:
    """The model in a folder, as transformers saves one. Raises Refused where it cannot be read."""
    refuse_without_the_extra()
    digest = folder_digest(folder)
    from transformers import AutoModelForCausalLM, AutoTokenizer

    local = {"local_files_only": True, "trust_remote_code": False}
    try:
        with quiet():
            tokenizer = AutoTokenizer.from_pretrained(str(folder), **local)
            model = AutoModelForCausalLM.from_pretrained(str(folder), use_safetensors=True, dtype="float32", **local)
    except (OSError, ValueError, KeyError, ImportError) as wrong:
        why = " ".join(str(wrong).split())[:160]
        raise Refused(
            f"{folder} holds no language model that can be read ({why}); it takes config.json, a tokenizer and *.safetensors"
        ) from None
    if tokenizer.eos_token_id is None:
        raise Refused(f"the tokenizer in {folder} has no mark for the end of a text (eos_token); name another model")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return LanguageModel(folder.resolve().name, digest, model, tokenizer)


def folder_digest(folder: Path) -> str:
    """SHA-256 of the names and digests of a folder's files, those of sub-folders and with a dot before them left out. Raises
    Refused where it is no folder with a config.json."""
    try:
        files = sorted(each for each in folder.iterdir() if each.is_file() and not each.name.startswith("."))
        if not any(each.name == "config.json" for each in files):
            raise Refused(f"{folder} has no config.json; name the folder of a language model, as transformers saves one")
        told = sha256()
        for each in files:
            with each.open("rb") as content:
                told.update(f"{each.name}\0{file_digest(content, 'sha256').hexdigest()}\n".encode("utf-8", "surrogatepass"))
    except OSError as wrong:
        raise Refused(f"{folder} cannot be read ({wrong.strerror}); name the folder of a language model") from None
    return told.hexdigest()


@contextmanager
def quiet() -> Iterator[None]:
    """What the libraries say for themselves while they load and teach is not said: it is about their own use."""
    from transformers.utils import logging as theirs

    theirs.set_verbosity_error()
    theirs.disable_progress_bar()
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


@contextmanager
def one_thread() -> Iterator[None]:
    """Sums run in one order, whatever the machine is."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
