"""How often agreement is to be looked at, as planned when a round is opened. Pure Python: lists of rounds need no numpy."""

from dataclasses import dataclass

from touchstone.english import many


@dataclass(frozen=True)
class LookPlan:
    """`looks` planned up to `drafts` with two labels, the error spent by them."""

    looks: int
    drafts: int

    def in_words(self) -> str:
        if self.looks == 1:
            return f"one look at {many(self.drafts, 'draft')}"
        return f"{many(self.looks, 'look')} up to {many(self.drafts, 'draft')} (alpha spending, Lan and DeMets 1983)"
