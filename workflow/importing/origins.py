"""Who made the labels of a set: all of them alike, or some annotators otherwise (a scorer and a model beside a person)."""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from touchstone.english import listed
from touchstone.errors import Refused

MADE_BY = {
    "person-blind": "people, blind",
    "person-not-blind": "people who were not blind",
    "program": "a program",
    "model": "a model",
    "copy": "copying",
}
PEOPLE = ("person-blind", "person-not-blind")


def checked_origins(
    origins: Mapping[str, str], made_by: str, annotators: Sequence[str], machines: Iterable[str]
) -> dict[str, str]:
    """Those annotators whose labels were made otherwise than the rest. Raises Refused for a kind or an annotator that is not
    there, and where a file says that no person gave labels which are said to be a person's."""
    for who, kind in origins.items():
        if kind not in MADE_BY:
            kinds = ", ".join(MADE_BY)
            raise Refused(f"who made the labels of {who} is one of {kinds}, not {kind or 'blank'}", way=(f"origin {who}=model",))
        if who not in annotators:
            raise Refused(f"the files have no labels of {who}, whose origin is named; they are by {listed(annotators[:12])}")
    unsaid = [who for who in machines if who in annotators and who not in origins]
    if unsaid and made_by in PEOPLE:
        are = f"{listed(unsaid[:6])} {'is' if len(unsaid) == 1 else 'are'} no person"
        others = (f"origin {unsaid[0]}=model",) if len(annotators) > len(unsaid) else ()
        raise Refused(
            f"the files say that {are}, and the labels are said to be made by {MADE_BY[made_by]}; say who made them"
            + (f", or who made those of {unsaid[0]} alone" if others else ""),
            way=("made-by model", *others),
        )
    return {who: kind for who, kind in origins.items() if kind != made_by}


def _origins(row: sa.Row) -> dict[str, str]:
    return dict((row.read_as or {}).get("origins", {}))


def origin_of(row: sa.Row, annotators: Sequence[str]) -> str:
    """The key of MADE_BY for these annotators of a set; of several kinds, the one farthest from people who labelled blind."""
    kinds = {_origins(row).get(who, row.made_by) for who in annotators} or {row.made_by}
    return max(kinds, key=list(MADE_BY).index)


def made_by_in_words(row: sa.Row) -> str:
    """Who made the labels of a set: "people, blind", or every kind there is: "people, blind and a model"."""
    return kinds_in_words(row.made_by, _origins(row), row.annotators)


def kinds_in_words(made_by: str, origins: Mapping[str, str], annotators: Sequence[str]) -> str:
    """The kinds of origin that these annotators' labels have."""
    kinds = {origins.get(who, made_by) for who in annotators} or {made_by}
    return listed([words for kind, words in MADE_BY.items() if kind in kinds])


def origins_in_words(row: sa.Row) -> str:
    """By annotator, where not all are alike: "m-1 by a model"; "" where they are."""
    return listed([f"{who} by {MADE_BY[kind]}" for who, kind in _origins(row).items()])


def suspicious(row: sa.Row, left_out: str) -> Sequence[str]:
    """What looked suspicious in a label set as it came in, a sentence each. That was said of all its labels: where units are left
    out for the reader (`left_out` says so), it is not told what it was, nor whether there was anything."""
    if left_out:
        return ("what looked suspicious in all its labels as they came in, if anything did, is not told until then",)
    return row.suspicions or ()
