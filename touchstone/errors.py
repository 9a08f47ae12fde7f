"""Every way a request can end badly, drawn once.

    Problem            a value: one thing wrong in a file, with its line
    Refused            raised by a workflow verb: the request is not carried out and nothing was changed
      NotYourTurn      the person may not see or do this now (an open round, someone else's draft)

A user's mistake is a value or a `Refused`; a programmer's mistake raises whatever Python raises.

A sentence names the way out in words, as a page has it. Its `way` holds what a command line takes for it: keys of options, each
with what to give ("threshold .8"), or a `command`. A command writes them behind the sentence ("… (--threshold .8)"), a page
leaves them out.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from touchstone.english import many, ranges

COMMAND = "python manage.py"

MOST_PROBLEMS = 1_000  # of one file
MOST_SENTENCES = 200


class Problem(NamedTuple):
    """One thing wrong in a file. `line` counts from 1; None where the whole file is meant. `cause` is the reason with what
    is this line's own (ids, places) taken out, where it holds any: alike for lines that are wrong in the same way. `way`: see
    above."""

    line: int | None
    reason: str
    cause: str = ""
    way: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.reason if self.line is None else f"line {self.line}: {self.reason}"

    def within(self, place: str) -> "Problem":
        """The same with the file or sheet that it is in before it."""
        return self._replace(reason=f"{place}: {self.reason}")


def option(key: str) -> str:
    """How a command line writes the key of an answer: "--same-ids" of "same_ids"."""
    return "--" + key.replace("_", "-")


def command(verb: str, *options: str) -> str:
    """Another command as a way out, by its verb with what it takes, and keys of options."""
    return " ".join([COMMAND, verb, *map(option, options)])


def with_options(sentence: str, way: Sequence[str]) -> str:
    """A sentence for a terminal, its way out as options behind it: “name a round (--round NAME).”"""
    if not way:
        return sentence
    stop = "." if sentence.endswith(".") else ""
    said = ", ".join(each if each.startswith(COMMAND) else _as_option(each) for each in way)
    return f"{sentence.removesuffix('.')} ({said}){stop}"


def _as_option(way: str) -> str:
    key, *given = way.split(" ", 1)
    return " ".join([option(key), *given])


def enough(problems: list[Problem], line: int | None) -> bool:
    """Whether a reader has found so many problems that none after this line is listed; the last of them then says so."""
    if len(problems) < MOST_PROBLEMS:
        return False
    if len(problems) == MOST_PROBLEMS:
        problems.append(Problem(line, f"there are more than {MOST_PROBLEMS:,} problems, listed up to here; fix these first"))
    return True


def cut_short(problems: Sequence[Problem]) -> list[Problem]:
    """Problems that a reader has collected: no more of them than one lists."""
    kept = list(problems[:MOST_PROBLEMS])
    if len(problems) > MOST_PROBLEMS:
        enough(kept, kept[-1].line)
    return kept


def without(reason: str, *own: object) -> str:
    """A reason with the line's own ids taken out: the `cause` of a Problem."""
    for each in sorted({str(each) for each in own if each not in (None, "")}, key=len, reverse=True):
        reason = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", "…", reason)
    return reason


def in_short(problems: Iterable[Problem], most: int = 8) -> list[str]:
    """Problems for a page: equal causes as one, with their lines; after `most` of them, how many more there are.

    A command lists more: see `in_sentences`.
    """
    alike: dict[str, list[Problem]] = {}
    for each in problems:
        alike.setdefault(each.cause or each.reason, []).append(each)
    groups = list(alike.values())
    shown = [_as_one(each) for each in groups[:most]]
    rest = sum(map(len, groups[most:]))
    return shown + ([f"and {rest:,} more; fix these first"] if rest else [])


def in_sentences(problems: Iterable[Problem], alike_from: int = 6) -> list[str]:
    """Problems for a command: MOST_SENTENCES of them, but from `alike_from` of one cause on as one sentence with their number."""
    alike: dict[str, list[Problem]] = {}
    for each in problems:
        alike.setdefault(each.cause or each.reason, []).append(each)
    told = [
        sentence
        for group in alike.values()
        for sentence in (
            [with_options(_counted(group), group[0].way)]
            if len(group) >= alike_from
            else [with_options(str(each), each.way) for each in group]
        )
    ]
    rest = len(told) - MOST_SENTENCES
    return told[:MOST_SENTENCES] + ([f"and {rest:,} more; fix these first"] if rest > 0 else [])


def _counted(alike: Sequence[Problem]) -> str:
    lines = sorted({each.line for each in alike if each.line is not None})
    where = f", {'line' if len(lines) == 1 else 'lines'} {ranges(lines)}" if lines else ""
    is_same = all(each.reason == alike[0].reason for each in alike)
    return f"{alike[0].reason} ({'' if is_same else 'and the like, '}{many(len(alike), 'time')}{where})"


def _as_one(alike: Sequence[Problem]) -> str:
    first, lines = alike[0], [each.line for each in alike if each.line is not None]
    if len(lines) < 2:
        return str(first)
    if all(each.reason == first.reason for each in alike):
        return f"lines {ranges(lines)}: {first.reason}"
    return f"{first} (and the same on {'line' if len(lines) == 2 else 'lines'} {ranges(lines[1:])})"


class Refused(Exception):
    """A person's request that is not carried out. `sentence` names the thing, the value and the way out; `way`: see above."""

    def __init__(self, sentence: str, problems: Sequence[Problem] = (), way: Sequence[str] = ()):
        super().__init__(sentence)
        self.sentence = sentence
        self.problems = tuple(problems)
        self.way = tuple(way)


class NotYourTurn(Refused):
    """The person may not see or do this now."""
