"""How far annotators are in a round."""

from collections.abc import Iterable
from typing import Protocol

from markupsafe import Markup

from ui.base.markup import NOTHING, draw
from ui.base.panels import sample_badge


class Place(Protocol):
    """Where one annotator is in a round: the draft at hand is `position` of `total`, and `done` are delivered."""

    @property
    def round_name(self) -> str: ...
    @property
    def is_sample(self) -> bool: ...
    @property
    def position(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def done(self) -> int: ...


def of_annotator(place: Place, *, is_practice: bool = False) -> None:
    """The line above a draft: which round, which draft of how many, and a bar."""
    bar = Markup(
        '<span class="ts-bar" role="progressbar" aria-label="Drafts done" aria-valuemin="0" aria-valuemax="{total}" '
        'aria-valuenow="{done}"><i style="width:{share}%"></i></span>'
    ).format(total=place.total, done=place.done, share=round(100 * place.done / place.total))
    draw(
        Markup(
            '<h1 class="ts-heard">Label {0}</h1>'
            '<div class="ts-progress"><b>{0}</b>{1}{2}<span>{3} of {4}</span>{5}<span>{6} done</span></div>'
        ).format(
            place.round_name,
            sample_badge(place.is_sample),
            Markup('<span class="ts-badge">practice</span>') if is_practice else NOTHING,
            place.position,
            place.total,
            bar,
            place.done,
        )
    )


def of_correction(place: Place, what: str) -> None:
    """The same above a draft that was delivered before: which it is and what is corrected, and no bar, since nothing of the round
    is begun or done by it."""
    draw(
        Markup(
            '<h1 class="ts-heard">Correct draft {0} of {1}</h1>'
            '<div class="ts-progress"><b>{1}</b>{2}<strong class="ts-correction">Correction of draft {0}: {3}</strong></div>'
        ).format(place.position, place.round_name, sample_badge(place.is_sample), what)
    )


def of_annotators(lines: Iterable[tuple[str, float, str]]) -> None:
    """A line each: name, a bar for a share from 0 to 1, and words."""
    line = Markup("<div><span>{}</span>{}<span>{}</span></div>")
    drawn = NOTHING.join(line.format(name, _bar(share, name), words) for name, share, words in lines)
    draw(Markup('<div class="ts-standing">{}</div>').format(drawn))


def _bar(share: float, label: str) -> Markup:
    return Markup(
        '<span class="ts-bar" role="progressbar" aria-label="{label}" aria-valuemin="0" '
        'aria-valuemax="100" aria-valuenow="{percent}"><i style="width:{percent}%"></i></span>'
    ).format(label=label, percent=round(100 * share))
