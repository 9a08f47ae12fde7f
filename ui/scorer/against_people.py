"""The scorer against people, laid out for reading: a row a dimension, the cells of its map, and the drafts of one."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.agreement.coefficient import KAPPA, PERCENT, QUADRATIC_KAPPA
from touchstone.agreement.figure import Figure, figure_on_scale, in_words
from touchstone.data.counts import apart
from touchstone.english import listed, many
from ui.base import confusion_map, navigation, panels
from ui.base.session import store
from ui.scorer import scored_so_far
from workflow.people.people import Person
from workflow.rounds.rounds import Round
from workflow.scorer.against_people import GOLD, Cuts, scorer_against
from workflow.scorer.scorer_report import Against, Place, ScorerDimension, ScorerReport

AT_ONCE = 50  # drafts of a cell drawn on one page

Table = tuple[Sequence[str], list[Sequence[str]]]


def one_of(label: str, names: Mapping[str, str], parameter: str, **of: str) -> str:
    """One of several, by what an address writes for it; the one the address names, else the first. `of`: what the choice
    belongs to, as the address writes it; of anything else than the address names it begins anew."""
    belongs = all(st.query_params.get(name, value) == value for name, value in of.items())
    asked = st.query_params.get(parameter, "") if belongs else ""
    return st.selectbox(
        label,
        list(names),
        index=list(names).index(asked) if asked in names else 0,
        format_func=names.__getitem__,
        key="-".join((parameter, *of.values())),
    )


def cuts(found: Cuts) -> dict[str, str]:
    """Where to cut, by how an address writes it: "" for the middle of each scale."""
    middle = {0: "no cut-off", 1: f"{''.join(found.usual)}, the middle of the scale"}.get(
        len(found.usual), "the middle of each scale"
    )
    return {"": middle, **{each: each for each in found.levels if (each,) != found.usual}}


def scored(person: Person, engine: sa.Engine, round_: Round, version: str, cut: str, sample: int) -> ScorerReport:
    """The page's report, with a bar while many drafts are scored for it; where it is refused the page says why, and ends."""
    total = sample or round_.drafts
    title, why = f"Scorer of {version}", f"The checks are scoring {many(total, 'draft')}."
    with scored_so_far.telling(title, why, total) as tell:
        return panels.read(
            "Scorer",
            scorer_against,
            person,
            engine,
            round_.name,
            rubric=version,
            cut=cut,
            sample=sample,
            kept=store.kept_scores(),
            tell=tell,
        )


def whom(made: ScorerReport) -> str:
    """Whom the scorer is held against, as an address writes them: the one the address names, else the gold."""
    names = names_of(made)
    asked = st.query_params.get("against", "")
    return st.segmented_control(
        "The scorer against",
        list(names),
        default=asked if asked in names else "",
        required=True,
        format_func=lambda each: panels.literal(names[each]),
        key=f"against-{made.round.name}",
    )


def provenance(made: ScorerReport) -> str:
    """What was scored by what, in a line."""
    scorer = made.version.rubric
    return (
        f"{made.drafts_in_words}{',' if made.is_part else ''} of {made.round.name}, labelled by {listed(made.round.annotators)} "
        f"under {made.rubric.name} ({made.rubric.digest[:12]}); scored by the checks of {scorer.name} ({scorer.digest[:12]}), "
        f"{'as it was published' if made.version.is_published else 'as its file is now'}."
    )


def table(made: ScorerReport, who: str) -> Table:
    """Header and rows: the scorer against the gold ("") or an annotator on every dimension, people among themselves beside."""
    rows: list[Sequence[str]] = []
    for each in made.dimensions:
        people = in_words(each.people[KAPPA])
        if each.reason:
            rows.append((f"{each.title}: {each.reason}", "0", "–", "–", "–", people, "–", "–"))
            continue
        other = each.against(who)
        at = other.at_cut
        shares = [each.uncut, "–"] if at is None else [_share(at.caught, at.share_caught), _share(at.alarms, at.share_alarms)]
        rows.append(
            (
                each.title,
                str(other.n),
                *(in_words(other.figure(name)) for name in (PERCENT, KAPPA)),
                figure_on_scale(QUADRATIC_KAPPA, other.figure(QUADRATIC_KAPPA), each.declared.scale, each.declared.agreement.by),
                people,
                *shares,
            )
        )
    return (
        "Dimension",
        "n",
        "agreement",
        "kappa, unweighted",
        "kappa, quadratic",
        made.people_kappa,
        "bad drafts caught (recall)",
        "false alarms (false-alarm rate)",
    ), rows


def short(rows: Sequence[Sequence[str]], most: int = 28) -> list[int]:
    """The columns set right as numbers: those in which no reason stands, which has to wrap."""
    return [place for place in range(1, len(rows[0])) if all(len(row[place]) <= most for row in rows)]


def _share(number: int, share: Figure) -> str:
    return in_words(share) if share.value is None else f"{number} of {share.n}, {in_words(share)}"


def caption(made: ScorerReport, who: str) -> str:
    """What the figures of the table are figures of."""
    bad = dict.fromkeys(" or ".join(str(level) for level in each.bad) for each in made.dimensions if each.bad)
    return (
        f"The {made.scorer} with {who or 'the gold'}: point estimate and 95 % interval. "
        f"{panels.sentence_case(made.people_kappa)} is of {made.people_are}, over all drafts. "
        + (f"Bad means level {next(iter(bad))}. " if len(bad) == 1 else "Bad means below the cut-off. " if bad else "")
        + "Recall is the share of bad drafts it calls bad; the false-alarm rate is the share of good ones it calls bad."
    )


def matrix(made: ScorerReport, opened: ScorerDimension, other: Against, chosen: Place | None) -> None:
    """The confusion map of one dimension with the chosen cell framed, or why there is none."""
    if other.pair is None:
        panels.text(f"{opened.reason or 'No draft has a level from both'}.", quiet=True)
        return
    dimension = made.rubric.dimension(opened.key)
    confusion_map.show(other.pair, key=f"map-{opened.key}-{other.who}", dimension=dimension, chosen=chosen)


def cells(other: Against) -> dict[str, Place]:
    """The cells that hold drafts, those farthest apart first, by how an address writes them: "0-3"."""
    scale = other.pair.scale if other.pair else "nominal"
    ordered = sorted(other.drafts, key=lambda place: (-apart(place, scale), place))
    return {f"{a}-{b}": (a, b) for a, b in ordered}


def cell_in_words(other: Against, place: Place) -> str:
    """ "Gold 0, scorer 3: 2 drafts". An annotator's name stays as it is."""
    levels = other.pair.levels if other.pair else ()
    a, b = (levels[each] for each in place)
    who = panels.sentence_case(other.who) if other.who == GOLD else other.who
    said = f"Both {a}" if a == b else f"{who} {a}, scorer {b}"
    return f"{said}: {many(len(other.drafts[place]), 'draft')}"


def pick_cell(made: ScorerReport, opened: ScorerDimension, other: Against, found: Mapping[str, Place], **of: str) -> str:
    """A box of the cells with drafts, and the drafts of the one chosen, returned as an address writes it; "" without any.
    `of`: as in `one_of`."""
    if not found:
        return ""
    titles = {each: cell_in_words(other, found[each]) for each in found}
    chosen = one_of("Cell", titles, "cell", **of)
    drafts(made, opened, other, found[chosen])
    return chosen


def drafts(made: ScorerReport, opened: ScorerDimension, other: Against, place: Place) -> None:
    """The drafts of a cell: what everyone gave each, why the scorer gave its level, and the way to its findings."""
    found = other.drafts[place]
    names = made.round.annotators
    rows, links = [], []
    for draft in found[:AT_ONCE]:
        given = dict(opened.labels[draft])
        rows.append((draft, *(str(given.get(name, "–")) for name in names), opened.scored[draft].because or "–"))
        links.append(findings(made, draft, opened.key))
    panels.table(
        ("Draft", *names, "why the scorer gave its level"),
        rows,
        links=links,
        names=range(1, len(names) + 1),
        numbers=range(1, len(names) + 1),
        caption=f"{cell_in_words(other, place)}. Each draft links to its findings."
        + (f" The first {AT_ONCE} are shown." if len(found) > AT_ONCE else ""),
    )


def findings(made: ScorerReport, draft: str, key: str) -> str:
    """Where a draft's findings stand, for one dimension."""
    return navigation.address("findings", draft=draft, rubric=made.version.rubric.name, dimension=key)


def not_scorable(made: ScorerReport, opened: ScorerDimension) -> None:
    """The drafts without a score, by reason, each leading to its findings."""
    rows = [(draft, reason) for reason, each in opened.not_scorable.items() for draft in each]
    if rows:
        panels.section(f"Not scorable: {many(len(rows), 'draft')}")
        panels.table(
            ("Draft", "why"),
            rows[:AT_ONCE],
            links=[findings(made, draft, opened.key) for draft, _ in rows[:AT_ONCE]],
            caption="Not in any figure above." + (f" The first {AT_ONCE} are shown." if len(rows) > AT_ONCE else ""),
        )


def names_of(made: ScorerReport) -> dict[str, str]:
    """Whom the scorer can be held against, by how an address writes them: the gold as "", then every annotator."""
    return {"": f"the {GOLD}", **{name: name for name in made.round.annotators}}


def links(made: ScorerReport) -> None:
    """What to do next: settle what waits, and how far people agree."""
    with st.container(horizontal=True):
        if any(each.waiting for each in made.dimensions):
            panels.link("adjudicate", "Adjudicate the cells that wait", round=made.round.name)
        panels.link("agreement", "Inter-annotator agreement", round=made.round.name)
