"""How strong each author is, from choices between two: Davidson's Bradley-Terry model, which knows ties.

Of a choice between left i and right j, with d = l_i - l_j + g + b x (Davidson 1970, J. Am. Stat. Assoc. 65: 317-328; the side g
by Davidson and Beaver 1977, Biometrics 33: 693-702):

    P(left) : P(tie) : P(right)  =  exp(d / 2) : v : exp(-d / 2)

l are the strengths, log odds of being chosen, their mean 0; v is how often one ties; g the log odds that left has before right by
being left; x = log2 of left's length over right's, so that b is what twice the length brings.

The likelihood is concave and is climbed by Newton's steps. It has a highest point if from each author one comes to each other by
choices won (Ford 1957). Where the steps never end a strength would be without end, and there is none, with the reason. Without
a single tie v is 0.

B draws, R rows (a row: author left, author right), k authors, p parameters.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from touchstone.agreement.estimation.intervals import CELLS_AT_ONCE, ENDS, Array, generator, holding, seed_of
from touchstone.agreement.estimation.jackknife import student
from touchstone.agreement.figure import Figure, undefined

DRAWS = 1_000
MOST_AUTHORS = 60
LEAST_TASKS = 30  # under so many the sandwich is too short: the slopes of few tasks are fitted away
NOT_TOLD = "these choices do not tell it from the authors"
STEPS, NEAR, FAR = 100, 1e-10, 30.0
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Duels:
    """Choices between authors, one a row: `left` and `right` (N,) places among `authors`, `taken` (N,) 0 left, 1 tie, 2 right;
    `task` (N,) the number of the task; `ratio` (N,) log2 of left's length over right's (a character more each, as a text may
    be empty), nan where one is not known; None without any."""

    authors: tuple[str, ...]
    left: Places
    right: Places
    taken: Places
    task: Places
    ratio: Array | None = None


class Strength(NamedTuple):
    """One author. `strength` in log odds; `rank` from 1, with the least and the most it is in 95 % of the draws; `even`: the
    strength with lengths held equal and sides allowed for. None where undefined."""

    author: str
    wins: int
    ties: int
    losses: int
    strength: Figure
    rank: Figure
    even: float | None

    @property
    def choices(self) -> int:
        return self.wins + self.ties + self.losses


class Strengths(NamedTuple):
    """`authors` from the strongest; by their wins where there is no strength. `tie`: v; `side` g; `doubling` b."""

    authors: tuple[Strength, ...]
    tie: float | None
    side: Figure
    doubling: Figure
    reason: str | None


def strengths_of(duels: Duels) -> Strengths:
    """Every author's strength and rank with cluster-bootstrap intervals by task (each task weighs Exponential(1): the Bayesian
    bootstrap, Rubin 1981; 1,000 draws). `side` and `doubling` with intervals by tasks too (sandwich, Student's t). Nothing is
    undefined without a reason."""
    k, n = len(duels.authors), len(duels.taken)
    reason = _why_none(duels)
    record = _record(duels)
    if not reason:
        rows_at, counts, by_task = _tables(duels)
        point = _climb(_Design(k, rows_at // k, rows_at % k, None), counts[None], _has_ties(duels))[0]
        reason = None if np.abs(point[: k - 1]).max() <= FAR else "some won every choice against others: no strength is enough"
    if reason:
        none = undefined(reason, n)
        rows = [Strength(name, *record[at], none, none, None) for at, name in enumerate(duels.authors)]
        rows.sort(key=lambda each: (-(each.wins + each.ties / 2) / max(each.choices, 1), each.author))
        return Strengths(tuple(rows), None, none, none, reason)
    value = _centred(point[None, : k - 1], k)[0]
    strengths, ranks = _intervals(duels, rows_at, by_task, value, [sum(each) for each in record])
    side, doubling, even = _sides_and_lengths(duels)
    made = [
        Strength(name, *record[at], strengths[at], ranks[at], None if even is None else float(even[at]))
        for at, name in enumerate(duels.authors)
    ]
    made.sort(key=lambda each: (-(each.strength.value or 0.0), each.author))
    return Strengths(tuple(made), float(np.exp(point[k - 1])) if _has_ties(duels) else 0.0, side, doubling, None)


def _has_ties(duels: Duels) -> bool:
    return bool((duels.taken == 1).any())


def _why_none(duels: Duels) -> str | None:
    """Why there are no strengths; None where there are."""
    k = len(duels.authors)
    if k < 2:
        return "fewer than two authors were compared"
    if k > MOST_AUTHORS:
        return f"more than {MOST_AUTHORS} authors were compared, too many to rank"
    if (duels.taken == 1).all():
        return "every choice is a tie"
    met = csr_array((np.ones(len(duels.left)), (duels.left, duels.right)), shape=(k, k))
    if connected_components(met, directed=False)[0] > 1:
        return "the comparisons do not connect all authors"
    return None


def _record(duels: Duels) -> list[tuple[int, int, int]]:
    """Of each author: choices won, tied, lost."""
    record = np.zeros((len(duels.authors), 3), dtype=np.int64)
    np.add.at(record, (duels.left, duels.taken), 1)
    np.add.at(record, (duels.right, 2 - duels.taken), 1)
    return [(won, tied, lost) for won, tied, lost in record.tolist()]


def _tables(duels: Duels) -> tuple[Places, Array, csr_array]:
    """Distinct pairs of authors (R,) as left * k + right, the smaller place left; their counts (R, 3) of left, tie, right; and
    the counts of each task (T, R * 3)."""
    k = len(duels.authors)
    turned = duels.left > duels.right
    low, high = np.where(turned, duels.right, duels.left), np.where(turned, duels.left, duels.right)
    taken = np.where(turned, 2 - duels.taken, duels.taken)
    rows, row = np.unique(low * k + high, return_inverse=True)
    tasks = int(duels.task.max()) + 1
    cells = csr_array((np.ones(len(row)), (duels.task, row * 3 + taken)), shape=(tasks, len(rows) * 3))
    return rows, np.asarray(cells.sum(axis=0)).reshape(-1, 3), cells


def _intervals(
    duels: Duels, rows_at: Places, by_task: csr_array, value: Array, choices: Sequence[int]
) -> tuple[list[Figure], list[Figure]]:
    """Of each author the strength and the rank with their intervals."""
    k, ranks = len(value), _ranks(value[None])[0]
    if by_task.shape[0] < 2:
        alone = [undefined("only one task", n) for n in choices]
        return alone, alone
    draws = np.concatenate(list(_drawn(duels, rows_at, by_task)))
    draws = draws[np.isfinite(draws).all(axis=1)]
    of_rank = np.quantile(_ranks(draws), ENDS, axis=0, method="inverted_cdf")
    of_strength = np.quantile(draws, ENDS, axis=0)
    strengths = [Figure(float(value[at]), *holding(value[at], *of_strength[:, at]), choices[at], None) for at in range(k)]
    placed = [Figure(float(ranks[at]), *holding(ranks[at], *of_rank[:, at]), choices[at], None) for at in range(k)]
    return strengths, placed


def _drawn(duels: Duels, rows_at: Places, by_task: csr_array) -> Iterator[Array]:
    """(B, k) strengths of the draws, in parts."""
    k, tasks = len(duels.authors), by_task.shape[0]
    told = b"".join(part.tobytes() for part in (rows_at, by_task.indptr, by_task.indices, by_task.data))
    rng = generator(seed_of(told))
    design = _Design(k, rows_at // k, rows_at % k, None)
    at_once = max(1, min(DRAWS, CELLS_AT_ONCE // max(tasks, len(rows_at) * 3 * k, k * k)))
    for start in range(0, DRAWS, at_once):
        size = min(at_once, DRAWS - start)
        counts = (rng.standard_exponential((size, tasks)) @ by_task).reshape(size, -1, 3)
        yield _centred(_climb(design, counts, _has_ties(duels))[:, : k - 1], k)


def _ranks(strengths: Array) -> Array:
    """(B, k): 1 for the strongest; equal strengths share the better rank."""
    above = strengths[:, None, :] > strengths[:, :, None] + 1e-9
    found: Array = above.sum(axis=2) + 1.0
    return found


def _centred(others: Array, k: int) -> Array:
    """(B, k) with mean 0, of the parameters of all but the first author."""
    found = np.concatenate([np.zeros((len(others), 1)), others], axis=1)
    centred: Array = found - found.mean(axis=1, keepdims=True)
    return centred


def _sides_and_lengths(duels: Duels) -> tuple[Figure, Figure, Array | None]:
    """The side, of all choices; what twice the length brings, of those with lengths, the side allowed for; and the strengths (k,)
    with both allowed for."""
    side, _, _ = _further(duels, np.arange(len(duels.taken)), with_length=False)
    known = np.flatnonzero(~np.isnan(duels.ratio)) if duels.ratio is not None else np.zeros(0, dtype=np.int64)
    if not len(known):
        return side, undefined("no lengths"), None
    _, doubling, even = _further(duels, known, with_length=True)
    return side, doubling, even


def _further(duels: Duels, kept: Places, *, with_length: bool) -> tuple[Figure, Figure, Array | None]:
    """The side, the length (the side where there is none) and the strengths, of the rows that are `kept`."""
    n, k = len(kept), len(duels.authors)
    columns = [np.ones(n), *([duels.ratio[kept]] if with_length and duels.ratio is not None else [])]
    design = _Design(k, duels.left[kept], duels.right[kept], np.column_stack(columns))
    counts = np.zeros((1, n, 3))
    counts[0, np.arange(n), duels.taken[kept]] = 1
    with_ties = bool((duels.taken[kept] == 1).any())
    found = _climb(design, counts, with_ties)[0]
    tasks, task = np.unique(duels.task[kept], return_inverse=True)
    errors = None if len(tasks) < LEAST_TASKS else _errors(design, counts[0], found, task, with_ties)
    if errors is None or np.abs(found[: design.width]).max() > FAR:
        none = undefined(f"fewer than {LEAST_TASKS} tasks" if len(tasks) < LEAST_TASKS else NOT_TOLD, n)
        return none, none, None
    away = student(len(tasks)) * errors
    made = [
        Figure(float(at), float(at - off), float(at + off), n, None)
        for at, off in zip(found[k - 1 :], away[k - 1 :], strict=False)
    ]
    return made[0], made[len(columns) - 1], _centred(found[None, : k - 1], k)[0]


@dataclass(frozen=True, eq=False)
class _Design:
    """Rows as parameters multiply them: the authors but the first, then `further` (R, c)."""

    k: int
    left: Places
    right: Places
    further: Array | None

    @property
    def width(self) -> int:
        return self.k - 1 + (0 if self.further is None else self.further.shape[1])

    def parts(self, draws: int) -> Iterator[tuple[slice, Array]]:
        """Rows in parts that fit into memory, each with its dense matrix (R, p)."""
        at_once = max(1, CELLS_AT_ONCE // (draws * (self.width + 6)))
        for start in range(0, len(self.left), at_once):
            part = slice(start, start + at_once)
            rows = np.arange(len(self.left[part]))
            x = np.zeros((len(rows), self.k))
            x[rows, self.left[part]] += 1
            x[rows, self.right[part]] -= 1
            yield part, x[:, 1:] if self.further is None else np.concatenate([x[:, 1:], self.further[part]], axis=1)


def _climb(design: _Design, counts: Array, with_ties: bool) -> Array:
    """(B, p + 1): the parameters at the highest likelihood of counts (B, R, 3), the last log v; nan where steps never end."""
    draws, p = len(counts), design.width
    free = p + with_ties
    found = np.zeros((draws, p + 1))
    if not with_ties:
        found[:, p] = -np.inf
    for _ in range(STEPS):
        gradient, information = _slopes(design, counts, found)
        try:
            step = np.linalg.solve(information[:, :free, :free], gradient[:, :free, None])[:, :, 0]
        except np.linalg.LinAlgError:
            return np.full_like(found, np.nan)
        size = np.abs(step).max(axis=1, keepdims=True)
        found[:, :free] += step / np.maximum(size, 1.0)
        if not (size > NEAR).any():
            return found
        if np.abs(found[:, :free]).max() > 10 * FAR:
            break
    return np.where((size > NEAR), np.nan, found)


def _slopes(design: _Design, counts: Array, found: Array) -> tuple[Array, Array]:
    """Gradient (B, p + 1) and information (B, p + 1, p + 1)."""
    draws, p = len(counts), design.width
    gradient, information = np.zeros((draws, p + 1)), np.zeros((draws, p + 1, p + 1))
    for part, x in design.parts(draws):
        n = counts[:, part].sum(axis=2)
        left, tie, right = _chances(found[:, :p] @ x.T, found[:, p:])
        apart = left - right
        gradient[:, :p] += (counts[:, part, 0] - counts[:, part, 2] - n * apart) / 2 @ x
        gradient[:, p] += (counts[:, part, 1] - n * tie).sum(axis=1)
        spread = n * (left + right - apart**2) / 4
        information[:, :p, :p] += np.matmul(x.T * spread[:, None, :], x)
        crossed = -(n * apart * tie) / 2 @ x
        information[:, :p, p] += crossed
        information[:, p, :p] += crossed
        information[:, p, p] += (n * tie * (1 - tie)).sum(axis=1)
    return gradient, information


def _chances(d: Array, log_tie: Array) -> tuple[Array, Array, Array]:
    """Of left, tie and right (B, R)."""
    top = np.maximum(np.abs(d) / 2, log_tie)
    left, tie, right = np.exp(d / 2 - top), np.exp(log_tie - top), np.exp(-d / 2 - top)
    total = left + tie + right
    return left / total, tie / total, right / total


def _errors(design: _Design, counts: Array, found: Array, task: Places, with_ties: bool) -> Array | None:
    """Standard errors (p,) by tasks: the sandwich of the information and the squared sums of each task's slopes (Liang and Zeger
    1986), times T / (T - 1). None where the information is singular."""
    tasks, p = int(task.max()) + 1, design.width
    free = p + with_ties
    if not np.isfinite(found[:free]).all():
        return None
    sums = np.zeros((tasks, p + 1))
    for part, x in design.parts(1):
        left, tie, right = (each[0] for each in _chances(found[None, :p] @ x.T, found[None, p:]))
        own = counts[part]
        slopes = np.column_stack([((own[:, 0] - own[:, 2]) - (left - right))[:, None] / 2 * x, own[:, 1] - tie])
        np.add.at(sums, task[part], slopes)
    information = _slopes(design, counts[None], found[None])[1][0][:free, :free]
    if np.linalg.cond(information) > 1e12:
        return None
    inverse = np.linalg.inv(information)
    meat = sums[:, :free].T @ sums[:, :free] * tasks / (tasks - 1)
    found_errors: Array = np.sqrt(np.diag(inverse @ meat @ inverse))
    return found_errors[:p]
