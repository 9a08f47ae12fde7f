"""What is the same for checks of every kind: the patterns looked for, where one is met in a draft, what a hit counts as."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple

from touchstone.files.yaml_tree import Path
from touchstone.rubric.scoring_model import Check, Fact
from touchstone.scorer.checks.word_patterns import WordPatterns
from touchstone.scorer.draft import Hit, PreparedDraft, outside
from touchstone.scorer.facts.kinds import kind_of_fact
from touchstone.scorer.numbers.written import AT_LEAST, BARE, MONEY, NUMBER
from touchstone.scorer.patterns import any_phrase, edged_phrase, template_pattern
from touchstone.scorer.regex import CompiledPattern, PatternCache, PatternMatch
from touchstone.scorer.segments import stands_at_edges

MOST_HITS = 10_000  # of one pattern in one draft: a draft of millions of them is no text


class CheckPattern(NamedTuple):
    """One pattern of one check, known by the check's place. `pattern` is "" where it depends on the task: the check then looks
    for its own."""

    check: int
    pattern: str
    key: str
    holes: tuple[str, ...] = ()


class ShapeProblem(NamedTuple):
    """What is wrong with the shape of a check in its file; `path` leads from the check to the entry."""

    path: Path
    reason: str


class Compiling(NamedTuple):
    """What checks of one rubric share when they are compiled."""

    facts: Mapping[str, Fact]
    patterns: PatternCache
    words: WordPatterns


class CompiledCheck:
    """One check of a rubric, made ready to look through drafts; a class of it for each kind that a rubric may extend.

    `place` counts the checks of the rubric. Raises ValueError in words for a pattern that cannot be taken.
    """

    takes_tokens: ClassVar[bool] = True
    takes_fact: ClassVar[bool] = False
    takes_numbers: ClassVar[bool] = False  # whether its patterns have placeholders for numbers
    # Phrases of a list count one by one where different findings are counted, a name may hold them without meaning them, and
    # exceptions are phrases too.
    lists_phrases: ClassVar[bool] = False
    finds_addresses: ClassVar[bool] = False  # whether the words of an address of the web are looked through too
    is_more_than_its_match: ClassVar[bool] = False  # whether `hit` is asked what a match is
    is_in_the_set: ClassVar[bool] = True  # whether its patterns are known before the task is

    def __init__(self, place: int, check: Check, compiling: Compiling):
        self.place = place
        self.declared = check
        self.fact = compiling.facts.get(check.fact or "")
        self.cache = compiling.patterns
        self.words = compiling.words
        self.patterns = self.patterns_of(place, check, self.fact, compiling.patterns)
        self.exceptions = self.exceptions_of(check)

    @classmethod
    def patterns_of(cls, place: int, check: Check, fact: Fact | None, cache: PatternCache) -> list[CheckPattern]:
        """The patterns that are known before the task is. Raises ValueError in words for one that cannot be taken."""
        return []

    @classmethod
    def exceptions_of(cls, check: Check) -> tuple[str, ...]:
        """The patterns of what is let through: phrases, where the tokens are phrases."""
        if cls.lists_phrases:
            return tuple(edged_phrase(phrase, check.inflect) for phrase in check.exceptions)
        return tuple(template_pattern(pattern, holes_of(None))[0] for pattern in check.exceptions)

    @classmethod
    def shape_problems(cls, check: Check, fact: Fact | None) -> Iterator[ShapeProblem]:
        """What one field of a check cannot know of its shape in the file."""
        name, kind = check.name, check.extends
        if cls.takes_tokens and not check.tokens:
            yield ShapeProblem((), f"check {name} has no tokens; a {kind} needs at least one")
        if not cls.takes_tokens and check.tokens:
            yield ShapeProblem(("tokens",), f"check {name} has tokens, but a {kind} takes none")
        if cls.takes_fact and not check.fact:
            yield ShapeProblem((), f"check {name} has no fact; a {kind} names one")
        if not cls.takes_fact and check.fact:
            yield ShapeProblem(("fact",), f"check {name} names a fact, but a {kind} takes none")
        if not cls.takes_numbers and check.reads:
            yield ShapeProblem(("reads",), f"check {name} reads kinds of numbers, but a {kind} takes none")

    @property
    def passes_names(self) -> bool:
        """Whether a proper name that holds its words is a finding too."""
        return self.declared.names or not self.lists_phrases or kind_of_fact(self.fact).is_name

    @property
    def asks_beside(self) -> bool:
        """Whether its hits stand by what other checks found beside them."""
        return bool(self.declared.near or self.declared.apart)

    @property
    def asks_of_task(self) -> bool:
        """Whether it looks only at some tasks."""
        return bool(self.declared.given or self.declared.missing)

    def hits(self, pattern: CheckPattern, draft: PreparedDraft) -> Sequence[Hit]:
        """Where one of its patterns occurs: in the check's scope, at the edges of words."""
        hits: list[Hit] = []
        scope, segments = self.declared.scope, draft.segments
        compiled = self.cache.get(pattern.pattern)
        for number, match in enumerate(compiled.finditer(draft.target)):
            if number >= MOST_HITS:
                break
            start, end = match.span()
            where = "subject" if end <= segments.subject else "body" if start >= segments.subject else ""
            if start == end or where not in scope or not stands_at_edges(segments.live, start, end):
                continue
            if not self.is_more_than_its_match:
                hits.append(Hit(self.place, start, end, pattern.key))
            elif hit := self.hit(pattern, compiled, match, draft):
                hits.append(hit)
        has_address = not self.finds_addresses and "/" in segments.live
        return outside(hits, draft.addresses()) if hits and has_address else hits

    def hits_of_task(self, draft: PreparedDraft) -> Sequence[Hit]:
        """Where it is met by what only the task and the draft tell."""
        return []

    def hit(self, pattern: CheckPattern, compiled: CompiledPattern, match: PatternMatch, draft: PreparedDraft) -> Hit | None:
        """The hit that a match of one of its patterns is, where it is more than that; None where it is none after all."""
        raise NotImplementedError

    def looks_at(self, draft: PreparedDraft) -> bool:
        """Whether the task has what the check needs of it, and nothing that it must not have."""
        return all(draft.fact(key).is_given for key in self.declared.given) and not any(
            draft.fact(key).is_given for key in self.declared.missing
        )

    def counts_as(self, hit: Hit) -> tuple[int, str]:
        """What a hit is where different findings are counted: a phrase of a list, or the check by what it counts as."""
        return (self.place if self.lists_phrases else -1), hit.key


def holes_of(fact: Fact | None, compare: str = "equal") -> dict[str, str]:
    """What may stand in braces in a pattern: numbers and amounts, and of a fact its values and nouns."""
    holes = {"number": AT_LEAST if compare == "within" else NUMBER, "amount": MONEY, "bare": BARE}
    if fact is not None and fact.values:
        holes["value"] = any_phrase(fact.values)
    if fact is not None and fact.nouns:
        holes["noun"] = f"(?:{any_phrase(fact.nouns)})s?"
    return holes
