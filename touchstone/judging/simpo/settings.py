"""How a judge is taught by pairs: what SimPO and LoRA leave to choose.

SimPO (Meng, Xia and Chen 2024, 2405.14734): a text's reward is `beta` times the mean log-probability of its pieces after the
prompt, and the loss of a pair is -log sigmoid(reward of the chosen - reward of the rejected - `gamma`). No second model is held
beside. LoRA (Hu et al. 2022): the weights of the base model stay; what is learned is a product of two thin matrices of `rank`
beside each of its linear layers, times `alpha`/`rank`.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any

from touchstone.errors import Refused

LARGEST_SEED = 2**32 - 1  # that the libraries take
PIECES_AT_ONCE = 2048  # of the longer sides of the pairs that go through the model together: what memory is bounded by


@dataclass(frozen=True)
class SimpoSettings:
    """`longest`: pieces of a prompt and a text together; half of them at most are the prompt's last ones, and what is left over
    of a text is cut. `rate` is the learning rate, `batch` pairs a step."""

    beta: float = 2.0
    gamma: float = 1.0
    rate: float = 1e-4
    epochs: int = 1
    batch: int = 4
    rank: int = 8
    alpha: int = 16
    longest: int = 512
    seed: int = 0

    def __post_init__(self) -> None:
        """Raises Refused for a setting with which nothing is learned."""
        bounds: dict[str, tuple[float, float]] = {
            "beta": (0.01, 100),
            "gamma": (0, 100),
            "rate": (1e-8, 1),
            "epochs": (1, 100),
            "batch": (1, 256),
            "rank": (1, 256),
            "alpha": (1, 1024),
            "longest": (16, 4096),
            "seed": (0, LARGEST_SEED),
        }
        for each in fields(self):
            value, (low, high) = getattr(self, each.name), bounds[each.name]
            if not low <= value <= high:
                raise Refused(f"{each.name} is {low:,g} to {high:,g}, not {value:,g}", way=(f"{each.name} {each.default}",))

    @property
    def at_once(self) -> int:
        """Pairs that go through the model together: a whole part of a step's, so that memory does not grow with the step."""
        parts = [number for number in range(1, self.batch + 1) if self.batch % number == 0]
        return max(number for number in parts if number == 1 or number * self.longest <= PIECES_AT_ONCE)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
