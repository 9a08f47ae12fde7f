"""A first rubric as one writes it by hand: each slip is one sentence with the line and what to type."""

import pytest

from touchstone.scorer.loading import load_rubric

FIRST = """\
rubric: tickets
version: 1
title: Support tickets
dimensions:
  - key: solved
    title: Solved
    question: Is it solved?
    scale: nominal
    levels:
      - value: "yes"
        title: Solved
        anchor: The customer can go on.
      - {value: "no", title: Open, anchor: The customer has to ask again.}
    agreement: {statistic: kappa, weights: unweighted, threshold: 0.7}
"""
LEVELS = FIRST[FIRST.index("    levels") : FIRST.index("    agreement")]
WAY = 'give each an anchor, on a line of its own: - {value: %s, title: %s, anchor: "what a draft of this level shows"}'

SLIPS = {
    "yes without quotes": (
        ('"yes"', "yes"),
        'line 10: value of level no. 1 of solved is yes, which YAML reads as true; quote it: "yes"',
    ),
    "commas inside braces": (
        ("The customer has to ask again.", "Nothing, or a wrong answer, or none"),
        "line 13: anchor of level no of solved is cut at a comma within braces; put the text in quotes: "
        'anchor: "Nothing, or a wrong answer, or none"',
    ),
    "a decimal comma inside braces": (("0.7", "0,7"), "line 14: threshold of solved has a comma; write threshold: 0.7"),
    "a colon inside braces": (
        ("The customer has to ask again.", "The answer: none"),
        'line 13: not YAML: a colon in a text within braces: write anchor: "The answer: none"',
    ),
    "a colon in an anchor": (
        ("The customer can", "Done: the customer can"),
        'line 12: not YAML: a second colon on one line: write anchor: "Done: the customer can go on."',
    ),
    "levels as words": (
        (LEVELS, "    levels: [yes, partly]\n"),
        "line 9: levels of solved are words alone; " + WAY % ('"yes"', '"Yes"'),
    ),
    "levels as lines of words": (
        (LEVELS, "    levels:\n      - not at all\n      - all\n"),
        "line 10: levels of solved are words alone; " + WAY % ("good", "Not at all"),
    ),
    "levels as keys": (
        (LEVELS, "    levels:\n      1: Bad\n      2: Good\n"),
        "line 10: levels of solved are words alone; " + WAY % ("1", "Bad"),
    ),
    "tabs": (("        title: Solved", "\t\ttitle: Solved"), "line 11: not YAML: a tab: put spaces in its place"),
    "a share in percent": (("0.7", "70%"), "line 14: threshold of solved is 70%; write 0.7"),
    "a key of large letters": (
        ("key: solved", "key: Solved by"),
        "line 5: key of dimension no. 1 is Solved by; it must be lower-case letters, digits and _, starting with a letter: "
        "solved_by",
    ),
    "no version": (
        ("version: 1\n", ""),
        "line 1: the file has no version; add version: 1, or whichever number stands behind -v in the file's name",
    ),
    "no agreement": (
        (FIRST[FIRST.index("    agreement") :], ""),
        "line 5: solved has no agreement; add agreement: {statistic: kappa, weights: unweighted, threshold: 0.7}, or other "
        "values",
    ),
    "no space after a colon": (
        ("title: Solved", "title:Solved"),
        "line 6: not YAML: no space after the colon: write title: Solved",
    ),
    "no space after a dash": (
        ('- {value: "no"', '-{value: "no"'),
        "line 13: not YAML: a line that does not fit those above: align its indentation or close its quotes",
    ),
    "text behind a closing quote": (
        ("anchor: The customer can", 'anchor: "The" customer can'),
        "line 12: not YAML: the text of anchor goes on behind a closing quote: put the whole of it in quotes, and leave out "
        "those within",
    ),
    "scored without a weight": (
        ("    agreement", "    scoring: [{level: 'yes', because: a}]\n    examples: []\n    agreement"),
        "line 5: solved is scored and has no weight; add weight: with a number between 0 and 1, its share of the final score",
    ),
}


def test_a_first_rubric_needs_no_weight_and_no_score():
    rubric, problems = load_rubric(FIRST.encode(), "tickets-v1.yml")
    assert problems == [] and rubric.dimensions[0].weight is None


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
def test_a_slip_is_one_sentence_with_its_line_and_what_to_type(slip):
    (old, new), sentence = slip
    assert old in FIRST
    rubric, problems = load_rubric(FIRST.replace(old, new, 1).encode(), "tickets-v1.yml")
    assert rubric is None and [str(each) for each in problems] == [sentence]


def test_weights_given_for_some_dimensions_sum_to_one_and_the_others_have_no_part_in_the_final_score():
    two = FIRST + FIRST[FIRST.index("  - key") :].replace("key: solved", "key: kind").replace(
        "scale", "weight: 0.5\n    scale", 1
    )
    _, (problem,) = load_rubric(two.encode(), "tickets-v1.yml")
    assert problem.reason == "the weights sum to 0.5 (0.5); change them so that they sum to 1"
    rubric, problems = load_rubric(two.replace("0.5", "1.0").encode(), "tickets-v1.yml")
    assert problems == [] and [each.weight for each in rubric.dimensions] == [None, 1.0]
