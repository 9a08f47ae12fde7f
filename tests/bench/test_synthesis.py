"""Tasks by two models: families, keys, resuming, verdicts kept, and judges compared on the same candidates."""

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from tests.bench.stub_models import serving
from tests.support.commands import document, done, refused, sentence
from tests.support.small_stores import people, rows
from touchstone.bench.synthesis.acceptance import in_words, paired
from touchstone.bench.synthesis.answers import NoAnswer, task_in, verdict_in
from touchstone.bench.synthesis.recipe import read_recipe
from touchstone.errors import Refused
from workflow.bench.candidates import candidates_of, sign_off
from workflow.bench.spaces import counted_methods
from workflow.bench.synthesis import planned, recipe_in, synthesise

KEY, OTHER_KEY = "sk-generator-1234567", "sk-judge-7654321"
RECIPE = """\
recipe: repairs-by-models
wanted: 4
generator: {{model: heron-2, family: Heron, address: "{at}"}}
judge: {{model: otter-7, family: otter, address: "{at}"}}
also: [{{model: heron-1, family: heron, address: "{at}"}}]
ask: Write a task of a bicycle shop.
variations: [a courier, a child]
criteria: Accept it only if the part is named.
"""


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_GENERATOR_KEY", KEY)
    monkeypatch.setenv("TOUCHSTONE_JUDGE_KEY", OTHER_KEY)


def number_of(body) -> int:
    return body["seed"]


def say(body) -> str:
    """The generator writes a task a number; otter accepts every other one, heron all."""
    if body["model"] == "heron-2":
        return json.dumps({"signals": [{"field": "report", "value": f"A squeak, number {number_of(body)}"}]})
    accepts = body["model"] == "heron-1" or number_of(body) % 2 == 0
    return json.dumps({"verdict": "accept" if accepts else "reject", "reason": "as it is"})


def recipe(stub, text: str = RECIPE):
    return recipe_in(text.format(at=stub.address).encode(), "recipe.yml")


def test_every_verdict_is_kept_and_what_the_judge_lets_pass_waits_for_a_person(engine, keys):
    (lead,) = people(engine, "lead")
    with serving(say) as stub:
        asked = recipe(stub)
        assert planned(lead, engine, asked).sentence == "4 calls to the generator, and up to 8 calls to judges"
        made = synthesise(lead, engine, asked)
        assert (made.candidates, made.passed, made.failed, made.tokens) == (4, 2, (), 12 * 7)
        assert "2 of 4 candidates were let pass and wait for a sign-off" in made.sentence
        (pair,) = made.compared
        assert (pair.n, pair.both, pair.only_a, pair.only_b, pair.p_value) == (4, 2, 0, 2, 0.5)
        assert set(stub.keys) == {f"Bearer {KEY}", f"Bearer {OTHER_KEY}"}
        again = synthesise(lead, engine, asked)
        assert len(stub.asked) == 12 and again.tokens == 0, "nothing is paid for twice"
        assert planned(lead, engine, asked).sentence.startswith("everything was answered already; 12 answers of before")
    waiting = candidates_of(lead, engine)
    assert [each.document["signals"][0]["value"][-1] for each in waiting] == ["0", "2"]
    assert counted_methods(lead, engine) == {}, "no task without a person's word"
    sign_off(lead, engine, waiting[0].task_id)
    assert counted_methods(lead, engine) == {"synthesis": 1}
    origin = waiting[0].document["origin"]
    assert (origin["generator"], origin["judge"]) == (
        {"model": "heron-2", "family": "Heron"},
        {"model": "otter-7", "family": "otter"},
    )
    kept = rows(
        engine, "SELECT judge, verdict, COUNT(*) FROM candidate_verdicts WHERE person IS NULL GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert kept == [("heron-1", "accepted", 4), ("otter-7", "accepted", 2), ("otter-7", "rejected", 2)]


def test_a_task_that_the_judge_rejected_cannot_be_signed_off(engine, keys):
    (lead,) = people(engine, "lead")
    with serving(say) as stub:
        synthesise(lead, engine, recipe(stub))
    (first, *_) = rows(
        engine, "SELECT task_id FROM candidates JOIN candidate_verdicts ON candidate = candidates.id WHERE verdict = 'rejected'"
    )
    with pytest.raises(Refused, match="there is no candidate"):
        sign_off(lead, engine, first[0])


def test_a_run_that_breaks_off_goes_on_where_it_was(engine, keys):
    (lead,) = people(engine, "lead")

    def breaks(body):
        return 500 if body["model"] == "otter-7" and number_of(body) == 2 and broken else say(body)

    broken = True
    with serving(breaks) as stub:
        with pytest.raises(Refused, match=r"otter-7 answered with an error \(500\); check its name and address, and run this"):
            synthesise(lead, engine, recipe(stub))
        before = len(stub.asked)
        broken = False
        made = synthesise(lead, engine, recipe(stub))
        assert (made.candidates, made.passed) == (4, 2)
        assert len(stub.asked) == 13 and before == 8 and stub.of("heron-2") == 4, "the call that failed alone is made again"


def test_answers_that_are_none_are_told_and_only_they_are_asked_again(engine, keys):
    (lead,) = people(engine, "lead")
    confused = True

    def mumbles(body):
        if confused and number_of(body) == 1:
            return "I would rather not."
        if confused and number_of(body) == 3 and body["model"] == "otter-7":
            return '{"verdict": "maybe"}'
        return say(body)

    with serving(mumbles) as stub:
        made = synthesise(lead, engine, recipe(stub))
        assert made.failed == (
            "task 2 by heron-2: it is not JSON that can be read",
            "the verdict of otter-7 on task 4: its verdict is a text, neither accept nor reject",
        )
        asked = len(stub.asked)
        confused = False
        assert synthesise(lead, engine, recipe(stub)).failed == ()
        assert len(stub.asked) - asked == 4, "a task with its two verdicts, and one verdict"


def test_a_missing_key_is_said_before_anything_is_asked_or_stored(engine, monkeypatch):
    (lead,) = people(engine, "lead")
    monkeypatch.setenv("TOUCHSTONE_GENERATOR_KEY", KEY)
    monkeypatch.delenv("TOUCHSTONE_JUDGE_KEY", raising=False)
    with serving(say) as stub:
        with pytest.raises(Refused, match="otter-7 needs a key, and TOUCHSTONE_JUDGE_KEY is not set"):
            synthesise(lead, engine, recipe(stub))
        assert stub.asked == []
    assert rows(engine, "SELECT COUNT(*) FROM synthesis_runs") == [(0,)]


def test_no_key_stands_in_the_store_the_log_or_a_refusal(engine, keys, caplog):
    (lead,) = people(engine, "lead")
    caplog.set_level(logging.DEBUG)
    with serving(lambda body: 401) as stub:
        with pytest.raises(Refused) as wrong:
            synthesise(lead, engine, recipe(stub))
        assert "with a key that is not taken (401)" in wrong.value.sentence
    with serving(say) as stub:
        synthesise(lead, engine, recipe(stub))
    told = wrong.value.sentence + caplog.text
    for table in ("synthesis_runs", "candidates", "candidate_verdicts", "events"):
        told += repr(rows(engine, f"SELECT * FROM {table}"))
    assert "otter-7" in told and KEY not in told and OTHER_KEY not in told


def test_what_is_no_such_server_is_refused(engine, keys):
    (lead,) = people(engine, "lead")
    with serving(say) as stub:
        gone = recipe(stub)
    with pytest.raises(Refused, match="heron-2 cannot be reached at http://127.0.0.1"):
        synthesise(lead, engine, gone)
    with serving(lambda body: 302) as stub, pytest.raises(Refused, match=r"is elsewhere by now \(302\)"):
        synthesise(lead, engine, recipe(stub))


def test_a_run_of_the_same_name_with_other_words_is_refused(engine, keys):
    (lead,) = people(engine, "lead")
    with serving(say) as stub:
        synthesise(lead, engine, recipe(stub))
        with pytest.raises(Refused, match="was begun with another criteria; give this recipe another name"):
            synthesise(lead, engine, recipe(stub, RECIPE.replace("part is named", "price is named")))


WRONG = [
    ("family: otter", "family: HERON", "generator and judge are both of the family HERON; a model that judges its own family's"),
    ("model: otter-7", "model: heron-2", "generator and judge are both heron-2"),
    ("wanted: 4", "wanted: true", "line 2: wanted is true; it takes a number from 1 to 1,000"),
    ("wanted: 4", "wanted: 4\nkey: sk-1", "line 3: key is an unknown field"),
    (
        'address: "{at}"}}\njudge',
        'address: "http://me:sk-1@x"}}\njudge',
        "it takes an address that begins with http:// or https://",
    ),
    ("model: heron-1", "model: otter-7", "judge and also name one model twice"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_recipe_is_refused_with_its_line(old, new, said):
    text = RECIPE.replace(old, new, 1)
    assert text != RECIPE
    problems = read_recipe(text.format(at="http://127.0.0.1:1/v1").encode()).problems
    assert any(said in str(each) for each in problems), problems


@pytest.mark.parametrize(
    "answer", ["", "[]", "null", "{", '{"verdict": true}', '{"verdict": "accept", "reason": 3}', "x" * 300_000, "[" * 90_000]
)
def test_what_is_no_verdict_is_none(answer):
    with pytest.raises(NoAnswer):
        verdict_in(answer)


def test_a_generator_has_no_say_in_its_origin_or_id():
    asked = read_recipe(RECIPE.format(at="http://127.0.0.1:1/v1").encode()).recipe
    answer = {"task_id": "mine", "origin": {"method": "written"}, "signals": [{"field": "a", "value": "b"}]}
    made = task_in(f"```json\n{json.dumps(answer)}\n```", asked, "by-models-1")
    assert (made.task_id, made.origin.method) == ("by-models-1", "synthesis")


@given(st.dictionaries(st.integers(0, 30), st.booleans()), st.dictionaries(st.integers(0, 30), st.booleans()))
def test_judges_are_compared_on_common_candidates_alone_by_mcnemars_exact_test(of_a, of_b):
    pair = paired("a", of_a, "b", of_b)
    common = of_a.keys() & of_b.keys()
    assert pair.n == len(common) == pair.both + pair.only_a + pair.only_b + pair.neither
    if differing := pair.only_a + pair.only_b:
        assert pair.p_value == pytest.approx(binomtest(pair.only_a, differing).pvalue)
    if common:
        assert pair.difference.low <= pair.difference.value <= pair.difference.high
        assert "on the same" in in_words(pair)
    else:
        assert pair.difference.value is None and "no candidate was judged by both" in in_words(pair)


def test_the_interval_of_a_difference_is_bonett_and_prices():
    """By hand: n 10, 5 by a alone, 1 by b alone: p12 6/12, p21 2/12; .3333 +- 1.96 sqrt((.6667 - .1111) / 12)."""
    pair = paired("a", {each: each < 6 for each in range(10)}, "b", {each: each in (0, 9) for each in range(10)})
    assert (pair.only_a, pair.only_b) == (5, 1)
    assert pair.difference.value == pytest.approx(0.4)
    assert (pair.difference.low, pair.difference.high) == (pytest.approx(-0.0884, abs=1e-4), pytest.approx(0.7551, abs=1e-4))


def test_the_command_says_what_it_would_cost_and_what_it_came_to(sample_url, tmp_path, keys):
    file = tmp_path / "recipe.yml"
    with serving(say) as stub:
        file.write_text(RECIPE.format(at=stub.address))
        assert document("bench synthesise", file, "--plan", "--json") == {"generator_calls": 4, "judge_calls": 8, "stored": 0}
        said = done("bench synthesise", file)
        assert "4 calls to the generator, and up to 8 calls to judges" in said and "were let pass" in said
        assert "on the same 4: otter-7 (otter) accepts 50%, heron-1 (heron) 100%" in said
        assert document("bench synthesise", file, "--json")["compared"][0]["table"] == [[2, 0], [2, 0]]
    assert "cannot be read" in sentence("bench synthesise", tmp_path / "nowhere.yml")
    file.write_text("recipe: x\n")
    assert "has no" in refused("bench synthesise", file) or "is missing" in refused("bench synthesise", file)
