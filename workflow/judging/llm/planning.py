"""What a run of a judge would ask: each draft on each dimension, as often as the judge says, but for what was answered before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading, within
from db.store import projects as stored_projects
from db.store.judging import answers as stored
from db.store.projects import project_in_hand
from touchstone.english import duration, listed, many
from touchstone.judging.llm.judge_file import LLMJudge
from touchstone.judging.llm.prompts import DimensionPrompt, answer_tokens, cache_key, prompt_on
from touchstone.rubric.model import Rubric
from workflow.judging.llm.drafts_asked import AskAbout, AskedDraft, AskedDrafts, drafts_asked
from workflow.judging.llm.judges import fitting, refuse_changed
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import refuse_archived
from workflow.rubric import rubrics

AT_ONCE = 4  # calls


class Question(NamedTuple):
    """A draft on a dimension, for the repeat of that number, from 0; `key`: what its answer is kept under."""

    draft: AskedDraft
    dimension: str
    repeat: int
    key: str


@dataclass(frozen=True)
class PreparedRun:
    """`engine`: the store as seen from inside the judge's project; `before`: answers there are, by key."""

    engine: sa.Engine
    judge: LLMJudge
    rubric: Rubric
    prompts: dict[str, DimensionPrompt]
    drafts: AskedDrafts
    questions: tuple[Question, ...]
    before: dict[str, sa.Row]
    usual: sa.Row | None

    @property
    def to_ask(self) -> list[Question]:
        """One question for each key without an answer."""
        left = {each.key: each for each in reversed(self.questions) if each.key not in self.before}
        return [*reversed(left.values())]


@dataclass(frozen=True)
class PlannedRun:
    """What a run would ask now, and about what that takes: tokens at four characters each, answers as long and as slow as this
    judge's were before. `seconds` None where it was never asked; `cost` None where its file has no price."""

    judge: str
    drafts: int
    called: str
    dimensions: tuple[str, ...]
    repeats: int
    calls: int
    before: int
    tokens_in: int
    tokens_out: int
    seconds: float | None
    cost: float | None
    currency: str
    left_out: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        times = f", {many(self.repeats, 'time')} each" if self.repeats > 1 else ""
        what = f"{many(self.drafts, 'draft')} of {self.called} on {listed([*self.dimensions])}{times}"
        if self.called == many(self.drafts, "draft"):
            what = what.replace(f" of {self.called}", "", 1)
        kept = f"; {many(self.before, 'answer')} of before {'is' if self.before == 1 else 'are'} kept" if self.before else ""
        left = "".join(f"; {each}" for each in self.left_out)
        if not self.calls:
            return f"{self.judge}, {what}: everything was answered already{kept}{left}"
        time = "how long is known after the first answers" if self.seconds is None else f"about {duration(self.seconds)}"
        cost = f", about {money(self.cost, self.currency)}" if self.cost is not None else ""
        tokens = f"about {many(self.tokens_in, 'token')} in and {self.tokens_out:,} out"
        return f"{self.judge}, {what}: {many(self.calls, 'call')}, {tokens}{cost}; {time}{kept}{left}"

    def as_json(self) -> dict[str, Any]:
        """The document of `judge run --plan --json`."""
        return {**vars(self), "dimensions": list(self.dimensions), "left_out": list(self.left_out)}


def money(amount: float, currency: str) -> str:
    """ "0.42 USD", with as many decimals as a small amount needs."""
    return f"{amount:,.2f} {currency}" if amount >= 0.01 or not amount else f"{amount:.2g} {currency}"


@verb
def planned_run(person: Person, engine: sa.Engine, judge: LLMJudge, about: AskAbout, at_once: int = AT_ONCE) -> PlannedRun:
    """What a run would ask now. Raises NotYourTurn for an open round, Refused for a judge that changed since it was used, and in
    an archived project."""
    return plan_of(prepared(person, engine, judge, about, reads=False), at_once)


@verb
def prepared(person: Person, engine: sa.Engine, judge: LLMJudge, about: AskAbout, *, reads: bool) -> PreparedRun:
    """A run with all that it would ask. `reads` as in `drafts_asked`. Raises as `planned_run` does."""
    with reading(engine, person) as connection:
        rubric, _ = rubrics.usable(connection, judge.file.rubric)
        drafts = drafts_asked(connection, about, rubric, reads=reads)
        fitting(judge, rubric)
        used = refuse_changed(connection, judge)
        prompts = {key: prompt_on(judge, rubric, key) for key in judge.dimensions(rubric)}
        questions = tuple(
            Question(draft, key, repeat, cache_key(judge, rubric, prompt, draft.shown, repeat))
            for draft in drafts.drafts
            for key, prompt in prompts.items()
            for repeat in range(judge.file.parameters.repeats)
        )
        before = stored.answers_under(connection, sorted({each.key for each in questions}))
        usual = stored.usual_answer(connection, used.id if used else None)
        project = project_in_hand(connection)
        if project is not None:
            refuse_archived(stored_projects.by_id(connection, project))
    inside = within(engine, project) if project is not None else engine
    return PreparedRun(inside, judge, rubric, prompts, drafts, questions, before, usual)


def plan_of(run: PreparedRun, at_once: int) -> PlannedRun:
    """What is left to ask of a run, in numbers."""
    asked: Sequence[Question] = run.to_ask
    tokens_in = sum(run.prompts[each.dimension].tokens(each.draft.shown) for each in asked)
    usual = [round(run.usual.tokens_out)] if run.usual and run.usual.tokens_out else []
    tokens_out = len(asked) * answer_tokens(usual)
    price = run.judge.file.price
    return PlannedRun(
        run.judge.name,
        len(run.drafts.drafts),
        run.drafts.called,
        tuple(run.prompts),
        run.judge.file.parameters.repeats,
        len(asked),
        len(run.questions) - len(asked),
        tokens_in,
        tokens_out,
        len(asked) * float(run.usual.ms) / 1_000 / at_once if run.usual else None,
        price.of(tokens_in, tokens_out) if price else None,
        price.currency if price else "",
        run.drafts.left_out,
    )
