"""How many examples a property is tried on: few and the same ones in the short run, all and others each time in the whole one."""

from hypothesis import settings

from tests.support.short_run import EVERYTHING

PROFILE = "touchstone"
USUAL = 100
TENTH = 10


def examples(number: int = USUAL, **more) -> settings:
    """Above @given: `number` examples in the whole run, a tenth of them (ten at least) in the short one."""
    return settings(
        max_examples=number if EVERYTHING else max(number // TENTH, TENTH), deadline=None, derandomize=not EVERYTHING, **more
    )


settings.register_profile(PROFILE, examples())
