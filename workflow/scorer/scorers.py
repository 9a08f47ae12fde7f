"""The compiled scorers of a process: pages and commands score under few versions, and compiling one takes a moment."""

from touchstone.rubric.model import Rubric
from touchstone.scorer.scoring import Scorer
from workflow.bounded_cache import BoundedCache

# One for each process, which holds it as long as it runs; the library keeps nothing of its own.
SCORERS: BoundedCache[Scorer] = BoundedCache(most=16)


def scorer_of(rubric: Rubric) -> Scorer:
    """The scorer of a version, compiled once for each digest of those asked for last."""
    return SCORERS.get((rubric.name, rubric.digest), lambda: Scorer(rubric))
