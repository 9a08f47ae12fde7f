"""The rounds of somebody, each leading to where it stands."""

from collections.abc import Sequence

from markupsafe import Markup

from ui.base import navigation
from workflow.rounds.rounds import Round


def of(found: Sequence[Round]) -> Markup:
    """Their names in a line, each a link; a dash for none."""
    made = [navigation.anchor(navigation.address("rounds", round=each.name), each.name) for each in found]
    return Markup(", ").join(made) if made else Markup("–")
