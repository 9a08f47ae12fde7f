"""The card of the shipped benchmark: what it holds, how each part came to be, and what nobody did."""

from collections.abc import Mapping
from typing import NamedTuple

from touchstone.bench.leaks.report import LeakReport
from touchstone.bench.splits.asked import SplitReport
from touchstone.english import listed, many
from workflow.bench.from_drafts import Proposed
from workflow.releasing.releases import Released

MADE_OF = {
    "drafts": "tasks of the sample's closed round whose drafts failed, under other names",
    "space": "rows of space.yml that cover every pair of its values",
    "synthesis": "tasks that one model wrote and one of another family let pass",
    "adversarial": "drafts that fool the scorer, on tasks written for them",
}


class Card(NamedTuple):
    """`wanted` and `made`: tasks by method. `by_model`: accepted candidates by the model whose word was taken ("": nobody's)."""

    wanted: Mapping[str, int]
    made: Mapping[str, int]
    split: SplitReport
    leaks: Mapping[tuple[str, str], LeakReport]
    proposed: Proposed
    by_model: Mapping[str, int]
    release: Released
    sealed: int


def card(of: Card) -> str:
    """As Markdown."""
    parts = ("# Card of the shipped benchmark", *_what(of), *_counts(of), *_partitions(of), *_not_done(of), *_seal(of))
    return "\n\n".join(parts) + "\n"


def _what(of: Card) -> tuple[str, ...]:
    total = many(sum(of.made.get(method, 0) for method in of.wanted), "task")
    return (
        f"{total} for answering prospects, a situation each, under `tenacious-v1`, by `make shipped-benchmark`\n"
        "([how](../../docs/benchmark.md#the-shipped-benchmark)). **All of it is invented**, and no person labelled, confirmed\n"
        "or signed any of it.",
        "It shows what the program makes, and what it says of it. It measures no model: who wrote the tasks also read them, and\n"
        "whoever has this folder can make what is held out.",
    )


def _counts(of: Card) -> tuple[str, ...]:
    rows = ["| method | wanted | made | short | of what |", "|---|---|---|---|---|"]
    for method, wanted in of.wanted.items():
        made = of.made.get(method, 0)
        rows.append(f"| {method} | {wanted} | {made} | {max(0, wanted - made)} | {MADE_OF[method]} |")
    wanted, made = sum(of.wanted.values()), sum(of.made.get(method, 0) for method in of.wanted)
    rows.append(f"| all | {wanted} | {made} | {wanted - made} | |")
    failed = many(of.proposed.failed_drafts, "failed draft")
    return (
        "## Tasks by method",
        "\n".join(rows),
        "A count that is short stays short: nothing was made in another way to fill it.",
        f"- **drafts**: the sample has one closed round, with {failed}, and its drafts and annotators are invented\n"
        "  too. The salt of the pseudonyms stands in the script, so that they come out the same: there is nobody to hide.\n"
        "- **synthesis**: no model worth the name could be run. Two small ones, of two families, could, and no answer of\n"
        "  theirs was a task: [what was asked, and all that was answered](../synthesis/README.md).\n"
        "- **adversarial**: the drafts, the levels they deserve and the second levels are of one large language model, in one\n"
        "  sitting. The second reading was not blind, and that both agree says nothing.",
    )


def _partitions(of: Card) -> tuple[str, ...]:
    names = list(of.split.design.sizes)
    counts = {"tasks": of.split.design.sizes, **of.split.counts}
    rows = [f"| | {' | '.join(names)} |", "|---|" + "---|" * len(names)]
    rows += [f"| {what} | {' | '.join(str(number[name]) for name in names)} |" for what, number in counts.items()]
    leaks = [
        f"- {one} and {other}: {len(report.leaking)} of {many(report.held, 'held task')} leak; "
        f"{many(len({each.held for each in report.pairs}), 'list')} of nearest tasks, none signed by a person"
        for (one, other), report in of.leaks.items()
    ]
    sentence = of.split.sentence.replace("; no", ";\nno")
    missing = [
        f"None of {method} is in {name}: its groups are few, and large."
        for method in of.wanted
        if of.made.get(method, 0)
        for name in names
        if not counts.get(f"source_mode: {method}", {}).get(name, 0)
    ]
    together = many(len({name for pair in of.split.design.together for name in pair}), "task")
    return (
        "## Partitions",
        "\n".join(rows),
        f"In proportion to 100/60/40 of 200.\n{sentence}\nGroups are by {listed(of.split.design.by)}; "
        f"{together} that leaked in an earlier split stay with what they leaked into.\n" + "\n".join(missing),
        "\n".join(leaks),
        "Tasks of one situation share their words, and are of one cluster: they are not independent of each other.",
    )


def _not_done(of: Card) -> tuple[str, ...]:
    told = [f"{many(number, 'candidate')} on the word of {model or 'a person'}" for model, number in of.by_model.items()]
    levels, drafts = many(of.release.rows, "level"), many(of.release.drafts, "draft")
    return (
        "## What no person did",
        f"- Sign off or confirm: {listed(told)}. decided.csv has each that is not held out,\n  the store's record has all.\n"
        f"- Label: {levels} of {drafts}, one reading by a large language model. In a release each is marked single, as no\n"
        "  second reading was made; how well people would agree is unknown.\n"
        "- Read the lists of nearest tasks, or look for what was said wholly anew.",
    )


def _seal(of: Card) -> tuple[str, ...]:
    return (
        "## The sealed partition",
        f"held_out ({many(of.sealed, 'task')}) is shipped as an age file, and a public manifest with a commitment to each task.\n"
        "**This seal is a demonstration**: what the tasks are made of lies beside it, so that anybody can make them. Nobody\n"
        "keeps the key: it was thrown away. The two files stay as they were made, since a seal never comes out the same twice.\n"
        "Who wants a partition that is secret keeps its sources elsewhere, and seals it with a key of their own.",
    )
