"""No regular expression of the program backtracks over a text from outside: its time grows with the text, whatever is in it.

Files, headers, drafts and pasted texts come from anybody, and Python's `re` gives back and tries again: a run of spaces that is
entered at each of its places takes the square of its length. What helps: a possessive `\\s*+`, and a look behind it
(`(?<!\\s)\\s*+`) so that a run is entered at its begin alone. A rubric's own patterns are RE2's (touchstone.scorer.regex).
"""

import re

import pytest

from tests.support.patterns_of_ours import WAYS, Attack, Made, Pattern, attacks, patterns
from tests.support.short_run import EVERYTHING
from tests.support.time_taken import grows_faster, seconds
from touchstone.importing.contract import Names
from touchstone.rubric.reading import read_rubric

SHORT = 1000  # characters; eight times as many are tried where these take their time
AT_ONCE = 0.002  # seconds for SHORT characters: a pattern that takes their square takes several times as many
# What is looked for is a sentence: its spaces are single (reading.words).
SENTENCES = "touchstone.claims.reading."
OF_WHOLE_PARAGRAPHS = ("words", "parsing", "html_tables")
# Used on a piece cut to so many characters: (module, name or pattern).
CUT = {
    ("touchstone.files.yaml_tree", "_LINES"): 1000,  # one line of a file that is refused
    ("touchstone.scorer.proper_names", "_BEFORE"): 60,
}
# Put together while the program runs: each with why it is linear.
MADE = {
    Made("touchstone.claims.reading.words", "re.compile('|'.join(patterns), re.IGNORECASE)"): "kept under names, and tried there",
    Made("touchstone.errors", "re.sub(f'(?<!\\\\w){re.escape(each)}(?!\\\\w)', '…', reason)"): "one id, letter by letter",
    Made(
        "touchstone.files.yaml_set_aside", "re.search(f'^( *+)(- |[^\\\\n]*: )?{self.token}\\\\n', source, re.MULTILINE)"
    ): "a line is gone back over once; the token holds neither colon nor space",
    Made("touchstone.importing.contract", "re.compile(first, re.I | re.S)"): "tried below, by whole headers",
    Made("touchstone.importing.contract", "re.compile(last, re.I | re.S)"): "tried below, by whole headers",
    Made("touchstone.scorer.patterns", "re.search(ending, word)"): "the last four letters of a word",
    Made(
        "workflow.agreement.pseudonyms",
        "re.sub(f'(?<![^\\\\W_])(?:{parts})(?![^\\\\W_])', lambda found: code(found[0]), text, flags=flags)",
    ): "names, letter by letter, and runs of spaces between two letters",
}


def _some(attacks: list[Attack]) -> list[Attack]:
    """All of them in the whole run; in the short one some from all over."""
    return attacks if EVERYTHING else attacks[:: 1 + len(attacks) // 40]


def _is_of_sentences(pattern: Pattern) -> bool:
    return pattern.module.startswith(SENTENCES) and pattern.module.removeprefix(SENTENCES) not in OF_WHOLE_PARAGRAPHS


def _made_against(pattern: Pattern) -> tuple[str, Attack] | None:
    """A way and a text on which a pattern backtracks; None where none was found."""
    tried = ((way, attack) for way in sorted(pattern.ways) for attack in _some(attacks(pattern.compiled)))
    return next(((way, attack) for way, attack in tried if _backtracks(pattern, attack, way)), None)


def _backtracks(pattern: Pattern, attack: Attack, way: str) -> bool:
    def run(text: str) -> object:
        return WAYS[way](pattern.compiled, text)

    def text(length: int) -> str:
        whole = attack.text(length)
        return " ".join(whole.split()) + whole[-1:] if _is_of_sentences(pattern) else whole

    return len(text(SHORT)) > SHORT // 2 and grows_faster(run, text, SHORT, AT_ONCE)


@pytest.mark.parametrize("part", range(3))
def test_no_pattern_takes_more_than_its_share_of_time_on_a_text_made_against_it(part):
    slow = [
        f"{each.module} {each.name}: {each.compiled.pattern[:80]!r}, {found}"
        for each in patterns()[0][part::3]
        if (each.module, each.name) not in CUT and (found := _made_against(each))
    ]
    assert slow == []


def test_patterns_that_are_put_together_while_the_program_runs_were_looked_at():
    assert set(patterns()[1]) == set(MADE)


def test_patterns_on_pieces_cut_short_are_quick_on_those():
    for each in patterns()[0]:
        if (length := CUT.get((each.module, each.name))) is not None:
            for attack in attacks(each.compiled):
                for way in each.ways:
                    assert seconds(lambda text, each=each, way=way: WAYS[way](each.compiled, text), attack.text(length)) < 0.2


def test_a_pattern_that_backtracks_is_seen():
    backtracks = Pattern("", "", re.compile(r"\s+$"), frozenset(["search"]))
    assert any(_backtracks(backtracks, attack, "search") for attack in attacks(backtracks.compiled))
    linear = Pattern("", "", re.compile(r"(?<!\s)\s++$"), frozenset(["search"]))
    assert not any(_backtracks(linear, attack, "search") for attack in attacks(linear.compiled))


@pytest.mark.parametrize("again", ["_", " ", "-", "=", "(", ":", "a_", "tone", "tone_compliance(", "_tone", "\t", "0"])
@pytest.mark.parametrize("before", ["", "tone_compliance", "a", "("])
def test_a_name_in_a_header_or_a_label_is_told_apart_in_time_that_grows_with_it(before, again):
    names = Names(read_rubric("rubric_versions/tenacious-v1.yml"))

    def run(text: str) -> object:
        return names.parted(text), names.of_label(text), names.key(text)

    for behind in ("", "x", ")", "_tone"):
        assert not grows_faster(run, Attack(before, again, behind).text, SHORT, AT_ONCE)
