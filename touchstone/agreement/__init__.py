"""How far annotators agree, how sure that is, and what misleads in it.

The package can be called: `touchstone.agreement(rows, levels=[0, 1, 2, 3])` is `label_table.agreement`. A name that is a folder
of modules cannot be a function as well, because importing any module of it puts the folder back in the function's place; so
the folder itself answers the call, in whatever order things were imported (docs/decisions/0011).
"""

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from touchstone.agreement.label_table import Ratings, TableRows
    from touchstone.agreement.report import DimensionReport


class CallablePackage(ModuleType):
    """This package, answering a call as `label_table.agreement` does; numpy is imported with the first."""

    def __call__(
        self,
        rows: "TableRows",
        levels: "Sequence[int | str]" = (),
        scale: str = "ordinal",
        *,
        statistic: str | None = None,
        weights: str | None = None,
        threshold: float | None = None,
        by: str = "position",
        pairs: bool = False,
    ) -> "dict[str, DimensionReport | Ratings]":
        from touchstone.agreement.label_table import agreement

        return agreement(rows, levels, scale, statistic=statistic, weights=weights, threshold=threshold, by=by, pairs=pairs)


sys.modules[__name__].__class__ = CallablePackage
