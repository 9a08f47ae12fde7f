"""Drawing a few of many, so that the same question gives the same answer."""

import random
from collections.abc import Iterator


def in_random_order(number: int, seed: str) -> Iterator[int]:
    """Each of 0 to `number` - 1 once, in an order that `seed` says, drawn as it is asked for.

    The first k are a simple random sample: every k of them are as likely as any others. A longer sample begins with a shorter.
    Memory and time by how many are taken; the last of many take longest, as what was drawn before is passed over.
    """
    dice, seen = random.Random(seed), set[int]()
    while len(seen) < number:
        place = int(dice.random() * number)  # of all of random, this alone is the same in every Python
        if place not in seen:
            seen.add(place)
            yield place
