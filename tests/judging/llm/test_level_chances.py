"""How likely a model had each level: read from log-probabilities, kept beside the answer, used; without them nothing changes."""

import json
import math

import pytest

from tests.bench.stub_models import serving
from tests.judging.llm.judges_for_tests import JUDGE, judge, rubric
from tests.judging.llm.test_judge_runs import KEY, PILOT
from tests.support.kept_stores import kept
from tests.support.small_stores import TONE, label_all, opened, people, rows, stock
from touchstone.errors import Refused
from touchstone.judging.llm.chances import level_chances
from touchstone.judging.llm.prompts import body_of, cache_key, digest_of, prompt_on
from touchstone.rubric.model import Dimension
from workflow.judging.against import judge_against, judges_and_people
from workflow.judging.llm.drafts_asked import AskAbout
from workflow.judging.llm.running import run_judge
from workflow.rounds.closing import close_round

NUMBER = 40
WITH = JUDGE.replace("max_tokens: 200", "max_tokens: 200, logprobs: true")


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_JUDGE_KEY", KEY)


def tone() -> Dimension:
    return next(each for each in rubric().dimensions if each.key == TONE)


def tokens(*parts: str | dict[str, float]) -> list[dict]:
    """Tokens of an answer: words, or what could stand there with how likely it is, the first being what does."""
    made = []
    for each in parts:
        told = {each: 1.0} if isinstance(each, str) else each
        top = [{"token": word, "logprob": math.log(chance)} for word, chance in told.items()]
        made.append({**top[0], "top_logprobs": top})
    return made


def said(content: list[dict]) -> str:
    return "".join(each["token"] for each in content)


def test_chances_of_levels_are_those_of_the_token_where_the_level_begins():
    """.6 on 2 and .3 on 1, .05 on "x", which is no level: .667 and .333."""
    content = tokens('{"reason": "level 3', ' it is", ', '"level"', ":", {" 2": 0.6, " 1": 0.3, " x": 0.05}, "}")
    assert level_chances(content, said(content), tone()) == pytest.approx((0, 1 / 3, 2 / 3, 0))
    joined = tokens('{"reason": "", "level": ', {"3}": 0.5, "0}": 0.25, "0": 0.25})
    assert level_chances(joined, said(joined), tone()) == pytest.approx((0.5, 0, 0, 0.5))
    quoted = tokens('{"reason": "a", "level": ', {'"': 0.9, "2": 0.1}, {"1": 0.8, "2": 0.2}, '"}')
    assert level_chances(quoted, said(quoted), tone()) == pytest.approx((0, 0.8, 0.2, 0)), "a quote begins every level"


def test_where_the_tokens_do_not_say_there_are_none():
    good = tokens('{"reason": "", "level": ', {"2": 0.6, "1": 0.4}, "}")
    text = said(good)
    none = [{**each, "logprob": None, "top_logprobs": None} for each in good]
    for content, answer in (
        (None, text),
        ([], text),
        ("tokens", text),
        ([1, 2], text),
        (good, text + " "),
        (good[:-1], text),
        (none, text),
        (tokens('{"reason": "", "level": ', {"2": 0.3, "x": 0.7}, "}"), text),
        (tokens("no answer"), "no answer"),
        ([{"token": text, "logprob": float("nan"), "top_logprobs": [{"token": text, "logprob": 5}]}], text),
    ):
        assert level_chances(content, answer, tone()) is None
    ten = tone().model_copy(
        update={
            "levels": tuple(each.model_copy(update={"value": v}) for each, v in zip(tone().levels, (1, 10, 2, 3), strict=True))
        }
    )
    begun = tokens('{"reason": "", "level": ', {"1": 0.9, "2": 0.1}, "0}")
    assert level_chances(begun, said(begun), ten) is None, "1 begins 10 as well"


def test_they_are_asked_for_only_where_the_judge_says_so_and_are_another_question():
    plain, asking = judge(), judge(WITH)
    prompts = [prompt_on(each, rubric(), TONE) for each in (plain, asking)]
    bodies = [body_of(each, prompt, "x", 0) for each, prompt in zip((plain, asking), prompts, strict=True)]
    assert "logprobs" not in bodies[0] and (bodies[1]["logprobs"], bodies[1]["top_logprobs"]) == (True, 20)
    keys = [cache_key(each, rubric(), prompt, "x", 0) for each, prompt in zip((plain, asking), prompts, strict=True)]
    assert keys[0] != keys[1]
    before = {"temperature": 0.0, "max_tokens": 200, "seed": 0, "schema_": True}  # parameters before there were chances
    prompt = prompts[0]
    assert keys[0] == digest_of("otter-7b", rubric().digest, TONE, prompt.digest, digest_of("x"), 0, before), "still known"


@pytest.fixture
@kept
def lead(engine):
    lead, *three = people(engine, "lead", "ana", "ben", "cy")
    stock(engine, lead, NUMBER)
    opened(engine, lead, dimensions=(TONE,), annotators=("ana", "ben", "cy"))
    for who in three:
        label_all(engine, who, {f"d{at:02}": (at % 4,) for at in range(1, NUMBER + 1)}, dimensions=(TONE,))
    close_round(lead, engine, "pilot")
    return lead


def of(body) -> int:
    """Which draft a question is about."""
    return int(body["messages"][1]["content"].split("invented draft ")[1].split(".")[0])


def one_too_low(body) -> dict:
    """A model that says a level under the right one, and holds the right one for likely, too."""
    right = of(body) % 4
    given = max(right - 1, 0)
    likely = {str(given): 0.55, str(right): 0.4} if given != right else {str(given): 0.95}
    content = tokens('{"reason": "as it is", "level": ', likely, "}")
    return {"message": {"content": said(content)}, "logprobs": {"content": content}}


@pytest.mark.both_databases
def test_chances_are_kept_beside_the_answer_and_a_head_on_gold_mends_what_the_model_gets_wrong(engine, lead):
    with serving(one_too_low) as stub:
        made = run_judge(lead, engine, judge(WITH, at=stub.address), PILOT)
    assert (made.labels, made.errors) == (NUMBER, {})
    assert rows(engine, "SELECT count(*) FROM judge_chances") == [(NUMBER,)]
    own = judge_against(lead, engine, f"set:{made.label_set}", "round:pilot")
    report = own.dimensions[0].report
    assert report.judge.value < 0.3 and report.pass_fail.brier.value is not None and report.pass_fail.bins
    assert any("nothing has calibrated them" in each for each in own.notes)
    assert f"head:{made.label_set}" in judges_and_people(engine)[0]
    mended = judge_against(lead, engine, f"head:{made.label_set}", "round:pilot")
    better = mended.dimensions[0].report
    assert mended.judge == f"head:{made.label_set}" and better.judge.value > 0.9
    assert better.pass_fail.brier.value < report.pass_fail.brier.value
    assert not any("nothing has calibrated" in each for each in mended.notes)


def test_a_server_that_tells_none_changes_nothing(engine, lead):
    with serving(lambda body: json.dumps({"reason": "as it is", "level": of(body) % 4})) as stub:
        made = run_judge(lead, engine, judge(WITH, at=stub.address), AskAbout(drafts=("d01", "d02", "d03")))
    assert (made.labels, made.errors) == (3, {}) and rows(engine, "SELECT count(*) FROM judge_chances") == [(0,)]
    own = judge_against(lead, engine, f"set:{made.label_set}", "round:pilot")
    assert own.dimensions[0].report.pass_fail.brier.value is None
    with pytest.raises(Refused, match="has no chances of its levels: run its judge with logprobs: true"):
        judge_against(lead, engine, f"head:{made.label_set}", "round:pilot")
