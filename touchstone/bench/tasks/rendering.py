"""A typed task as its input: a text for each field."""

from collections.abc import Sequence
from typing import Any

from touchstone.bench.tasks.parts import Signal, State, Turn


def input_of(
    fields: Sequence[str], signals: Sequence[Signal], states: Sequence[State], thread: Sequence[Turn], thread_field: str
) -> dict[str, Any]:
    """The fields in the order that the task gives, else signals, states, thread; a field that nothing fills is an empty text.

    The field of a state shows what holds at the end of the thread. What held before stands in a field of its own, "FIELD until
    turn N", so that nobody, and no fact that the scorer reads, takes it for what holds.
    """
    shown: dict[str, Any] = {}
    for signal in signals:
        words = words_of(signal)
        shown[signal.field] = f"{shown[signal.field]}\n{words}" if signal.field in shown else words
    before: dict[str, dict[str, str]] = {}
    for state in states:
        if state.field in shown:
            before.setdefault(state.field, {})[f"{state.field}_until_turn_{state.from_turn}"] = shown[state.field]
        shown[state.field] = state.value
    if thread:
        shown[thread_field] = "\n".join(turn_line(each, len(thread) > 1) for each in thread)
    found: dict[str, Any] = {}
    for field in fields or shown:
        found[field] = shown.get(field, "")
        found |= before.get(field, {})
    return found


def words_of(signal: Signal) -> Any:
    """A signal as it is shown: its own words where it has some; a value that stands alone is shown as it is."""
    if signal.text is not None:
        return signal.text
    about = [f"confidence: {signal.confidence:g}"] if signal.confidence is not None else []
    about += [f"age: {signal.age} {'day' if signal.age == 1 else 'days'}"] if signal.age is not None else []
    if not signal.name and not about:
        return signal.value
    return (f"{signal.name}: " if signal.name else "") + str(signal.value) + (f" ({', '.join(about)})" if about else "")


def turn_line(turn: Turn, numbered: bool) -> str:
    """A turn as it is shown; with its number where there are several."""
    who = [f"Turn {turn.turn}"] if numbered else []
    who += [turn.speaker] if turn.speaker else []
    return f"{', '.join(who)}: {turn.text}" if who else turn.text
