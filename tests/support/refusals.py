"""What a verb that refuses says."""

from collections.abc import Callable
from typing import Any

import pytest

from touchstone.errors import Refused


def refusal(verb: Callable[..., Any], *args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        verb(*args, **more)
    return refused.value.sentence
