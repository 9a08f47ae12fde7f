"""What a rubric says of a dimension, to look up while a level is decided."""

from markupsafe import Markup

from touchstone.rubric.model import Dimension
from ui.base.markup import NOTHING, draw


def anchors_of(dimension: Dimension, *, unfold: bool = False) -> None:
    """The anchors of one dimension, and its guidance, folded away unless `unfold`."""
    draw(anchors(dimension, unfold=unfold))


def anchors_and_said(dimension: Dimension, said: Markup, name: str, *, said_first: bool = False) -> None:
    """The anchors of one dimension under its title, above what was said of a draft, or below it: one region, which scrolls where
    it has to. `name` is told to whoever hears it."""
    shown = anchors(dimension, title=dimension.title)
    parts = (said, shown) if said_first else (shown, said)
    draw(Markup('<section class="ts-said" aria-label="{}" tabindex="0">{}{}</section>').format(name, *parts))


def anchors(dimension: Dimension, *, unfold: bool = False, title: str = "") -> Markup:
    """The same under `title`, whose levels can be pointed to: a level's button is described by its anchor (keys.js)."""
    guidance = (
        Markup("<details{}><summary>Guidance</summary><p>{}</p></details>").format(
            Markup(" open") if unfold else NOTHING, dimension.guidance
        )
        if dimension.guidance
        else NOTHING
    )
    pointed_to = Markup(' id="ts-anchor-0-{0}" data-place="0" data-level="{0}"')
    levels = NOTHING.join(
        Markup("<li{}><b>{}</b><span>{}</span></li>").format(
            pointed_to.format(place) if title else NOTHING, level.value, level.anchor
        )
        for place, level in enumerate(dimension.levels)
    )
    return Markup('<div class="ts-anchors ts-static"><p>{}{}</p><ol>{}</ol>{}</div>').format(
        Markup("<strong>{}.</strong> ").format(title) if title else NOTHING, dimension.question, levels, guidance
    )
