"""Slices of a round, and its annotators one beside the other, in a terminal."""

from touchstone.agreement.coefficient import PERCENT
from touchstone.agreement.figure import in_words, signed
from touchstone.cli.printing import say, show_notes
from touchstone.english import duration, many
from workflow.subgroups.annotators import Annotators
from workflow.subgroups.slices import Slices


def show_slices(slices: Slices) -> None:
    """Slice after slice, a line a dimension."""
    say(slices.sentence)
    for part in slices.slices:
        say(f"\n{part.name}: {many(part.drafts, 'draft')}")
        for dimension in part.dimensions.values():
            judged = "–" if dimension.judged is None else in_words(dimension.judged, dimension.only_level)
            say(
                f"  {dimension.dimension}: {dimension.judged_by} {judged}, "
                f"agreement {in_words(dimension.overall[PERCENT])} of {dimension.units_with_two}"
            )
    show_notes(slices.notes)


def show_annotators(annotators: Annotators) -> None:
    """Everyone against the others, then the two halves of the round."""
    say(f"{annotators.round.name}, for the lead: everyone against the others on the same drafts")
    for mine in annotators.annotators:
        pace = (
            "no time known"
            if mine.pace.median is None
            else f"median {duration(mine.pace.median)} a draft, {mine.pace.fast} of {mine.pace.timed} fast"
        )
        say(f"\n{mine.name}: {mine.saved} saved, {mine.skipped} skipped, {mine.waiting} left; {pace}")
        for key, against in mine.dimensions.items():
            same = (
                f"the same in {in_words(against.agreement)} of {against.severity.n}, "
                f"{against.used} of {many(against.levels, 'level')} used"
            )
            if against.shares is None:
                say(
                    f"  {key}: levels {signed(against.severity)} against the others, {same}; "
                    f"second half of own order {signed(mine.drift[key].difference)}"
                )
                continue
            say(f"  {key}: distance from the others {in_words(against.shares.distance)}, {same}")
            if given := against.shares.in_words:
                told = (f"{level} {share}" for level, share in zip(against.shares.levels, given, strict=True))
                say(f"    own labels and the others': {', '.join(told)}")
    say(f"\nDrift: {annotators.drift_sentence}")
    for drift in annotators.agreement:
        say(
            f"  by {drift.order if drift.order == 'time' else 'the order of ' + drift.order}, {drift.dimension}: "
            f"{drift.judged_by} {in_words(drift.halves.first)}, then {in_words(drift.halves.second)}; "
            f"difference {signed(drift.halves.difference)}"
        )
    show_notes(annotators.notes)
