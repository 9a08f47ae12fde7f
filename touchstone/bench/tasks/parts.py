"""The parts of a typed task: a signal, a state, a turn of the thread."""

import pydantic

from touchstone.bench.tasks.strict import Days, Line, Share, Strict, Text, TurnNumber, WordOrNumber


class Signal(Strict):
    """One thing that is known of the case, how sure it is (0 to 1), and how many days ago it was seen."""

    field: Line = pydantic.Field(description="the field of the input that shows it")
    name: Line | None = pydantic.Field(None, description="what it is called there, on one line")
    value: WordOrNumber = pydantic.Field(description="a text or a number")
    confidence: Share | None = pydantic.Field(None, description="a number from 0 to 1")
    age: Days | None = pydantic.Field(None, description="a whole number of days, 0 or more")
    text: Text | None = pydantic.Field(None, description="the words that show it, in place of name, value, confidence and age")


class State(Strict):
    """What holds from a turn of the thread on; from_turn 0: before the first."""

    field: Line = pydantic.Field(description="the field of the input that shows it")
    value: Text = pydantic.Field(description="the words that show it")
    from_turn: TurnNumber = pydantic.Field(0, description="the number of a turn, 0 for before the first")


class Turn(Strict):
    """One message of the thread."""

    turn: TurnNumber = pydantic.Field(description="its number: 1, 2, 3 …")
    speaker: Line | None = pydantic.Field(None, description="who says it, on one line")
    text: Text = pydantic.Field(description="what is said")
