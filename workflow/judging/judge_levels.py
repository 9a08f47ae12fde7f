"""What is held against people: any source of levels, the scorer of a rubric version, or a judge trained on these very people.

    round:NAME/ANNOTATOR   gold:NAME   set:NAME/ANNOTATOR   set:NAME   scorer:RUBRIC   trained:text   trained:embed   head:SET

`scorer` and `trained` judge the people's own drafts, and read their texts: not those of a draft that any open round holds,
whoever asks, since what they say could sway whoever labels it; none of a sealed partition."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
import sqlalchemy as sa

from touchstone.agreement.estimation.intervals import Array
from touchstone.comparison.classification import below
from touchstone.comparison.joining import join
from touchstone.data.label import Level
from touchstone.embedding import NAME, Vectors, embedder
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.judging.held import hold
from touchstone.judging.ordinal_head import FOLDS, HeadGives, folds, out_of_fold
from touchstone.rubric.model import Dimension, Rubric
from workflow.bounded_cache import BoundedCache
from workflow.comparison.source import GOLD, Source, notes_on_each, overlaps
from workflow.judging.people_labels import PeopleLabels
from workflow.rubric.levels import declared
from workflow.scorer.scorers import scorer_of
from workflow.scorer.scoring import published_version, version_of

MOST, MOST_BY_MEANING = 10_000, 4_000  # drafts whose texts are read while someone waits
LEAST_CHANCE = 1e-3  # added to chances before their logarithm
READ = 0.7  # of the work: until a trained judge has judged; the rest are figures
Tell = Callable[[float, str], None]
TRAINED, BY_MEANING = "trained:text", "trained:embed"
TRAINED_JUDGES = (TRAINED, BY_MEANING)
HOW = (
    f"a judge is round:NAME/ANNOTATOR, gold:NAME, set:NAME/ANNOTATOR, set:NAME, scorer:RUBRIC, or {TRAINED} or {BY_MEANING}, "
    "which are trained on the labels of these people, or head:NAME, a set of a model's chances with a head trained on them"
)
# Apart from the figures that are kept, so that nobody who looks at those waits while the model reads.
_VECTORS: BoundedCache[Vectors] = BoundedCache(4)


@dataclass(frozen=True)
class JudgeLevels:
    """`levels` by dimension and the people's own unit; `alone`: those of units that people have no label of; `passing`: the
    probability that a unit passes, where the judge gives one; `because`: why, by dimension and unit, where it says so;
    `chances`: how likely it had each level, as declared, where it says so."""

    name: str
    rubric: Rubric
    levels: Mapping[str, Mapping[str, Level]]
    alone: Mapping[str, Mapping[str, Level]] = field(default_factory=dict)
    passing: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    because: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    chances: Mapping[str, Mapping[str, tuple[float, ...]]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    held_back: int = 0


def from_source(source: Source, people: PeopleLabels) -> JudgeLevels:
    """The levels of a source of labels, by the people's units."""
    joining = join(people.side, source.side)
    keys = list(dict.fromkeys(key for given in source.side.labels.values() for key in given))
    joined = {theirs for _, theirs in joining.pairs}
    levels = {
        key: {mine: source.side.labels[theirs][key] for mine, theirs in joining.pairs if key in source.side.labels[theirs]}
        for key in keys
    }
    alone = {
        key: {unit: given[key] for unit, given in source.side.labels.items() if key in given and unit not in joined}
        for key in keys
    }
    notes = list(notes_on_each([source]))
    if joining.unclear:
        notes.append(
            f"{many(joining.unclear, 'unit')} could not be joined: the task has several drafts on the other side, and its id "
            "does not say which was meant"
        )
    return JudgeLevels(source.name, source.rubric, levels, alone, notes=tuple(notes), held_back=source.held_back)


def of_source(source: Source, people: PeopleLabels) -> tuple[JudgeLevels, PeopleLabels]:
    """A source of labels as the judge, and the people without them where the judge is one. Raises Refused for a judge who shares
    labels with the people."""
    whole = f"{people.kind}:{people.origin}"
    if source.made_by == GOLD and source.origin == people.origin and people.kind in ("round", GOLD):
        raise Refused(f"{source.name} was settled from the labels of {people.name}, so they agree by themselves; name another")
    if source.name in (people.name, whole) or overlaps(source.name, people.name) and source.name != f"{whole}/{source.who}":
        raise Refused(
            f"{source.name} and {people.name} share labels, so they agree by themselves; name one annotator as the judge"
        )
    if source.name == f"{whole}/{source.who}":
        people = people.without(source.who)
    return from_source(source, people), people


def scored(connection: sa.Connection, name: str, people: PeopleLabels, drafts: Mapping[str, sa.Row], left: int) -> JudgeLevels:
    """The scorer of the version of that name on the people's drafts. Raises Refused where the version cannot score."""
    _refuse_without_texts(people, drafts)
    own = published_version(connection, name)
    version = version_of(connection, name, [own] if own else [])
    scorer = scorer_of(version.rubric)
    levels: dict[str, dict[str, Level]] = {key: {} for key in version.rubric.keys}
    because: dict[str, dict[str, str]] = {key: {} for key in version.rubric.keys}
    for unit, row in drafts.items():
        for key, each in scorer.score(row.text, row.input, row.extra).scores.items():
            if each.value is not None:
                levels[key][unit], because[key][unit] = each.value, each.because or ""
    notes = [version.note] if version.note else []
    if people.rubric.digest != version.rubric.digest:
        notes.append(f"the rubric versions differ ({people.rubric.name}, {version.rubric.name}): a level need not mean the same")
    return JudgeLevels(
        f"scorer:{version.rubric.name}",
        version.rubric,
        {key: given for key, given in levels.items() if given},
        because=because,
        notes=(*notes, *_left_out(left)),
    )


def trained(
    name: str,
    people: PeopleLabels,
    texts: Mapping[str, str],
    left: int,
    cuts: Mapping[str, Level | None],
    kept: BoundedCache,
    tell: Tell,
) -> JudgeLevels:
    """A head for each dimension, in folds: each unit by one that saw no label of its cluster. `name`: one of TRAINED_JUDGES,
    which says what it sees of a text. Raises Refused with too few, and where what it needs is not installed."""
    _refuse_without_texts(people, texts)
    digest = _digest(texts)

    def read() -> Vectors:
        return embedder().vectors(
            [*texts.values()], lambda share: tell(READ * 0.8 * share, f"{many(len(texts), 'text')} by meaning")
        )

    rows = _VECTORS.get(digest, read) if name == BY_MEANING else None
    place = {unit: at for at, unit in enumerate(texts)}

    def seen(units: Sequence[str]) -> Sequence[str] | Array:
        return [texts[unit] for unit in units] if rows is None else rows[[place[unit] for unit in units]].astype(float)

    levels, passing = {}, {}
    for key in people.by_dimension:
        units = [unit for unit in people.side.labels if unit in texts]
        taught = _in_folds(people, key, units, seen, (name, digest), cuts.get(key), kept, tell)
        if taught is not None:
            levels[key], passing[key] = taught
    passing = {key: given for key, given in passing.items() if given}
    sees = "" if rows is None else f", on each text as {NAME} reads it on this machine"
    note = (
        f"{name} is trained on the labels of {people.name} themselves{sees}, in {FOLDS} folds by task: each draft is judged by "
        "what was trained without any label of its task"
    )
    return JudgeLevels(name, people.rubric, levels, passing=passing, notes=(note, *_left_out(left)))


def with_head(
    judge: JudgeLevels, people: PeopleLabels, cuts: Mapping[str, Level | None], kept: BoundedCache, tell: Tell
) -> JudgeLevels:
    """A model's chances of the levels, as a head trained on these people's labels reads them, in folds as `trained` does. Raises
    Refused where the source has no chances."""
    if not judge.chances:
        raise Refused(
            f"{judge.name} has no chances of its levels: run its judge with logprobs: true, where the server tells them, or name "
            "the set itself"
        )
    levels, passing = {}, {}
    for key, given in judge.chances.items():
        if key not in people.by_dimension:
            continue

        def seen(units: Sequence[str], given: Mapping[str, tuple[float, ...]] = given) -> Array:
            found: Array = np.log(np.array([given[unit] for unit in units]) + LEAST_CHANCE)
            return found

        units = [unit for unit in people.side.labels if unit in given]
        told = ("head", judge.name, repr([(unit, given[unit]) for unit in units]))
        taught = _in_folds(people, key, units, seen, told, cuts.get(key), kept, tell)
        if taught is not None:
            levels[key], passing[key] = taught
    note = (
        f"levels and probabilities are those of a head trained on the labels of {people.name} from the chances that {judge.name} "
        f"had of each level, in {FOLDS} folds by task"
    )
    passing = {key: own for key, own in passing.items() if own}
    notes = tuple(each for each in judge.notes if "nothing has calibrated them" not in each)
    name = f"head:{judge.name.removeprefix('set:')}"
    return JudgeLevels(name, people.rubric, levels, passing=passing, because=judge.because, notes=(note, *notes))


Taught = tuple[dict[str, Level], dict[str, float]]  # by unit its level, and how likely it passes, where there is a cut


def _in_folds(
    people: PeopleLabels,
    key: str,
    units: Sequence[str],
    seen: Callable[[Sequence[str]], Sequence[str] | Array],
    told: tuple[Hashable, ...],
    cut: Level | None,
    kept: BoundedCache,
    tell: Tell,
) -> Taught | None:
    """A head of one dimension, trained on what is `seen` of the units; `told`: what that is known by. None without a label."""
    dimension = declared(people.rubric, key)
    none = dict.fromkeys(units, dimension.values[0])
    held = hold(none, people.by_dimension[key], dimension.values, scale=dimension.scale, cluster_of=people.cluster_of)
    if not held.units:
        return None
    rising, fold = np.argsort(held.values, kind="stable"), folds(held.cluster)
    if len(set(fold.tolist())) < FOLDS:
        raise Refused(f"{people.name} has too few tasks to train a judge in {FOLDS} folds; label more, or name another judge")
    counts = held.counts[:, rising]

    def taught() -> HeadGives:
        def told(share: float) -> None:
            tell(READ * (0.8 + 0.2 * share), f"heads of {dimension.title}, in {FOLDS} folds")

        own = seen(held.units)
        return out_of_fold(own, counts, fold, scale=held.scale, even=not isinstance(own, np.ndarray), told=told)

    made = kept.get(("trained", told, held.units, held.scale, counts.tobytes(), fold.tobytes()), taught)
    values = [dimension.values[at] for at in rising]
    levels = {unit: values[at] for unit, at in zip(held.units, made.levels, strict=True)}
    if cut is None:
        return levels, {}
    passes = np.array([value not in below(dimension, cut) for value in values])
    chances = made.probabilities[:, passes].sum(axis=1).clip(0, 1)
    return levels, dict(zip(held.units, chances.tolist(), strict=True))


def _digest(texts: Mapping[str, str]) -> bytes:
    told = sha256()
    for text in texts.values():
        told.update(sha256(text.encode("utf-8", "surrogatepass")).digest())
    return told.digest()


def _refuse_without_texts(people: PeopleLabels, texts: Mapping[str, object]) -> None:
    if not texts:
        raise Refused(
            f"no draft that {people.name} labelled can be read here: none is in the store, or an open round or a seal has it; "
            "import the drafts, or name a judge that is a label set"
        )


def _left_out(left: int) -> list[str]:
    are = "is" if left == 1 else "are"
    return [f"{many(left, 'draft')} {are} left out: an open round holds {'it' if left == 1 else 'them'}"] if left else []


def refuse_many(name: str, units: Sequence[str]) -> None:
    """Raises Refused where more texts would be read than someone waits for."""
    most = MOST_BY_MEANING if name == BY_MEANING else MOST
    if len(units) > most:
        raise Refused(
            f"{many(len(units), 'draft')} are more than {name} judges while you wait ({most:,}); import the output of score as a "
            "label set, and name that"
        )


def shared_dimensions(people: PeopleLabels, judge: JudgeLevels) -> list[Dimension]:
    """The people's dimensions that the judge has levels of, in the rubric's order. Raises Refused where there is none."""
    keys = [key for key in people.rubric.keys if people.by_dimension.get(key) and judge.levels.get(key)]
    if not keys:
        mine, theirs = (listed([*of][:8]) or "none" for of in (people.by_dimension, judge.levels))
        raise Refused(
            f"{judge.name} and {people.name} have no dimension in common on the same units ({theirs}; {mine}); name another judge"
        )
    return [declared(people.rubric, key) for key in keys]
