"""A wrong rubric file is refused with every wrong line, its value and the way out; no file makes the reader raise."""

import random
import time

import pytest

from tests.rubric.test_reading import GOOD, changed, refused
from touchstone.errors import Problem
from touchstone.scorer.loading import load_rubric

ONE_LINE_CHANGED = {
    "threshold above 1": (
        ("threshold: 0.7", "threshold: 1.2"),
        "line 39: threshold of clarity is 1.2; it must lie between 0 and 1",
    ),
    "threshold below 0": (
        ("threshold: 0.7", "threshold: -0.1"),
        "line 39: threshold of clarity is -0.1; it must lie between 0 and 1",
    ),
    "threshold no number": (
        ("threshold: 0.7", "threshold: .nan"),
        "line 39: threshold of clarity is .nan; it must lie between 0 and 1",
    ),
    "threshold a word": (
        ("threshold: 0.7", "threshold: high"),
        "line 39: threshold of clarity is high; it must be a number between 0 and 1",
    ),
    "threshold in quotes": (
        ("threshold: 0.7", 'threshold: "0.7"'),
        'line 39: threshold of clarity is "0.7" in quotes; write 0.7 without them',
    ),
    "weight above 1": (("weight: 0.6", "weight: 6"), "line 28: weight of clarity is 6; it must lie between 0 and 1"),
    "weight yes": (("weight: 0.6", "weight: yes"), "line 28: weight of clarity is yes; it must be a number between 0 and 1"),
    "key twice in the file": (
        ("version: 1\n", "version: 1\nversion: 1\n"),
        "line 3: version appears twice (first on line 2); keep one",
    ),
    "key twice in a dimension": (
        ("    weight: 0.6\n", "    weight: 0.6\n    weight: 0.7\n"),
        "line 29: weight of clarity appears twice (first on line 28); keep one",
    ),
    "key twice in a level": (
        ("title: Good,", "title: Good, title: Fine,"),
        "line 34: title of level 4 of clarity appears twice (first on line 34); keep one",
    ),
    "level value twice": (
        ("value: 4", "value: 3"),
        "line 34: value of level no. 4 of clarity is 3, as on line 33; give each level its own",
    ),
    "level value yes": (
        ("value: fail", "value: no"),
        'line 19: value of level no. 2 of resolved is no, which YAML reads as false; quote it: "no"',
    ),
    "level value fraction": (
        ("value: 4", "value: 3.5"),
        "line 34: value of level no. 4 of clarity is 3.5; "
        "it must be a whole number from -999 to 999, or one word of letters, digits, - and _",
    ),
    "level value two words": (
        ("value: fail", "value: not passed"),
        "line 19: value of level no. 2 of resolved is not passed; "
        "it must be a whole number from -999 to 999, or one word of letters, digits, - and _",
    ),
    "level value empty": (
        ("value: fail", "value:"),
        "line 19: value of level no. 2 of resolved is empty; "
        "it must be a whole number from -999 to 999, or one word of letters, digits, - and _",
    ),
    "level value in quotes": (
        ("value: 4", 'value: "4"'),
        'line 34: value of level no. 4 of clarity is "4" in quotes; write 4 without them',
    ),
    "level value octal": (
        ("value: 4", "value: 04"),
        "line 34: value of a level of clarity is 04, which YAML reads as 4; write 4",
    ),
    "levels out of order": (
        ("value: 4", "value: 0"),
        "line 30: levels of clarity are in the order 1, 2, 3, 0, 5; its scale is ordinal: "
        "put them in order, or write scale: nominal",
    ),
    "levels mixed": (
        ("value: fail", "value: 0"),
        "line 15: levels of resolved mix numbers and words; use only numbers or only words",
    ),
    "long level title": (
        ("title: Open", "title: The customer is still waiting"),
        "line 20: title of level fail of resolved has 5 words; "
        "it is a button's label: use at most 4 and say the rest in the anchor",
    ),
    "no anchor": (
        ("        anchor: The customer can go on.\n", ""),
        "line 16: level pass of resolved has no anchor; add anchor: with one sentence on one line",
    ),
    "empty anchor": (
        ("anchor: The customer can go on.", 'anchor: " "'),
        "line 18: anchor of level pass of resolved is blank; it must be one sentence on one line",
    ),
    "anchor of two paragraphs": (
        ("anchor: The customer can go on.", 'anchor: "The customer\\n\\ncan go on."'),
        "line 18: anchor of level pass of resolved is written over several lines; it must be one sentence on one line",
    ),
    "no question": (
        ("    question: How easily is it read?\n", ""),
        "line 24: clarity has no question; add question: with one question on one line",
    ),
    "no title": (
        ("title: Support replies\n", ""),
        "line 1: the file has no title; add title: with a name for people, on one line",
    ),
    "a title YAML reads as true": (
        ("title: Clarity", "title: Yes"),
        'line 25: title of clarity is Yes, which YAML reads as true; quote it: "Yes"',
    ),
    "a title YAML reads as a number": (
        ("title: Clarity", "title: 2026"),
        'line 25: title of clarity is 2026, which YAML reads as a number; quote it: "2026"',
    ),
    "a title YAML reads as a date": (
        ("title: Clarity", "title: 2026-03-12"),
        'line 25: title of clarity is 2026-03-12, which YAML reads as a date; quote it: "2026-03-12"',
    ),
    "a title YAML cannot read": (
        ("title: Clarity", "title: 2026-13-99"),
        'line 25: title of clarity is 2026-13-99, which YAML reads as a broken number or date; quote it: "2026-13-99"',
    ),
    "misspelt key": (
        ("    question: How", "    qestion: How"),
        "line 24: clarity has no question; add question: with one question on one line",
        "line 26: clarity has the unknown key 'qestion'; write question",
    ),
    "unknown key": (
        ("statistic: alpha", "statistic: alpha\n      seed: 1"),
        "line 38: agreement of clarity has the unknown key 'seed'; its keys are statistic, weights, by, threshold",
    ),
    "a check without its own text": (
        ("checks: []", "checks: [{name: sorry, extends: phrase, message: a, tokens: [sorry], hit: [sorry]}]"),
        "line 23: check sorry of resolved has no miss; add miss: with a list of texts it must not find",
    ),
    "a check that misses its hit": (
        ("checks: []", "checks: [{name: sorry, extends: phrase, message: a, tokens: [sorry], hit: [worry], miss: [a]}]"),
        "line 23: check sorry misses its hit 'worry'; fix the check or the text",
    ),
    "a check that finds its miss": (
        ("checks: []", "checks: [{name: sorry, extends: phrase, message: a, tokens: [sorry], hit: [sorry], miss: [So SORRY]}]"),
        "line 23: check sorry finds its miss 'So SORRY'; fix the check or the text",
    ),
    "a pattern the engine cannot take": (
        ("checks: []", "checks: [{name: ahead, extends: regex, message: a, tokens: ['(?=a)b'], hit: [b], miss: [a]}]"),
        "line 23: '(?=a)b' of ahead cannot be matched: invalid perl operator: (?=",
    ),
    "a hole that is not there": (
        ("checks: []", "checks: [{name: size, extends: regex, message: a, tokens: ['{size} b'], hit: [b], miss: [a]}]"),
        "line 23: '{size} b' of size cannot be matched: {size} is not a placeholder here; there are {number}, {amount}, {bare}",
    ),
    "a scoring line that names nothing": (
        ("checks: []", "scoring: [{level: pass, because: a, any: [sory]}]"),
        "line 23: a scoring line of resolved names the check or group sory, which does not exist; there are none",
    ),
    "a scoring line without its reason": (
        ("checks: []", "scoring: [{level: pass}]"),
        "line 23: a scoring line of resolved has no because; say in a few words why it gives pass",
    ),
    "a fact that is not there": (
        ("checks: []", "checks: [{name: size, extends: token, fact: size, message: a, hit: [b], miss: [a]}]"),
        "line 23: check size names the fact size, which does not exist; there are none",
    ),
    "unknown scale": (
        ("scale: ordinal", "scale: interval"),
        "line 27: scale of clarity is interval; it must be ordinal or nominal",
    ),
    "unknown statistic": (
        ("statistic: alpha", "statistic: pi"),
        "line 37: statistic of clarity is pi; it must be kappa or alpha",
    ),
    "distances on a nominal scale": (
        ("{statistic: kappa, weights: unweighted,", "{statistic: kappa, weights: linear,"),
        "line 22: weights of resolved is linear, but a nominal scale has no distances; write unweighted, or scale: ordinal",
    ),
    "weights by value without weights": (
        ("weights: unweighted, threshold", "weights: unweighted, by: value, threshold"),
        "line 22: by of resolved is value, but its level pass is no number; give the levels numbers for values, "
        "or write by: position",
        "line 22: by of resolved is value, but unweighted agreement counts no distance; write weights: linear or quadratic, "
        "or leave by out",
    ),
    "weights by something else": (
        ("weights: quadratic", "weights: quadratic\n      by: rank"),
        "line 39: by of clarity is rank; it must be position or value: how far apart two levels are when weights count it",
    ),
    "capital in a key": (
        ("key: clarity", "key: Clarity"),
        "line 24: key of dimension no. 2 is Clarity; it must be lower-case letters, digits and _, starting with a letter: "
        "clarity",
    ),
    "key twice among dimensions": (
        ("key: clarity", "key: resolved"),
        "line 24: key of dimension no. 2 is resolved, as on line 9; give each dimension its own",
    ),
    "key twice among fields": (
        ("    empty: no question\n", "    empty: no question\n  - {key: question, title: Again}\n"),
        "line 8: key of field no. 2 is question, as on line 5; give each field its own",
    ),
    "alias is another dimension": (
        ("aliases: [clear]", "aliases: [clear, resolved]"),
        "line 29: alias resolved of clarity is the key of another dimension (line 9); leave one out",
    ),
    "alias of another dimension": (
        ("aliases: [clear]", "aliases: [solved]"),
        "line 29: alias solved of clarity is an alias of resolved already (line 14); leave one out",
    ),
    "alias is its own key": (
        ("aliases: [clear]", "aliases: [clarity]"),
        "line 29: alias clarity of clarity is its own key; leave it out",
    ),
    "alias twice": (
        ("aliases: [clear]", "aliases: [clear, clear]"),
        "line 29: alias clear of clarity is an alias of clarity already (line 29); leave one out",
    ),
    "alias YAML reads as true": (
        ("aliases: [clear]", "aliases: [on]"),
        'line 29: alias no. 1 of clarity is on, which YAML reads as true; quote it: "on"',
    ),
    "aliases no list": (
        ("aliases: [clear]", "aliases: clear"),
        "line 29: aliases of clarity is clear; it must be a list of other names, as in [old_name]",
    ),
    "a level that is no mapping": (
        ("{value: 4, title: Good, anchor: Most is clear.}", "Good"),
        "line 34: levels of clarity are words alone; give each an anchor, on a line of its own: "
        '- {value: Good, title: Good, anchor: "what a draft of this level shows"}',
    ),
    "another name than the file's": (
        ("rubric: replies", "rubric: answers"),
        "line 1: rubric is answers in a file called replies-v1.yml; call the file answers-v1.yml, or change the line",
    ),
    "another version than the file's": (
        ("version: 1", "version: 2"),
        "line 2: version is 2 in a file called replies-v1.yml; call the file replies-v2.yml, or change the line",
    ),
    "version 0": (
        ("version: 1", "version: 0"),
        "line 2: version is 0; it must be a whole number from 1, the N of -vN in the file's name",
    ),
    "version in quotes": (("version: 1", 'version: "1"'), 'line 2: version is "1" in quotes; write 1 without them'),
    "a YAML tag": (
        ("title: Clarity", "title: !!python/name:os.system Clarity"),
        "line 25: tag:yaml.org,2002:python/name:os.system is a YAML tag, refused here; leave it out",
    ),
    "an escape no page can show": (
        ("title: Clarity", 'title: "Cla\\ud800rity"'),
        "line 25: character U+D800 cannot be shown; delete it",
        "line 25: title of clarity is empty; it must be a short name on one line",
    ),
    "a control character": (("title: Clarity", "title: Cla\x07rity"), "line 25: character U+0007 cannot be shown; delete it"),
    "an anchor": (
        ("title: Clarity", "title: &name Clarity"),
        "line 25: &name is a YAML anchor, refused here; write the text out, or quote it if it only starts with that sign",
    ),
    "an alias": (
        ("title: Clarity", "title: *name"),
        "line 25: *name is a YAML alias, refused here; write the text out, or quote it if it only starts with that sign",
    ),
    "a key in brackets": (
        ("title: Clarity", "title: Clarity\n    {a: 1}: 2"),
        "line 26: a key here is not a plain word; quote what starts with { or [",
    ),
    "second colon": (
        ("title: Clarity", "title: Clarity: how clear"),
        'line 25: not YAML: a second colon on one line: write title: "Clarity: how clear"',
    ),
    "tab": (("    title: Clarity", "\ttitle: Clarity"), "line 25: not YAML: a tab: put spaces in its place"),
    "open quote": (("title: Clarity", 'title: "Clarity'), "line 25: not YAML: a quote opens here and is not closed: close it"),
    "open bracket": (
        ("aliases: [clear]", "aliases: [clear"),
        "line 29: not YAML: a [ or { that is not closed: close it, or quote the text",
    ),
    "indentation": (
        ("    title: Clarity", "   title: Clarity"),
        "line 25: not YAML: a line that does not fit those above: align its indentation or close its quotes",
    ),
    "no colon": (
        ("    weight: 0.6\n", "    weight 0.6\n"),
        "line 28: not YAML: a line without a colon after its key: add it, or indent the line",
    ),
    "a sign of YAML's own": (
        ("title: Clarity", "title: @clarity"),
        "line 25: not YAML: text that starts with a sign of YAML's own: quote it",
    ),
    "unknown escape": (
        ("title: Clarity", 'title: "C:\\dir"'),
        "line 25: not YAML: a backslash inside double quotes: write two, or use single quotes",
    ),
    "escape beyond Unicode": (
        ("title: Clarity", 'title: "\\UFFFFFFFF"'),
        "line 25: not YAML: a \\U escape beyond Unicode: write the character itself",
    ),
    "two documents": (
        ("dimensions:\n", "---\ndimensions:\n"),
        "line 8: not YAML: a second document after ---: keep one in a file",
    ),
}


@pytest.mark.parametrize("change", ONE_LINE_CHANGED.values(), ids=ONE_LINE_CHANGED.keys())
def test_a_wrong_line_is_named_with_its_value_and_the_way_out(change):
    (old, new), *sentences = change
    text = GOOD.replace(old, new)
    assert GOOD.count(old) == 1 or old == "version: 1", old
    assert refused(text) == sentences


def test_one_level_is_too_few():
    one = changed("      - value: fail\n        title: Open\n        anchor: The customer has to ask again.\n", "")
    assert refused(one) == ["line 15: levels of resolved has only 1; it must be a list of at least two levels"]


def test_a_rubric_without_dimensions_is_refused():
    head = GOOD[: GOOD.index("dimensions:")]
    assert refused(head) == ["line 1: the file has no dimensions; add dimensions: with a list of at least one dimension"]
    assert refused(head + "dimensions: []\n") == ["line 8: dimensions is empty; it must be a list of at least one dimension"]


@pytest.mark.parametrize("file_name", ["replies.yml", "replies-v01.yml", "Replies-v1.yml", "replies-v1.5.yml"])
def test_a_file_is_called_by_its_rubric_and_version(file_name):
    (sentence,) = refused(GOOD, file_name)
    assert sentence.endswith(f"in a file called {file_name}; call the file replies-v1.yml, or change the line")


@pytest.mark.parametrize("empty", ["", "\n\n", "# nothing yet\n", "---\n", "\ufeff"])
def test_an_empty_file_is_called_empty(empty):
    assert refused(empty) == ["the file is empty; rubric_versions/README.md has a rubric to start from"]


def test_a_file_without_keys_is_refused():
    assert refused("- a\n") == ["line 1: the file holds a list; it must hold keys: rubric, version, title, ..."]
    assert refused("\nhello\n")[0].startswith("line 2: the file holds the text hello;")


def test_bytes_that_are_no_utf8_are_refused_with_their_line():
    latin = changed("Clarity", "Clart\u00e9").encode("latin-1")
    assert refused(latin) == ["line 25: byte 0xe9 is not UTF-8; save the file as UTF-8"]
    assert refused(b"\xef\xbb\xbf" + latin) == ["line 25: byte 0xe9 is not UTF-8; save the file as UTF-8"]
    assert refused(GOOD.encode("utf-16"))[0] == "line 1: byte 0xff is not UTF-8; save the file as UTF-8"


def test_several_problems_are_told_at_once_in_line_order():
    text = GOOD.replace("threshold: 0.7", "threshold: 7").replace("value: pass", "value: yes")
    text = text.replace("rubric: replies", "rubric: answers").replace("weight: 0.6", "weight: 0.5")
    text = text.replace("scale: ordinal", "scale: ordinary").replace("title: Question", "titel: Question")
    said = refused(text)
    lines = [int(sentence.split(":")[0].removeprefix("line ")) for sentence in said]
    assert lines == [1, 5, 6, 8, 16, 27, 39]


def test_a_problem_is_a_value_with_its_line():
    _, problems = load_rubric(changed("threshold: 0.7", "threshold: 1.2").encode(), "replies-v1.yml")
    assert problems == [Problem(39, "threshold of clarity is 1.2; it must lie between 0 and 1")]


def test_a_bomb_of_aliases_is_refused_before_it_unfolds():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{key}: &{key} [{','.join([f'*{before}'] * 9)}]\n" for before, key in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert refused(bomb)[0].startswith("line 1: &a is a YAML anchor, refused here;")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: "])
def test_deep_nesting_is_refused_and_not_followed(opening):
    (sentence,) = refused("a:\n " + opening * 40_000)
    assert "are nested more than 12 deep" in sentence or "not YAML" in sentence


def test_a_large_file_is_refused_by_its_size():
    assert refused(b"#" * 250_001) == ["the file has 250,001 bytes; cut it to 250,000 at most"]


def test_of_very_many_problems_the_first_fifty_are_told():
    text = GOOD + "".join(f"more{number}: 1\n" for number in range(70))
    said = refused(text)
    assert said[0] == "line 40: the file has the unknown key 'more0'; its keys are " + (
        "rubric, version, title, about, fields, dimensions, parts, facts, numbers, tasks, penalty, proper_names"
    )
    assert len(said) == 51
    assert said[-1] == "and 20 more like these; fix these first"


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "f" * 5000, "1:" * 5000 + "1", "1" * 400 + ".5"])
@pytest.mark.parametrize("line", ["version: 1", "weight: 0.6", "value: 4", "title: Clarity"])
def test_a_number_of_any_length_ends_in_a_sentence(line, number):
    key = line.split(":")[0]
    started = time.process_time()
    for sentence in refused(GOOD.replace(line, f"{key}: {number}", 1)):
        assert len(sentence) < 400
    assert time.process_time() - started < 5


def test_no_damage_to_a_file_makes_the_reader_raise():
    chance = random.Random(5)
    signs = [*"\t\n -:?[]{},&*!|>'\"%@`#~=<\x00\x85\u2028\u00e9", "!!", "<<: ", "---", "...", "? ", "yes", "1e9", "\\U"]
    for _ in range(400):
        text = GOOD
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(text))
            text = text[:at] + chance.choice(signs) + text[at + chance.randint(0, 12) :]
        rubric, problems = load_rubric(text.encode(), "replies-v1.yml")
        assert (rubric is None) == bool(problems)
        assert [problem.line or 0 for problem in problems] == sorted(problem.line or 0 for problem in problems)
