"""A run of a judge: questions asked several at once, each answer stored as it comes, and a label set made of the levels.

What was answered is never asked again, so a run that was stopped or killed goes on where it was; errors are asked again by the
next run, and never are a level. A label set is made once every question was asked: of a broken-off run there is none.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import projects as stored_projects
from db.store.judging import answers as stored
from touchstone.english import duration, listed, many
from touchstone.errors import Refused
from touchstone.judging.llm.judge_file import LLMJudge
from touchstone.judging.llm.prompts import body_of
from workflow import clock
from workflow.chat import ChatClient, failure_in_words, key_in
from workflow.events.recording import recorded
from workflow.judging.llm.calling import FINAL, STOPPED, ModelAnswer, Patience, answer_to
from workflow.judging.llm.drafts_asked import AskAbout
from workflow.judging.llm.judges import keep_judge
from workflow.judging.llm.labels_made import labels_made
from workflow.judging.llm.planning import AT_ONCE, PreparedRun, Question, money, plan_of, prepared
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle, settle_rubric
from workflow.rubric import rubrics

MOST_AT_ONCE = 32
USUAL = Patience()
IN_A_ROW = 20  # answers without a level, after which a run is not gone on with
KEPT_AT_ONCE, KEPT_AFTER = 16, 2.0  # answers, and seconds: what a kill may cost
DRAW = 0.5  # seconds between two tellings


class StepOfJudging(NamedTuple):
    """How far a run is: questions asked, of how many; errors among them, tokens so far, and about how many seconds more."""

    done: int
    of: int
    errors: int
    tokens: int
    seconds_left: float | None


@dataclass(frozen=True)
class Judged:
    """What a run came to. `label_set`: "" where no question has an answer; `is_new`: it was made by this run; `errors`: questions
    without a level, by kind; `before`: answers of earlier runs that it is made of; `meanwhile`: those that another run, which
    went on at the same time, gave while this one did."""

    judge: str
    called: str
    label_set: str
    is_new: bool
    labels: int
    calls: int
    before: int
    attempts: int
    errors: Mapping[str, int]
    tokens_in: int
    tokens_out: int
    seconds: float
    cost: float | None
    currency: str
    models: tuple[str, ...]
    left_out: tuple[str, ...]
    meanwhile: int = 0

    @property
    def sentence(self) -> str:
        """What it came to and what it took, in one sentence."""
        made = (
            f"{many(self.labels, 'label')} of {self.called} are the label set {self.label_set}" if self.label_set else "no label"
        )
        took = [many(self.calls, "call"), duration(self.seconds), f"{self.tokens_in:,} tokens in and {self.tokens_out:,} out"]
        took += [money(self.cost, self.currency)] if self.cost is not None else []
        took += [f"{many(self.before, 'answer')} of before"] if self.before else []
        took += [f"{many(self.meanwhile, 'answer')} of another run at the same time"] if self.meanwhile else []
        return f"{self.judge}: {made} ({', '.join(took)}){self.unanswered}"

    @property
    def unanswered(self) -> str:
        """What has no level, with why; "" where everything has one."""
        wrong = sum(self.errors.values())
        kinds = listed([f"{number:,} {kind}" for kind, number in self.errors.items()])
        are = "is" if wrong == 1 else "are"
        return f"; {many(wrong, 'answer')} had no level ({kinds}) and {are} asked for again by the next run" if wrong else ""

    def as_json(self) -> dict[str, Any]:
        """The document of `judge run --json`."""
        told = {**vars(self), "errors": dict(self.errors), "models": list(self.models), "left_out": list(self.left_out)}
        return {**told, "label_set": self.label_set or None}


@verb
def run_judge(
    person: Person,
    engine: sa.Engine,
    judge: LLMJudge,
    about: AskAbout,
    *,
    at_once: int = AT_ONCE,
    name: str = "",
    tell: Callable[[StepOfJudging], None] | None = None,
    patience: Patience = USUAL,
) -> Judged:
    """Ask a judge what it was not asked yet about these drafts, and make a label set of its levels, named `name` or for the judge
    and the drafts. `tell` is called about twice a second; what it raises stops the run, after the answers under way.

    Raises NotYourTurn for an open round; Refused without a key, where the model cannot be asked at all, and where IN_A_ROW
    answers one after the other have no level. What was answered before is stored."""
    if not 1 <= at_once <= MOST_AT_ONCE:
        raise Refused(f"at once are 1 to {MOST_AT_ONCE} calls, not {at_once}", way=("at-once 4",))
    run = prepared(person, engine, judge, about, reads=True)
    asked, begun = run.to_ask, time.monotonic()
    key = key_in(judge.key_from, judge.file.model) if asked else ""
    number = _begin(person, run)
    told = _Told(len(asked), at_once, tell)
    if asked:
        with ChatClient(judge.file.address, key, seconds=patience.seconds) as client:
            _ask(client, run, number, at_once, patience, told, lambda answers: _keep(person, run, number, answers))
    made = labels_made(person, run, number, name)
    price = judge.file.price
    return Judged(
        judge.name,
        run.drafts.called,
        made.label_set,
        made.is_new,
        made.labels,
        told.done,
        plan_of(run, at_once).before,
        told.attempts,
        dict(told.errors.most_common()),
        told.tokens_in,
        told.tokens_out,
        time.monotonic() - begun,
        price.of(told.tokens_in, told.tokens_out) if price else None,
        price.currency if price else "",
        tuple(sorted(told.models)),
        (*run.drafts.left_out, *made.left_out),
        len(asked) - told.done,
    )


class _Told:
    """What came so far, and whom to tell."""

    def __init__(self, of: int, at_once: int, tell: Callable[[StepOfJudging], None] | None):
        self.of, self.at_once, self._tell = of, at_once, tell
        self.done = self.attempts = self.tokens_in = self.tokens_out = self.ms = self.in_a_row = 0
        self.errors: Counter[str] = Counter()
        self.models: set[str] = set()

    def add(self, answer: ModelAnswer) -> None:
        self.done += 1
        self.attempts += answer.attempts
        self.tokens_in += answer.tokens_in
        self.tokens_out += answer.tokens_out
        self.ms += answer.ms
        self.in_a_row = self.in_a_row + 1 if answer.error else 0
        if answer.error:
            self.errors[answer.error] += 1
        if answer.model:
            self.models.add(answer.model)

    def tell(self) -> None:
        left = (self.of - self.done) * self.ms / self.done / 1_000 / self.at_once if self.done else None
        step = StepOfJudging(self.done, self.of, sum(self.errors.values()), self.tokens_in + self.tokens_out, left)
        if self._tell:
            self._tell(step)


Answered = list[tuple[Question, ModelAnswer]]


def _left_to_ask(run: PreparedRun, number: int, at_once: int, told: _Told) -> Iterator[Question]:
    """The questions, looked up again before they are asked: another run of the judge may go on at the same time, and what it has
    an answer to is not paid for twice. While one is unfinished they come in an order of this run's own, so that the two are not
    at the same question."""
    left = run.to_ask
    with reading(run.engine) as connection:
        if stored.is_another_unfinished(connection, number):
            random.Random(number).shuffle(left)
    for start in range(0, len(left), at_once):
        part = left[start : start + at_once]
        with reading(run.engine) as connection:
            answered = stored.answers_under(connection, [each.key for each in part])
        told.of -= len(answered)
        yield from (each for each in part if each.key not in answered)


def _ask(
    client: ChatClient,
    run: PreparedRun,
    number: int,
    at_once: int,
    patience: Patience,
    told: _Told,
    keep: Callable[[Answered], None],
) -> None:
    """Ask all that is left to ask. However it ends, what is under way is waited for, and kept."""
    stopping, batch, kept_at = threading.Event(), Answered(), time.monotonic()
    left = _left_to_ask(run, number, at_once, told)
    under_way: dict[Future[ModelAnswer], Question] = {}
    with ThreadPoolExecutor(at_once) as pool:
        try:
            while True:
                while len(under_way) < at_once and (question := next(left, None)):
                    prompt = run.prompts[question.dimension]
                    body = body_of(run.judge, prompt, question.draft.shown, question.repeat)
                    under_way[pool.submit(answer_to, client, body, prompt.dimension, patience, stopping)] = question
                if not under_way:
                    break
                done, _ = wait(under_way, timeout=DRAW, return_when=FIRST_COMPLETED)
                new = [(under_way.pop(each), each.result()) for each in done]
                batch += new
                for _, answer in new:
                    told.add(answer)
                if len(batch) >= KEPT_AT_ONCE or time.monotonic() - kept_at > KEPT_AFTER:
                    batch, kept_at, whole = Answered(), time.monotonic(), batch
                    keep(whole)
                told.tell()
                _refuse_hopeless(run.judge, patience, told, new)
        finally:
            stopping.set()
            wait(under_way)
            keep([*batch, *((question, each.result()) for each, question in under_way.items())])


def _begin(person: Person, run: PreparedRun) -> int:
    """The run's row, and the judge's where it is used for the first time."""
    with recorded(person, run.engine, "run judge", judge=run.judge.name) as connection:
        project = settle_rubric(person, connection, run.rubric.name)
        stored_projects.hold_names(connection, project.id)
        rubric, version = rubrics.ready_to_use(connection, run.rubric.name)
        if rubric.digest != run.rubric.digest:
            raise Refused(f"{rubric.name} was changed just now, so nothing was asked; run this again")
        judge = keep_judge(connection, person, project.id, run.judge, version)
        return stored.add_run(connection, judge=judge, person=person.id, drafts=run.drafts.called, at=clock.now())


def _keep(person: Person, run: PreparedRun, number: int, answers: Answered) -> None:
    rows = [
        {
            "run": number,
            "draft": question.draft.id,
            "dimension": question.dimension,
            "repeat": question.repeat,
            "key": question.key,
            "level": None if answer.level is None else str(answer.level),
            "reason": answer.reason or None,
            "error": answer.error or None,
            **{name: getattr(answer, name) for name in ("attempts", "ms", "tokens_in", "tokens_out", "model")},
            "answered_at": clock.now(),
            "chances": None if answer.chances is None else list(answer.chances),
        }
        for question, answer in answers
        if answer.error != STOPPED
    ]
    if rows:
        with recorded(person, run.engine, "keep judge answers", judge=run.judge.name) as connection:
            settle(connection)
            stored.add_answers(connection, rows)


def _refuse_hopeless(judge: LLMJudge, patience: Patience, told: _Told, new: Answered) -> None:
    """Raises Refused where no draft will have an answer: what is asked for is not there, or nothing but errors comes."""
    last = next((answer.failed for _, answer in new if answer.failed), None)
    if last is not None and last.status in FINAL:
        raise Refused(failure_in_words(last, judge.file.model, judge.file.address, patience.seconds))
    if told.in_a_row >= IN_A_ROW:
        kinds = listed([f"{kind} {number:,}" for kind, number in told.errors.most_common(4)])
        hint = "; if the server takes no JSON schema, write schema: false under parameters" if told.errors["status 400"] else ""
        raise Refused(
            f"{many(told.in_a_row, 'answer')} of {judge.file.model} in a row had no level ({kinds}), so the run was not gone on "
            f"with; what was answered is kept{hint}"
        )
