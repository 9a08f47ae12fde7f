"""People's preferences on pairs that lie outside the project: the figures of docs/benchmarks.md on the test set of PandaLM.

The folder of labels is `judging/` in the folder that TOUCHSTONE_SHARED names: `pandalm` has pairs of answers to an instruction,
with a, tie or b of three people. Answer a is taken to have stood left, as its authors do not say otherwise. Nothing of the texts
is printed or kept.

Run: PYTHONPATH=. TOUCHSTONE_SHARED=FOLDER python benchmarks/preferences.py
"""

import os
import sys
import time
from pathlib import Path

from benchmarks.judges import rows
from benchmarks.machine import machine
from touchstone.agreement.coefficient import KAPPA
from touchstone.agreement.figure import in_words, signed
from touchstone.english import many
from touchstone.preferences.choices import LEFT, RIGHT, TIE, PairOfDrafts, Preferences, SideChoice
from touchstone.preferences.report import PreferenceReport, preference_report

TAKEN = {"a": LEFT, "tie": TIE, "b": RIGHT}


def pandalm(folder: Path) -> Preferences:
    """Each draft is named TASK-AUTHOR; its task is `plm-` and digits."""
    pairs = {}
    for row in rows(folder / "pandalm" / "pairs.csv"):
        a, b, task = row["draft_a"], row["draft_b"], row["task_id"]
        authors = (each.removeprefix(f"{task}-") for each in (a, b))
        pairs[row["pair_id"]] = PairOfDrafts(row["pair_id"], task, a, b, *authors, len(row["text_a"]), len(row["text_b"]))
    choices = tuple(
        SideChoice(row["pair_id"], row["annotator"], pairs[row["pair_id"]].a, TAKEN[row["value"]])
        for row in rows(folder / "pandalm" / "labels.csv")
    )
    return Preferences(pairs, choices)


def show(report: PreferenceReport) -> None:
    print(report.sentence)
    for each in report.of_two:
        kappa, both = each.report.figures[KAPPA], each.both_decide
        print(f"  {each.report.a} and {each.report.b}: kappa {in_words(kappa)}, alike where both take one {in_words(both)}")
    print("  ties: " + ", ".join(f"{name} {in_words(figure)}" for name, figure in report.ties.items()))
    print(f"  side effect {signed(report.side.overall)}: {report.side_sentence}")
    doubling = signed(report.strengths.doubling)
    print(f"  the longer answer is taken {in_words(report.longer)}; log-odds of twice the length {doubling}")
    if report.strengths.reason:
        return print(f"  no ranks: {report.strengths.reason}")
    print("  Bradley-Terry after Davidson (rank, log-strength, wins-ties-losses):")
    for each in report.strengths.authors:
        rank = f"{each.rank.ends.value:.0f} [{each.rank.ends.low:.0f}, {each.rank.ends.high:.0f}]"
        print(f"    {rank:10} {each.author:18} {signed(each.strength):22} {each.wins}-{each.ties}-{each.losses}")


def main() -> int:
    folder = Path(os.environ.get("TOUCHSTONE_SHARED", "")) / "judging"
    if not os.environ.get("TOUCHSTONE_SHARED") or not folder.is_dir():
        told = folder if os.environ.get("TOUCHSTONE_SHARED") else "TOUCHSTONE_SHARED is not set"
        print(f"no preferences to report on ({told}): set TOUCHSTONE_SHARED to the folder that holds judging/")
        return 0
    print(machine())
    given = pandalm(folder)
    begun = time.perf_counter()
    report = preference_report(given)
    took = time.perf_counter() - begun
    show(report)
    print(f"  all of it from {many(len(given.choices), 'choice')} in {took:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
