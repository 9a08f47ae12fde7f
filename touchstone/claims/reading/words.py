"""Words of published reports that several readers look for: numbers, units, people, and text without its marks."""

import re
from collections.abc import Iterator


def words(text: str) -> list[str]:
    """The words of a vocabulary."""
    return text.split()


def any_of(*patterns: str) -> re.Pattern[str]:
    """A pattern that finds any of these, in capitals or not."""
    return re.compile("|".join(patterns), re.IGNORECASE)


SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
NUMBERS = {
    **{word: number for number, word in enumerate(SMALL)},
    **{word: number for number, word in enumerate(TEENS, start=13)},
    **{word: number for word, number in zip(TENS, range(20, 100, 10), strict=True)},
    **{f"{ten}-{one}": 20 + 10 * tens + ones for tens, ten in enumerate(TENS) for ones, one in enumerate(SMALL) if 0 < ones < 10},
    "hundred": 100,
}
WORD_NUMBER = rf"(?:{'|'.join(TENS)})-(?:{'|'.join(SMALL[1:10])})|(?:{'|'.join((*SMALL, *TEENS, *TENS, 'hundred'))})"
WHOLE = r"(?<![\d.,/–#κ-])(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(?![\d%]|[.,]\d|\s*%|\s*/\s*\d)"
COUNT = rf"(?:{WHOLE}|(?<![\w-])(?:{WORD_NUMBER})\b)"
MORE_THAN_TWO = r"(?:three|four|five|six|seven|eight|nine|ten|eleven|twelve|[3-9]|[1-9]\d{1,3})"
THING_NOUNS = words(
    "tasks items units drafts samples examples documents docs cases texts emails e-mails mails responses pairs posts tweets "
    "sentences questions records observations comments messages conversations dialogues dialogs transcripts prompts outputs "
    "answers summaries papers abstracts articles reviews images videos clips tickets snippets instances rows entries turns "
    "paragraphs passages queries essays notes reports letters stories statements utterances trials stimuli traces episodes "
    "completions generations translations segments issues commits functions chats interviews scans slides recordings bugs "
    "headlines captions words tokens spans phrases entities mentions keywords labels ratings judgments judgements decisions "
    "cells tests replies candidates submissions files pages clauses claims trajectories calls slots datapoints"
)
THINGS = rf"(?:{'|'.join(THING_NOUNS)}|data points|pull requests|units? of analysis)"
# What may stand between a number and the noun it counts: "30 randomly chosen dev tasks".
BETWEEN = (
    r"(?:(?!(?:per|of|min|minutes|seconds|hours|days|weeks|in|for|to|and|or|times|each|points?|were|was|are|is|out|percent|on|"
    r"annotators|raters|people|levels?|dimensions|by|with|from)\b)[a-z][a-z'’-]*\s+){0,3}"
)
PERSON = words(
    "annotators? raters? labell?ers? coders? judges? reviewers? graders? markers? scorers? assessors? evaluators? experts? "
    "linguists? readers? speakers? workers? crowdworkers? turkers? contributors? participants? volunteers? students? authors? "
    "researchers? clinicians? physicians? doctors? nurses? radiologists? pathologists? psychologists? psychiatrists? "
    "specialists? engineers? editors? teachers? colleagues? people persons humans individuals adjudicators? analysts? "
    "examiners? lawyers? journalists? moderators? respondents? testers? inspectors? observers? therapists? dermatologists? "
    "undergraduates? graduates? assistants? professionals? practitioners? scientists? translators? interpreters? members? "
    "moderators? developers? programmers? managers? scholars? historians? panelists? panellists? jurors? tutors? instructors?"
)
PEOPLE = rf"(?:{'|'.join(PERSON)}|[a-z]{{4,}}(?:ologists|icians))"
MACHINE = any_of(
    r"\b(?:models?|llms?|gpt\S*|claude\S*|gemini\S*|llama\S*|scorer|classifier|systems?|machine|automatic|automated)\b",
    r"\b(?:predictions?|predicted|gold|reference|judge model|auto-?rater|detector|heuristics?|regex|algorithm|ai|bot)\b",
    r"\b(?:adjudicat\w+|majority|consensus|key)\b",
    r"\b(?:agree(?:s|d|ment)?|match(?:es|ed)?|concordance) with (?!each|one another|itself|the other|both|a kappa|κ)[a-z]+",
)
MARKS = re.compile(r"\*\*|__|`|(?<![\w*])\*(?=\S)|(?<=[\w.%)])\*(?!\w)")
LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()\s]{0,300}\)")
SPACES = re.compile(r"\s+")
LEADERS = re.compile(r"(?<!\s)\s*+(?:(?<!\.)\.{3,}+|(?<!…)…{2,}+)\s*+(?=\d)")  # of a line like "Kappa ...... 0.81"


def without_marks(text: str) -> str:
    """Running text without emphasis, marks of code, and the targets of links."""
    return SPACES.sub(" ", LEADERS.sub(": ", MARKS.sub("", LINK.sub(r"\1", text)))).strip()


SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z*0-9(κ])|(?<=;)\s+")
LONGEST_SENTENCE = 1000


def sentences_of(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a paragraph, each with its place; of a longer one than LONGEST_SENTENCE the beginning."""
    start = 0
    for end in (*SENTENCE_END.finditer(text), None):
        stop = end.start() if end else len(text)
        yield start, text[start : min(stop, start + LONGEST_SENTENCE)]
        start = end.end() if end else stop


def number_of(text: str) -> int:
    """The number that COUNT has matched."""
    word = text.casefold()
    return NUMBERS[word] if word in NUMBERS else int(word.replace(",", ""))
