"""What a round is to be, before it is opened: one value for the page, the command and every kind of round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from touchstone.english import many
from touchstone.errors import Refused
from workflow.data.fields import OWN
from workflow.names import fit_name
from workflow.people.people import Person, person_named
from workflow.rounds.kinds import DOUBLE, KINDS

MOST_LOOKS, MOST_PLANNED = 20, 1_000_000
STRATA = tuple(OWN)
FEEDBACK = ("each", "end")
SEED = 7


@dataclass(frozen=True)
class RoundDesign:
    """A round as it is asked for. By default every draft of the project goes to every annotator.

    name          as people call it; every name once
    rubric        a version in rubric_versions/; of a retest or calibration that of the round it goes back to, "" for short
    annotators    names; two or more of a double, one of a retest, one or more of a calibration
    kind          "double", "retest" (one annotator again) or "calibration" (against the gold)
    per_draft     annotators per draft, of a larger pool; or
    overlap       every draft once and this share of them twice, above 0 and up to 1
    drafts        how many, drawn by the seed; all when None
    strata        draw in proportion by these: of STRATA, or further fields of the tasks or drafts
    dimensions    some of the rubric's; all when empty
    seed          of the draw, the assignment and everyone's order
    practice      drafts labelled first and not counted
    looks, up_to  how often agreement is to be looked at, and up to how many drafts over this round and those that continue it:
                  both, or neither; not of a round that continues another, which brings its own
    continues     a round of the same rubric version whose drafts are left out
    fresh_after   leaves out what that round (and those it continues) used, what a round under this version uses already, and
                  every draft of a task that was discussed in a meeting
    partition, authors, draft_ids   narrow what is drawn from; so does
    only          fields, of STRATA or further ones, each with the values that are drawn from

    Of a retest or calibration:

    of            the closed round it goes back to, which brings the drafts and dimensions
    force         opens a retest before the gap has passed; its report says so
    feedback      of a calibration: "each", the gold is shown after each Save, which then stays; "end", once it is closed
    """

    name: str
    rubric: str = ""
    annotators: Sequence[str] = ()
    kind: str = DOUBLE
    per_draft: int | None = None
    overlap: float | None = None
    drafts: int | None = None
    strata: Sequence[str] = ()
    dimensions: Sequence[str] = ()
    seed: int = SEED
    practice: int = 0
    looks: int | None = None
    up_to: int | None = None
    continues: str | None = None
    fresh_after: str | None = None
    partition: str | None = None
    authors: Sequence[str] = ()
    draft_ids: Sequence[str] = ()
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    of: str = ""
    force: bool = False
    feedback: str = FEEDBACK[0]

    @property
    def shown_name(self) -> str:
        """The name as it will be shown. Raises Refused for one that cannot be."""
        return fit_name(self.name, "round")

    def people(self, engine: sa.Engine) -> list[Person]:
        """The annotators, each once. Raises Refused for a name nobody has."""
        return list({each.id: each for each in (person_named(engine, name) for name in self.annotators if name.strip())}.values())

    def check(self) -> None:
        """Raises Refused, naming what cannot be, for a design that no store could open."""
        if self.kind not in KINDS:
            raise Refused(f"there is no kind of round “{self.kind}”; use {', '.join(KINDS)}")
        if self.kind != DOUBLE and not self.of.strip():
            raise Refused(f"a round of kind {self.kind} is based on a closed round: name that round", way=("of ROUND",))
        self._check_numbers()
        if self.feedback not in FEEDBACK:
            raise Refused(
                f"feedback comes after {' draft or at the '.join(FEEDBACK)}, not “{self.feedback}”: say each or end",
                way=("feedback each, or end",),
            )

    def _check_numbers(self) -> None:
        if self.per_draft is not None and self.overlap is not None:
            raise Refused("a round has either a number of annotators per draft or an overlap, not both")
        if self.overlap is not None and not 0 < self.overlap <= 1:
            raise Refused(f"the overlap is the share of drafts labelled twice, above 0 and up to 1, not {self.overlap:g}")
        if not -(2**63) <= self.seed < 2**63:
            raise Refused("the seed is larger than the store can hold; use a number of up to 18 digits")
        if self.drafts is not None and self.drafts < 1:
            raise Refused(f"the number of drafts is 1 or more, not {self.drafts}")
        if self.practice < 0:
            raise Refused(f"the number of practice drafts cannot be {self.practice}")
        self._check_plan()

    def _check_plan(self) -> None:
        if (self.looks is None) != (self.up_to is None):
            raise Refused("planned looks need both numbers: how many looks, and up to how many drafts in all")
        if self.looks is None or self.up_to is None:
            return
        if self.continues:
            raise Refused(f"the plan of looks is that of {self.continues}, which this round continues: leave it out here")
        if not 1 <= self.looks <= MOST_LOOKS:
            raise Refused(f"the number of planned looks is 1 to {MOST_LOOKS}, not {self.looks}")
        if not self.looks <= self.up_to <= MOST_PLANNED:
            raise Refused(f"looks are planned up to {self.looks} to {MOST_PLANNED:,} drafts, not {self.up_to:,}")
        self.check_plan_holds(self.drafts or 0)

    def check_plan_holds(self, drafts: int) -> None:
        """Raises Refused where this round alone has more drafts than its looks are planned for."""
        if self.up_to is not None and self.up_to < drafts:
            raise Refused(
                f"the looks are planned up to {many(self.up_to, 'draft')}, and this round alone has {drafts:,}: plan "
                f"{drafts:,} or more, or draw fewer"
            )

    def check_pool(self, people: Sequence[Person]) -> None:
        """Raises Refused when so many people cannot label each draft as designed: of a double, which takes two or more."""
        pool = len(people)
        if pool < 2:
            raise Refused(
                f"a round of kind double needs two or more annotators; {many(pool, 'person', 'people')} "
                f"named{': ' + people[0].name if people else ''}"
            )
        if self.per_draft is not None and not 2 <= self.per_draft <= pool:
            raise Refused(
                f"each draft cannot have {many(self.per_draft, 'annotator')}: with {pool} named it has "
                f"{'2' if pool == 2 else f'2 to {pool}'}, or the round has an overlap"
            )
