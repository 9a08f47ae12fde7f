"""What a rubric says of a dimension, to look up while a level is decided."""

from markupsafe import Markup

from touchstone.rubric.model import Dimension
from ui.base.markup import NOTHING, draw


def anchors_of(dimension: Dimension, *, unfold: bool = False, title: str = "") -> None:
    """The anchors of one dimension, and its guidance, folded away unless `unfold`."""
    guidance = (
        Markup("<details{}><summary>Guidance</summary><p>{}</p></details>").format(
            Markup(" open") if unfold else NOTHING, dimension.guidance
        )
        if dimension.guidance
        else NOTHING
    )
    levels = NOTHING.join(
        Markup("<li><b>{}</b><span>{}</span></li>").format(level.value, level.anchor) for level in dimension.levels
    )
    draw(
        Markup('<div class="ts-anchors ts-static"><p>{}{}</p><ol>{}</ol>{}</div>').format(
            Markup("<strong>{}.</strong> ").format(title) if title else NOTHING, dimension.question, levels, guidance
        )
    )
