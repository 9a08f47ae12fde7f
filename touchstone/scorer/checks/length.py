"""`extends: length`: a draft of more or fewer words than a rubric asks for; what is too many is the finding."""

import re
from collections.abc import Iterator, Sequence
from operator import methodcaller

from touchstone.rubric.scoring_model import Check, Fact
from touchstone.scorer.checks.compiled_check import CompiledCheck, ShapeProblem
from touchstone.scorer.draft import Hit, PackedSpans, PreparedDraft, Span

_WORD = re.compile(r"(?<!\S)\S*?[^\W_]\S*+")  # entered at its begin alone


class LengthCheck(CompiledCheck):
    takes_tokens = False
    is_in_the_set = False

    @classmethod
    def shape_problems(cls, check: Check, fact: Fact | None) -> Iterator[ShapeProblem]:
        yield from super().shape_problems(check, fact)
        if check.max is None and check.min is None:
            yield ShapeProblem((), f"check {check.name} has neither max nor min; a length needs one")

    def hits_of_task(self, draft: PreparedDraft) -> Sequence[Hit]:
        check, segments = self.declared, draft.segments
        begins = segments.subject if "subject" not in check.scope else 0
        end = len(segments.live) if "body" in check.scope else segments.subject
        if not _may_be_met(check, segments.live[begins:end]):
            return []
        words = _words(draft, begins, end)
        if check.max is not None and len(words) > check.max:
            return [Hit(self.place, words[check.max][0], words[-1][1], check.name)]
        if check.min is not None and len(words) < check.min and words:
            return [Hit(self.place, words[0][0], words[-1][1], check.name)]
        return []


def _may_be_met(check: Check, live: str) -> bool:
    """Whether a text may have too many words or too few, told without looking for each: no word holds white space, and what
    stands between white space and is all letters and digits is a word."""
    runs = live.replace("\0", " ").split()
    return (check.max is not None and len(runs) > check.max) or (
        check.min is not None and sum(map(str.isalnum, runs)) < check.min
    )


def _words(draft: PreparedDraft, begins: int, end: int) -> Sequence[Span]:
    """Where the words between two places stand, looked for once."""
    key = f"\0 words {begins} {end}"  # no pattern has a NUL
    if key not in draft.seen:
        live = draft.segments.live.replace("\0", " ")
        draft.seen[key] = PackedSpans(map(methodcaller("span"), _WORD.finditer(live, begins, end)))
    return draft.seen[key]
