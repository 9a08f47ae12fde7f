"""A judge taught by pairs with a stub in the model's place, so that nothing of the extra `train` is needed."""

from contextlib import contextmanager

import numpy as np

from touchstone.judging.simpo.adapter import TaughtJudge
from touchstone.judging.simpo.language_model import Scored


class Stub:
    """It sees how many times a text says `good`; without its adapter, nothing."""

    name = "base"

    def __init__(self):
        self.read, self.model, self.sees = [], self, True

    @contextmanager
    def disable_adapter(self):
        self.sees = False
        yield
        self.sees = True

    def scores(self, given, longest, told=lambda share: None):
        told(0.0)
        self.read += [each.text for each in given]
        seen = [each.text.count("good") if self.sees else len(each.text) % 3 for each in given]
        return Scored(np.array(seen) * 0.4 - 3, 0)


def taught(tasks=(), texts=()) -> TaughtJudge:
    card = {
        "base": {"name": "base", "digest": "0" * 64},
        "settings": {"longest": 64},
        "pairs": {"learned": {"tasks": list(tasks), "texts": list(texts)}},
    }
    return TaughtJudge(card, "ab" * 32, Stub())
