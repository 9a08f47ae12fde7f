"""A claim from what a person types: options of the command, fields of the page."""

import re
from collections.abc import Sequence

from touchstone.claims.claim import MOST_LEVELS, MOST_UNITS, Claim, Levels
from touchstone.claims.rounding import Printed, as_shares, read_number
from touchstone.errors import Refused

RANGE = re.compile(r"(\d{1,4})\s*(?:-|–|to)\s*(\d{1,4})", re.ASCII)


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
) -> Claim:
    """Every text is a figure as printed; "" is none. Means, sums, counts and marginals are one an annotator, two at most."""
    if n is None:
        raise Refused("there is no n: say how many units the figures rest on, --n 30")
    if not 1 <= n <= MOST_UNITS:
        raise Refused(f"a claim is of 1 to {MOST_UNITS:,} units, and n is {n:,}")
    kappas = {
        kind: _figure(f"{name}kappa", text)
        for kind, name, text in (("unweighted", "", kappa), ("linear", "linear ", linear), ("quadratic", "quadratic ", quadratic))
        if text.strip()
    }
    for what, given in (("means", means), ("sums", sums), ("lists of counts", counts), ("lists of marginals", marginals)):
        if len(given) > 2:
            raise Refused(f"{len(given)} {what} are given; a claim is about two annotators, so give two at most")
    if counts and marginals:
        raise Refused("levels are counted by counts and by marginals; give one of them")
    if disagreements is not None and disagreements < 0:
        raise Refused(f"{disagreements} disagreements cannot be; give 0 or more")
    made = Claim(
        n,
        percent_of(percent) if percent.strip() else None,
        disagreements,
        kappas,
        tuple(_figure("mean", each) for each in means),
        tuple(sums),
        tuple(_counts(each) for each in counts),
        tuple(_shares(each) for each in marginals),
        levels_of(levels) or Levels(),
    )
    if not (made.percent or made.kappas or made.means or made.sums or made.counts or made.shares or disagreements is not None):
        raise Refused("there is no figure to check; give one: --percent 89.3, --kappa .8567, --mean 2.07, --disagreements 3")
    return made


def percent_of(text: str) -> Printed:
    """89.3 and 89.3 % are percentages; without a sign a number up to 1 is a share, as in .893."""
    return as_shares([_figure("percent", text)])[0]


def how_read(claim: Claim) -> str:
    """What was taken for granted, in a sentence; "" where nothing was."""
    if claim.percent is not None and claim.percent.scale == 1:
        return f"{claim.percent.text} is read as a share of 1; for a percentage write {claim.percent.text} %."
    return ""


def levels_of(text: str) -> Levels | None:
    """ "4" levels of unknown numbers; "0,1,2,3" or "0-3"; "pass,fail" is two levels. None for a blank."""
    bare = text.strip()
    if not bare:
        return None
    if bare.isascii() and bare.isdigit():
        if not (len(bare) < 6 and 2 <= int(bare) <= MOST_LEVELS):
            raise Refused(f"{bare[:20]} levels cannot be; name 2 to {MOST_LEVELS:,}, or list them: --levels 0,1,2,3")
        return Levels(int(bare))
    if found := RANGE.fullmatch(bare):
        values: list[int | None] = list(range(int(found[1]), int(found[2]) + 1))
    else:
        words = [each.strip() for each in bare.split(",")]
        whole = [re.fullmatch(r"[-−]?\d{1,6}", each, re.ASCII) for each in words]
        values = [int(each.replace("−", "-")) for each in words] if all(whole) else [None] * len(words)
        if "" in words or len(set(words)) < len(words):
            raise Refused(f"the levels “{bare[:60]}” hold a blank or one twice; write each once, like 0,1,2,3")
    if not 2 <= len(values) <= MOST_LEVELS:
        raise Refused(f"the levels “{bare[:60]}” are {len(values)}; name 2 to {MOST_LEVELS:,}, like 4, 0-3 or 0,1,2,3")
    return Levels(len(values), None if None in values else tuple(values))


def _figure(what: str, text: str) -> Printed:
    found = read_number(text)
    if found is None:
        raise Refused(
            f"{what} “{text[:40]}” is no figure; write it as printed, like "
            f"{'89.3' if what == 'percent' else '2.07' if what == 'mean' else '.8567'}"
        )
    return found


def _counts(text: str) -> tuple[int, ...]:
    words = re.split(r"[,;\s]+", text.strip())
    if not all(re.fullmatch(r"\d{1,9}", each, re.ASCII) for each in words):
        raise Refused(f"the counts “{text[:60]}” are no whole numbers; write one a level, like 7,8,9,6")
    return tuple(int(each) for each in words)


def _shares(text: str) -> tuple[Printed, ...]:
    found = [_figure("marginal", each) for each in re.split(r"[;\s]+|,(?!\s*$)", text.strip()) if each]
    return tuple(as_shares(found))
