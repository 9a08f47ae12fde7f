"""Quantiles of bootstrap draws computed once a run instead of once a page: a sixth of the time of tests without a browser.

Most pages and papers of the tests are about the same few rounds. What is drawn is a function of the table, the coefficients and
the seed in it, so the same is given back as a copy, to other workers by a file. Not within the tests of the figures themselves.
"""

import hashlib
import os
import pickle
import sys
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.support.once_a_run import folder_of_the_run
from touchstone.agreement.estimation import formulas

OWN_TESTS = {"agreement", "planning"}  # folders of tests
MOST = 20_000
drawn: Callable[..., Any] = formulas.quantiles_of
_kept: OrderedDict[Any, Any] = OrderedDict()
_is_on = True


def _key(of: Any) -> Any:
    """What two calls that draw the same have in common."""
    if isinstance(of, formulas.Patterns):
        return tuple(_key(getattr(of, name)) for name in formulas.Patterns.__dataclass_fields__)
    if isinstance(of, np.ndarray):
        return of.shape, str(of.dtype), of.tobytes()
    if isinstance(of, list | tuple):
        return type(of).__name__, *(_key(each) for each in of)
    return of


def quantiles_of(*given: Any, **named: Any) -> Any:
    if not _is_on:
        return drawn(*given, **named)
    key = (_key(given), *((name, _key(value)) for name, value in sorted(named.items())))
    if key not in _kept:
        _kept[key] = _drawn_in_this_run(key, *given, **named)
        if len(_kept) > MOST:
            _kept.popitem(last=False)
    return {coefficient: values.copy() for coefficient, values in _kept[key].items()}


def _drawn_in_this_run(key: Any, *given: Any, **named: Any) -> Any:
    """By whichever worker was first; two at once both draw, and write the same."""
    path = folder_of_the_run() / f"draws-{hashlib.sha256(repr(key).encode()).hexdigest()}"
    if path.exists():
        return dict(zip(given[1], pickle.loads(path.read_bytes()), strict=True))
    found = drawn(*given, **named)
    part = path.with_name(f"{path.name}-{os.getpid()}")
    part.write_bytes(pickle.dumps([found[coefficient] for coefficient in given[1]]))
    part.replace(path)
    return found


def share() -> None:
    for module in [*sys.modules.values()]:
        if getattr(module, "__name__", "").startswith("touchstone.") and vars(module).get("quantiles_of") is drawn:
            vars(module)["quantiles_of"] = quantiles_of


def share_in(test: Path) -> None:
    """From here on, or not, as the test at that path asks."""
    global _is_on
    _is_on = not OWN_TESTS & set(test.parts)
