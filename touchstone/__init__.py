"""The pure library: no Streamlit, no SQL, no clock, no network. A program may import it alone.

    import touchstone as ts
    ts.agreement(rows, levels=[0, 1, 2, 3])        # how far annotators agree, with intervals
    rubric = ts.read_rubric("tenacious-v1.yml")
    ts.score(rubric, text, task={"input": {}})     # a level per dimension, with the findings behind it
    ts.gate({"input": {}}, text, policy, rubric=rubric)   # pass, review or block, with reasons and places
    ts.check_claim(n=30, percent="89.3")           # can these published figures occur at all?

What is named here is imported when it is first asked for, so that `import touchstone` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from touchstone.agreement.label_table import agreement
    from touchstone.claims.typed_claim import check_claim
    from touchstone.gate.deciding import gate
    from touchstone.gate.policy import read_policy
    from touchstone.rubric.reading import read_rubric
    from touchstone.scorer.scoring import score

__version__ = "0.1.0"
__all__ = ["__version__", "agreement", "check_claim", "gate", "read_policy", "read_rubric", "score"]

# Each name with the module it stands in and what it is called there; a package that can be called is its own face.
_FACE = {
    "agreement": ("touchstone.agreement", ""),
    "check_claim": ("touchstone.claims.typed_claim", "check_claim"),
    "gate": ("touchstone.gate", ""),
    "read_policy": ("touchstone.gate.policy", "read_policy"),
    "read_rubric": ("touchstone.rubric.reading", "read_rubric"),
    "score": ("touchstone.scorer.scoring", "score"),
}


def __getattr__(name: str) -> object:
    if name not in _FACE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _FACE[name]
    return getattr(import_module(module), attribute) if attribute else import_module(module)


def __dir__() -> list[str]:
    return sorted({*globals(), *_FACE})
