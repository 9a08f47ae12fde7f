"""Which rounds are large: their drafts are not dealt out one by one, and what is alike of them is kept at closing."""

DEALT_AS_DRAFTS = (
    20_000  # up to so many drafts are read label by label and dealt out one by one; of more is counted what is alike
)


def is_large(drafts: int) -> bool:
    return drafts > DEALT_AS_DRAFTS
