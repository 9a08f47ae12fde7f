"""Pass, review or block for one draft under a policy, with the reasons, their places in the draft, and what decided.

The package can be called, as `touchstone.agreement` can (docs/decisions/0011): `touchstone.gate(task, text, policy, rubric=…)` is
`deciding.gate`.
"""

import sys
from collections.abc import Mapping
from os import PathLike
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from touchstone.gate.deciding import GateDecision
    from touchstone.gate.policy import GatePolicy
    from touchstone.rubric.model import Rubric


class CallableGate(ModuleType):
    """This package, answering a call as `deciding.gate` does; the scorer is imported with the first."""

    def __call__(
        self,
        task: Mapping[str, Any] | None,
        text: str,
        policy: "GatePolicy | str | PathLike[str] | bytes",
        *,
        rubric: "Rubric | str | PathLike[str] | bytes | None" = None,
        judges: Mapping[str, float] | None = None,
        mode: str | None = None,
    ) -> "GateDecision":
        from touchstone.gate.deciding import gate

        return gate(task, text, policy, rubric=rubric, judges=judges, mode=mode)


sys.modules[__name__].__class__ = CallableGate
