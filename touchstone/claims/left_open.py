"""What a file leaves open: how the sentence of a figure or of a note says so, and what a command line takes for an answer."""

NO_N = "its n is said nowhere; name it"
WHICH_N = "say which n these figures rest on"
NO_VALUES = "the text weighs levels by their values, which it does not give"
NO_LEVELS = "the levels are not stated: any number of them is allowed"
WAYS = {NO_N: ("n 30",), WHICH_N: ("n 30",), NO_VALUES: ("levels 1,2,4,8", "by value"), NO_LEVELS: ("levels 0,1,2,3",)}


def way_of(sentence: str) -> tuple[str, ...]:
    """As in `touchstone.errors`; none where a sentence leaves nothing open."""
    return next((way for said, way in WAYS.items() if said in sentence), ())
