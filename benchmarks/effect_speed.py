"""What changing one check takes on 20,000 drafts, beside scoring them all anew, in one run.

PYTHONPATH=. python benchmarks/effect_speed.py
"""

import time

from benchmarks.machine import aim, machine
from benchmarks.scorer_speed import mails
from touchstone.rubric.reading import parse_rubric
from touchstone.scorer.effect import Corpus
from workflow.rubric import rubrics

DRAFTS = 20_000


def main() -> None:
    print(machine())
    source = (rubrics.FOLDER / "tenacious-v1.yml").read_text("utf-8")
    first, _ = parse_rubric(source.encode(), "tenacious-v1.yml")
    given = dict(first.tasks[0].input)
    corpus = Corpus((text, given, {}) for text in mails(DRAFTS))
    start = time.perf_counter()
    corpus.under(first)
    anew = time.perf_counter() - start
    print(f"{DRAFTS:,} drafts under one version, all anew: {anew:.1f} s")
    worst = 0.0
    changes = {
        "a phrase that over half of the drafts have": ("- world-class\n", "- world-class\n          - review times\n"),
        "one phrase for another": ("- top talent\n", "- invented phrase\n"),
        "a phrase more of those counted": ("[we worked with, ", "[we worked with, curious what, "),
    }
    for what, (old, new) in changes.items():
        after, problems = parse_rubric(source.replace(old, new).encode(), "tenacious-v1.yml")
        assert after is not None, problems
        start = time.perf_counter()
        made = corpus.effect(first, after)
        took = time.perf_counter() - start
        worst = max(worst, took)
        moved = sum(len(each.moved) for each in made.dimensions.values())
        print(f"{what} ({', '.join(made.changed)}): {took:.2f} s, {moved:,} drafts move; {anew / took:.0f} times as fast")
    print(aim(f"{worst:.2f} s", "under 0.5 s", worst < 0.5))


if __name__ == "__main__":
    main()
