"""A benchmark with leaks planted in it, by a seed: 430 train tasks, and 300 held ones of which 150 are leaks of five kinds.

    exact       a train task with another id
    renamed     the same with another company, wherever it is named
    twin        the same company and template, other numbers; the thread the same in half of them
    light       another company and other figures; the thread with every fifth word or so in other words
    heavy       another company and other figures; each sentence of the thread said anew
    anew        (where asked for) a heavy one in which the things that are spoken of have other names, too
    clean       120 tasks of companies and threads of their own
    hard        30 clean ones that share with a train task all but the company, the figures and half of the thread

What tasks have in common anyway is common here too: all of two templated fields but a name and figures, greetings and closings.
"""

import random
from collections.abc import Sequence
from typing import Any, NamedTuple

from benchmarks.planted_words import AFTER, BEFORE, HEADS, ITEMS, ITEMS_ANEW, MEANINGS, SYNONYMS, TAILS

TRAIN, LEAKS_OF_A_KIND, CLEAN, HARD = 430, 30, 120, 30
LEAKS = ("exact", "renamed", "twin", "light", "heavy")
ANEW = "anew"
SENTENCES = 4  # of a thread


class Planted(NamedTuple):
    """Records as a file of tasks has them. `kind`: by held id; `source`: the train id a leak was made from."""

    train: list[dict[str, Any]]
    held: list[dict[str, Any]]
    kind: dict[str, str]
    source: dict[str, str]


class _Case(NamedTuple):
    company: str
    size: str
    figures: tuple[int, ...]
    state: int
    said: tuple[tuple[int, str], ...]  # meaning and item
    before: int
    after: int


def planted(seed: int = 7, *, train: int = TRAIN) -> Planted:
    rng = random.Random(seed)
    names = [f"{head} {tail}" for head in HEADS for tail in TAILS]
    rng.shuffle(names)
    fresh = iter(names[120:])
    cases = [_case(rng, names[each % 120]) for each in range(train)]
    made = Planted([], [], {}, {})
    made.train.extend(_record(f"train-{at:04}", case, _thread(case)) for at, case in enumerate(cases))
    wanted = [*(kind for kind in LEAKS for _ in range(LEAKS_OF_A_KIND)), *["clean"] * CLEAN, *["hard"] * HARD]
    rng.shuffle(wanted)
    sources = rng.sample(range(train), len(wanted))
    for at, (kind, source) in enumerate(zip(wanted, sources, strict=True)):
        name = f"held-{at:04}"
        made.held.append(_leak(rng, name, kind, cases[source], next(fresh)))
        made.kind[name] = kind
        if kind in LEAKS:
            made.source[name] = f"train-{source:04}"
    return made


def _leak(rng: random.Random, name: str, kind: str, case: _Case, company: str) -> dict[str, Any]:
    new = _case(rng, company)
    match kind:
        case "exact":
            return _record(name, case, _thread(case))
        case "renamed":
            return _record(name, case._replace(company=company), _thread(case))
        case "twin":
            twin = new._replace(company=case.company, size=case.size, state=case.state, before=case.before, after=case.after)
            return _record(name, twin, _thread(case if rng.random() < 0.5 else twin))
        case "light" | "heavy":
            wording = _light(rng, _thread(case)) if kind == "light" else _thread(case, heavy=True)
            return _record(name, new, wording)
        case "hard":
            half = tuple(case.said[: SENTENCES // 2]) + new.said[: SENTENCES - SENTENCES // 2]
            alike = case._replace(company=company, figures=new.figures, said=half)
            return _record(name, alike, _thread(alike))
    return _record(name, new, _thread(new))


def _case(rng: random.Random, company: str) -> _Case:
    return _Case(
        company,
        rng.choice(("Starter", "Team", "Business")),
        tuple(rng.randint(*span) for span in ((3, 400), (10, 900), (0, 9), (0, 9), (40, 99), (1, 60))),
        rng.randrange(3),
        tuple((meaning, rng.choice(ITEMS)) for meaning in rng.sample(range(len(MEANINGS)), SENTENCES)),
        rng.randrange(len(BEFORE)),
        rng.randrange(len(AFTER)),
    )


def _thread(case: _Case, heavy: bool = False) -> str:
    said = [MEANINGS[meaning][heavy].format(item) for meaning, item in case.said]
    before, after = (case.before, case.after) if not heavy else (case.before - 1, case.after - 1)
    return " ".join([BEFORE[before], *said, AFTER[after]])


def _light(rng: random.Random, text: str) -> str:
    """Most words that have a synonym in other words, about one in five of all, and some small ones left out."""
    words = []
    for word in text.split():
        bare = word.strip(".,?!").casefold()
        if bare in ("just", "really", "already", "very") or bare == "the" and rng.random() < 0.2:
            continue
        words.append(word.replace(word.strip(".,?!"), SYNONYMS[bare]) if bare in SYNONYMS and rng.random() < 0.6 else word)
    return " ".join(words)


def _record(name: str, case: _Case, thread: str) -> dict[str, Any]:
    seats, days, billing, access, health, weeks = case.figures
    return {
        "task_id": name,
        "input": {
            "account": (
                f"Account: {case.company} (plan {case.size}, {seats} seats, customer for {days} days). Open tickets: "
                f"{billing + access} ({billing} billing, {access} access). Health score: .{health}. Renewal in {weeks} weeks."
            ),
            "state": (
                "Team on call: 2 senior engineers, 1 writer. Next window: 3 days.",
                "Team on call: 1 senior engineer, 2 trainees. Next window: 5 days.",
                "Team on call: nobody before Monday. Next window: 7 days.",
            )[case.state],
            "thread": thread,
        },
    }


def with_anew(made: Planted) -> Planted:
    """The same, and each heavy paraphrase once more, with other names for the things that are spoken of, too: kind ANEW."""
    more = Planted(made.train, list(made.held), dict(made.kind), dict(made.source))
    for record in made.held:
        if made.kind[record["task_id"]] == "heavy":
            name, thread = f"{record['task_id']}-anew", record["input"]["thread"]
            for item, other in zip(ITEMS, ITEMS_ANEW, strict=True):
                thread = thread.replace(item, other)
            more.held.append({**record, "task_id": name, "input": {**record["input"], "thread": thread}})
            more.kind[name], more.source[name] = ANEW, made.source[record["task_id"]]
    return more


def as_lines(records: Sequence[dict[str, Any]]) -> bytes:
    import json

    return "".join(json.dumps(each) + "\n" for each in records).encode()
