"""What changing one check takes on 20,000 drafts, beside scoring them all anew, in one run.

PYTHONPATH=. python benchmarks/effect_speed.py
"""

import gc
import time
import tracemalloc

from benchmarks.machine import aim, machine
from benchmarks.scorer_speed import mails
from touchstone.rubric.model import Rubric
from touchstone.rubric.reading import parse_rubric
from touchstone.scorer.effect.corpus import Corpus
from touchstone.scorer.effect.effect import effect_of
from workflow.rubric import rubrics

DRAFTS, WEIGHED = 20_000, 1_000


def main() -> None:
    print(machine())
    source = (rubrics.FOLDER / "tenacious-v1.yml").read_text("utf-8")
    first, _ = parse_rubric(source.encode(), "tenacious-v1.yml")
    given = dict(first.tasks[0].input)
    corpus = Corpus((text, given, {}) for text in mails(DRAFTS))
    start = time.perf_counter()
    corpus.levels_under(first)
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
        made = effect_of(corpus, first, after)
        took = time.perf_counter() - start
        worst = max(worst, took)
        moved = sum(len(each.moved) for each in made.dimensions.values())
        print(f"{what} ({', '.join(made.changed)}): {took:.2f} s, {moved:,} drafts move; {anew / took:.0f} times as fast")
    print(aim(f"{worst:.2f} s", "under 0.5 s", worst < 0.5))
    print(f"  kept of a draft: {kept_of_a_draft(first, given) / 1000:.1f} kB")


def kept_of_a_draft(rubric: Rubric, given: dict[str, object]) -> float:
    """Bytes that a corpus holds of each of a thousand drafts once they are scored."""
    texts = list(mails(WEIGHED))
    Corpus((text, given, {}) for text in texts[:1]).levels_under(rubric)  # what all have in common is made
    tracemalloc.start()
    corpus = Corpus((text, given, {}) for text in texts)
    corpus.levels_under(rubric)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / len(corpus.drafts)


if __name__ == "__main__":
    main()
