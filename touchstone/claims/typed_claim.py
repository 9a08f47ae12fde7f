"""A claim from what a person types: arguments of a call, options of the command, fields of the page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from touchstone.claims.claim import BY, MOST_LEVELS, MOST_UNITS, CheckedClaim, Claim, Levels
from touchstone.claims.consistency import check
from touchstone.claims.rounding import Printed, as_shares, read_number
from touchstone.english import listed, many
from touchstone.errors import Refused

RANGE = re.compile(r"(\d{1,4})\s*(?:-|–|to)\s*(\d{1,4})", re.ASCII)


def check_claim(
    n: int | None,
    *,
    percent: str | None = None,
    kappa: str | None = None,
    linear: str | None = None,
    quadratic: str | None = None,
    disagreements: int | None = None,
    means: Sequence[str] = (),
    sums: Sequence[int] = (),
    counts: Sequence[str] = (),
    marginals: Sequence[str] = (),
    levels: str | int | None = None,
    by: str = "position",
) -> CheckedClaim:
    """Can these published figures of two annotators' agreement on n units occur, each by itself and all together?

    Every figure is the text as printed, since its digits count: "89.3" allows 89.25 to 89.35, "89.30" less. `percent` is of 100
    with a sign or over 1 ("89.3", "0.5 %"), else a share (".893"). `kappa` is Cohen's, unweighted; `linear` and `quadratic` are
    the weighted ones; all from -1 to 1. `disagreements`: units on which the two differ. `means` and `sums`: of the levels, one
    an annotator, two at most, as are `counts` (labels by level, "7,8,9,6") and `marginals` (the same as shares,
    ".23,.27,.30,.20"). `levels`: how many there are (4), or which ("0-3", "0,1,2,3"); not said, any number is allowed for.
    `by`: whether the weights of linear and quadratic kappa go by the position of a level or by its value, as in a rubric.

    The answer is exact, found or proved in whole numbers (see `touchstone.claims.contingency`). `can_occur` of the result is
    True, False, or None where neither could be shown; `sentence` says where things stand; `as_json()` is what
    `check-claim --json` prints.

    Raises Refused, with a sentence, for a claim that cannot be asked about: n that is not from 1 to 10^9, no figure, text that
    is no figure, more than two annotators; TypeError for a figure that is no text.

    >>> checked = check_claim(n=30, percent="89.3")
    >>> checked.can_occur
    False
    >>> checked.sentence
    '89.3 % of 30 is impossible (27/30 = 90.0, 26/30 = 86.7).'
    >>> [figure["nearest"] for figure in checked.as_json()["figures"]]
    [['90.0', '86.7']]
    >>> check_claim(n=30, percent="83.3", kappa="0.7895", levels=4).can_occur
    False
    """
    for name, figure in (("percent", percent), ("kappa", kappa), ("linear", linear), ("quadratic", quadratic)):
        if figure is not None and not isinstance(figure, str):
            raise TypeError(f'{name} is the text as printed, since its digits count: "{figure}", not {figure!r}')
    claim = claim_of(
        n,
        percent=percent or "",
        disagreements=disagreements,
        kappa=kappa or "",
        linear=linear or "",
        quadratic=quadratic or "",
        means=means,
        sums=sums,
        counts=counts,
        marginals=marginals,
        levels="" if levels is None else str(levels),
        by=by,
    )
    return replace(check(claim), read_as=how_read(claim))


def claim_of(
    n: int | None,
    *,
    percent: str = "",
    disagreements: int | None = None,
    kappa: str = "",
    linear: str = "",
    quadratic: str = "",
    means: Sequence[str] = (),
    sums: Sequence[int] = (),
    counts: Sequence[str] = (),
    marginals: Sequence[str] = (),
    levels: str = "",
    by: str = "position",
) -> Claim:
    """Every text is a figure as printed; "" is none. Means, sums, counts and marginals are one an annotator, two at most.

    Raises Refused for what is no figure, and for a claim that holds none."""
    if n is None:
        raise Refused("there is no n: say how many units the figures rest on", way=("n 30",))
    if not 1 <= n <= MOST_UNITS:
        raise Refused(f"a claim is of 1 to {MOST_UNITS:,} units, and n is {n:,}")
    kappas = _kappas({"": kappa, "linear ": linear, "quadratic ": quadratic})
    _refuse_third({"means": means, "sums": sums, "lists of counts": counts, "lists of marginals": marginals})
    if counts and marginals:
        raise Refused("levels are counted by counts and by marginals; give one of them")
    if disagreements is not None and disagreements < 0:
        raise Refused(f"{many(disagreements, 'disagreement')} are impossible; give 0 or more")
    claim = Claim(
        n,
        percent_of(percent) if percent.strip() else None,
        disagreements,
        kappas,
        tuple(_figure("mean", text) for text in means),
        tuple(sums),
        tuple(_counts(text) for text in counts),
        tuple(_shares(text) for text in marginals),
        levels_of(levels, by) or Levels(),
    )
    if not claim.has_figures:
        raise Refused(
            "there is no figure to check; give percent agreement, a kappa, a mean or disagreements",
            way=("percent 89.3", "kappa .8567", "mean 2.07", "disagreements 3"),
        )
    return claim


def _kappas(texts: Mapping[str, str]) -> dict[str, Printed]:
    """The kappas given, by their weights."""
    return {name.strip() or "unweighted": _figure(f"{name}kappa", text) for name, text in texts.items() if text.strip()}


def _refuse_third(given: Mapping[str, Sequence[object]]) -> None:
    for what, values in given.items():
        if len(values) > 2:
            raise Refused(f"{len(values)} {what} are given; a claim is about two annotators, so give two at most")


def percent_of(text: str) -> Printed:
    """89.3 and 89.3 % are percentages; without a sign a number up to 1 is a share, as in .893."""
    return as_shares([_figure("percent", text)])[0]


def how_read(claim: Claim) -> str:
    """What was taken for granted, in a sentence; "" where nothing was."""
    if claim.percent is not None and claim.percent.scale == 1:
        return f"{claim.percent.text} is read as a share of 1; for a percentage write {claim.percent.text} %."
    return ""


def levels_of(text: str, by: str = "position") -> Levels | None:
    """ "4" levels of unknown numbers; "0,1,2,3" or "0-3"; "pass,fail" is two levels. None for a blank. `by`: position or value,
    which needs the numbers of the levels."""
    if by not in BY:
        raise Refused(f"weights go by {listed(BY).replace(' and ', ' or ')}, not by “{by[:20]}”")
    found = _levels_of(text)
    if by == "position":
        return found
    if found is None or found.values is None:
        raise Refused("weights by value need the numbers of the levels; list them, such as 1,2,4,8", way=("levels 1,2,4,8",))
    return replace(found, by=by)


def _levels_of(text: str) -> Levels | None:
    bare = text.strip()
    if not bare:
        return None
    if bare.isascii() and bare.isdigit():
        if not (len(bare) < 6 and 2 <= int(bare) <= MOST_LEVELS):
            raise Refused(
                f"{bare[:20]} is no number of levels; give 2 to {MOST_LEVELS:,}, or list them, such as 0,1,2,3",
                way=("levels 0,1,2,3",),
            )
        return Levels(int(bare))
    if found := RANGE.fullmatch(bare):
        levels = _numbered(range(int(found[1]), int(found[2]) + 1))
    else:
        levels = _named([word.strip() for word in bare.split(",")], bare)
    if not levels.number or not 2 <= levels.number <= MOST_LEVELS:
        raise Refused(f"the levels “{bare[:60]}” are {levels.number}; name 2 to {MOST_LEVELS:,}, like 4, 0-3 or 0,1,2,3")
    return levels


def _numbered(values: Sequence[int]) -> Levels:
    return Levels(len(values), tuple(values))


def _named(words: Sequence[str], text: str) -> Levels:
    """Levels listed one by one, which are numbers or words."""
    if "" in words or len(set(words)) < len(words):
        raise Refused(f"the levels “{text[:60]}” contain a blank or a duplicate; write each once, like 0,1,2,3")
    if all(re.fullmatch(r"[-−]?\d{1,6}", word, re.ASCII) for word in words):
        return _numbered([int(word.replace("−", "-")) for word in words])
    return Levels(len(words))


def _figure(what: str, text: str) -> Printed:
    found = read_number(text)
    if found is None:
        raise Refused(
            f"{what} “{text[:40]}” is not a figure; write it as printed, like "
            f"{'89.3' if what == 'percent' else '2.07' if what == 'mean' else '.8567'}"
        )
    return found


def _counts(text: str) -> tuple[int, ...]:
    words = re.split(r"[,;\s]+", text.strip())
    if not all(re.fullmatch(r"\d{1,9}", each, re.ASCII) for each in words):
        raise Refused(f"the counts “{text[:60]}” are not whole numbers; write one per level, like 7,8,9,6")
    return tuple(int(each) for each in words)


def _shares(text: str) -> tuple[Printed, ...]:
    found = [_figure("marginal", each) for each in re.split(r"[;\s]+|,(?!\s*$)", text.strip()) if each]
    return tuple(as_shares(found))
