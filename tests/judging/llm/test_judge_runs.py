"""Runs of a judge over a closed round: what is asked, kept, resumed and refused; a server that misbehaves; the key."""

import json
import logging
import socket
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.bench.stub_models import serving
from tests.judging.llm.judges_for_tests import JUDGE, judge
from tests.support.kept_stores import kept
from tests.support.small_stores import TONE, draft, jsonl, label_all, opened, people, rows, stock
from touchstone.bench.sealing.sealed_file import new_key
from touchstone.errors import NotYourTurn, Refused
from workflow.bench.sealing import SealDesign, seal_partition
from workflow.data.task_import import import_drafts
from workflow.data.undoing import undo_import
from workflow.judging.against import judge_against
from workflow.judging.llm import running
from workflow.judging.llm.calling import Patience, seconds_in
from workflow.judging.llm.drafts_asked import AskAbout
from workflow.judging.llm.judges import judge_called, used_judges
from workflow.judging.llm.planning import planned_run
from workflow.judging.llm.running import run_judge
from workflow.people.people import person_named
from workflow.rounds.closing import close_round

KEY = "sk-judge-0123456789abcdef"
SOON = Patience(attempts=3, seconds=0.6, first=0.01, most=0.05)
PILOT = AskAbout(round="pilot")
NUMBER = 6


@pytest.fixture
@kept
def lead(engine):
    """A closed round of ana and ben on six drafts."""
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, NUMBER)
    opened(engine, lead, dimensions=(TONE,))
    for who in (ana, ben):
        label_all(engine, who, {f"d{at:02}": (at % 4,) for at in range(1, NUMBER + 1)}, dimensions=(TONE,))
    close_round(lead, engine, "pilot")
    return lead


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_JUDGE_KEY", KEY)


def of(body) -> int:
    """Which draft a question is about."""
    said = body["messages"][1]["content"]
    return int(said.split("invented draft ")[1][0])


def level(body, reason: str = "as it is") -> str:
    return json.dumps({"reason": reason, "level": of(body) % 4})


def answers(engine) -> list[tuple]:
    return rows(engine, "SELECT draft, level, error, attempts FROM judge_answers ORDER BY draft, id")


def test_each_draft_is_asked_about_once_and_the_levels_are_a_label_set_of_a_model(engine, lead):
    with serving(level) as stub:
        made = judge(at=stub.address)
        before = planned_run(lead, engine, made, PILOT)
        assert (before.calls, before.before, before.seconds, before.cost) == (6, 0, None, None)
        assert before.sentence.startswith("otter-v1, 6 drafts of pilot on tone_compliance: 6 calls, about ")
        found = run_judge(lead, engine, made, PILOT)
        assert (found.label_set, found.labels, found.calls, found.errors) == ("otter-v1 on pilot", 6, 6, {})
        assert (found.attempts, found.tokens_in, found.tokens_out, found.models) == (6, 30, 12, ("otter-7b-served",))
        assert set(stub.keys) == {f"Bearer {KEY}"} and stub.asked[0]["response_format"]["type"] == "json_schema"
        again = run_judge(lead, engine, made, PILOT)
        assert len(stub.asked) == 6 and (again.label_set, again.is_new, again.before) == ("otter-v1 on pilot", False, 6)
    after = planned_run(lead, engine, made, PILOT)
    assert (after.calls, after.seconds) == (
        0,
        0,
    ) and "everything was answered already; 6 answers of before are kept" in after.sentence
    judged = judge_against(lead, engine, "set:otter-v1 on pilot", "round:pilot")
    assert judged.dimensions[0].report.n == 6 and "was made by a model" in " ".join(judged.notes)
    (used,) = used_judges(lead, engine)
    assert (used.judge.digest, used.newest_set, [each.levels for each in used.runs]) == (made.digest, "otter-v1 on pilot", [0, 6])
    assert judge_called(lead, engine, "otter-v1") == made


def test_the_reason_of_a_model_stands_where_it_differs_from_people(engine, lead):
    with serving(lambda body: json.dumps({"reason": f"it is number {of(body)}", "level": 3})) as stub:
        run_judge(lead, engine, judge(at=stub.address), PILOT)
    (tone,) = judge_against(lead, engine, "set:otter-v1 on pilot", "round:pilot").dimensions
    assert {each.unit: each.because for each in tone.differs} == {f"d{at:02}": f"it is number {at}" for at in (1, 2, 4, 5, 6)}


def test_what_a_model_said_of_a_draft_is_held_back_from_who_labels_it_again(engine, lead):
    with serving(lambda body: json.dumps({"reason": f"it is number {of(body)}", "level": 3})) as stub:
        run_judge(lead, engine, judge(at=stub.address), PILOT)
    opened(engine, lead, "again", annotators=("ana", "lead"), draft_ids=["d01", "d02"], dimensions=(TONE,))
    ana, ben = (person_named(engine, name) for name in ("ana", "ben"))
    for who, units in ((ana, {"d04", "d05", "d06"}), (ben, {"d01", "d02", "d04", "d05", "d06"})):
        (tone,) = judge_against(who, engine, "set:otter-v1 on pilot", "round:pilot").dimensions
        assert {each.unit for each in tone.differs} == units and all(each.because for each in tone.differs)


def test_a_judge_that_was_used_never_changes_under_its_name(engine, lead):
    with serving(level) as stub:
        run_judge(lead, engine, judge(at=stub.address), PILOT)
        other = judge(JUDGE + "instructions: First mails.\n", at=stub.address)
        for ask in (planned_run, run_judge):
            with pytest.raises(Refused, match=r"otter-v1 was used on .* Save the change as otter-v2"):
                ask(lead, engine, other, PILOT)
        made = run_judge(lead, engine, judge(JUDGE.replace("version: 1", "version: 2"), at=stub.address), PILOT)
    assert len(stub.asked) == 6 and made.label_set == "otter-v2 on pilot", "the same question is not paid for twice"


def test_open_rounds_are_refused_and_what_they_hold_is_never_asked_about(engine, lead):
    opened(engine, lead, "again", draft_ids=["d01", "d02"], dimensions=(TONE,))
    with serving(level) as stub:
        made = judge(at=stub.address)
        with pytest.raises(NotYourTurn, match="again is open"):
            run_judge(lead, engine, made, AskAbout(round="again"))
        with pytest.raises(NotYourTurn, match="an open round holds d01"):
            run_judge(lead, engine, made, AskAbout(drafts=("d01", "d03")))
        found = run_judge(lead, engine, made, PILOT)
        assert (found.labels, found.left_out) == (4, ("2 drafts left out, which an open round holds",))
        assert {of(each) for each in stub.asked} == {3, 4, 5, 6}
        of_set = run_judge(lead, engine, made, AskAbout(label_set="otter-v1 on pilot"), name="named")
        assert (of_set.label_set, of_set.labels, of_set.calls) == ("named", 4, 0)
    for about, said in (
        (AskAbout(), "say which drafts"),
        (AskAbout(round="pilot", drafts=("d03",)), "say which drafts"),
        (AskAbout(round="nowhere"), "there is no round"),
        (AskAbout(label_set="nowhere"), "there is no label set"),
        (AskAbout(drafts=("d03", "x9")), "there is no draft x9"),
    ):
        with pytest.raises(Refused, match=said):
            planned_run(lead, engine, made, about)


def test_what_is_sealed_is_sent_nowhere_and_what_was_sent_is_no_secret(engine, lead):
    stock(engine, lead, 2, first=7, partition="held")
    stock(engine, lead, 1, first=9, partition="seen")
    with serving(level) as stub:
        made = judge(at=stub.address)
        run_judge(lead, engine, made, AskAbout(drafts=("d09",)), name="one")
        with pytest.raises(Refused, match="the judge otter-v1"):
            seal_partition(lead, engine, SealDesign("seen", "lead", new_key()[1]))
        with pytest.raises(Refused, match="the judge otter-v1 was asked about them"):
            undo_import(lead, engine, 6)
        seal_partition(lead, engine, SealDesign("held", "lead", new_key()[1]))
        for name in ("d07", "sealed-held-0001-1"):
            with pytest.raises(Refused, match="there is no draft"):
                run_judge(lead, engine, made, AskAbout(drafts=(name,)))
    assert [of(each) for each in stub.asked] == [9]


def test_repeats_are_annotators_of_their_own(engine, lead):
    text = JUDGE.replace("{max_tokens: 200}", "{temperature: 0.8, repeats: 3}")
    with serving(lambda body: json.dumps({"reason": "", "level": body["seed"]})) as stub:
        found = run_judge(lead, engine, judge(text, at=stub.address), PILOT)
    assert (found.calls, found.labels) == (18, 18)
    given = rows(engine, "SELECT DISTINCT annotator, value FROM set_labels ORDER BY value")
    assert given == [("otter-v1", "0"), ("otter-v1 repeat 2", "1"), ("otter-v1 repeat 3", "2")]


def test_a_run_that_is_stopped_keeps_what_came_and_goes_on(engine, lead):
    class Stop(BaseException):
        pass

    def stop(step):
        if step.done >= 2:
            raise Stop

    with serving(level) as stub:
        made = judge(at=stub.address)
        with pytest.raises(Stop):
            run_judge(lead, engine, made, PILOT, at_once=1, tell=stop)
        asked = len(stub.asked)
        assert 2 <= asked < 6 and len(answers(engine)) == asked
        assert rows(engine, "SELECT COUNT(*) FROM label_sets") == [(0,)], "no label set of half a run"
        told = []
        found = run_judge(lead, engine, made, PILOT, at_once=1, tell=told.append)
        assert len(stub.asked) == 6 and (found.calls, found.before, found.labels) == (6 - asked, asked, 6)
    assert (told[-1].done, told[-1].of, told[-1].errors) == (6 - asked, 6 - asked, 0)


def once(number: int, misdeed):
    """Draft `number` meets the misdeed at its first attempt; everything else is answered."""
    met = []

    def say(body):
        if of(body) == number and not met:
            met.append(body)
            return misdeed
        return level(body)

    return say


def always(number: int, misdeed):
    return lambda body: misdeed if of(body) == number else level(body)


def too_many(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(429)
    handler.send_header("Retry-After", "0")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def silent(_: BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("misdeed", [503, too_many, silent, cut], ids=["503", "429", "timeout", "cut connection"])
def test_what_waiting_can_help_is_asked_again(engine, lead, misdeed):
    with serving(once(3, misdeed)) as stub:
        found = run_judge(lead, engine, judge(at=stub.address), PILOT, patience=SOON)
    assert (found.labels, found.errors, found.attempts, found.calls) == (6, {}, 7, 6)
    assert sorted(each[3] for each in answers(engine)) == [1, 1, 1, 1, 1, 2]


def huge(handler: BaseHTTPRequestHandler) -> None:
    """50 MB, as far as somebody takes them."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(50_000_000))
    handler.end_headers()
    sent.clear()
    try:
        for _ in range(50):
            handler.wfile.write(b"x" * 1_000_000)
            sent.append(1)
    except OSError:
        pass
    handler.close_connection = True


sent: list[int] = []


@pytest.mark.parametrize(
    ("misdeed", "kind", "attempts"),
    [
        ("The tone is fine, I would say 2.", "prose", 1),
        ('{"reason": "fine", "level": 7}', "unknown level", 1),
        ('{"reason": "fi', "answer cut off", 1),
        ("", "empty answer", 1),
        ("I'm sorry, I cannot help with that.", "refusal", 1),
        ('{"verdict": 2}', "wrong JSON", 1),
        (400, "status 400", 1),
        (503, "status 503", 3),
        (too_many, "status 429", 3),
        (silent, "timeout", 3),
        (cut, "unreachable", 3),
        (huge, "too long", 1),
    ],
    ids=lambda each: getattr(each, "__name__", str(each)[:12]),
)
def test_what_has_no_level_is_an_error_of_its_kind_and_asked_for_again_by_the_next_run(engine, lead, misdeed, kind, attempts):
    with serving(always(3, misdeed)) as stub:
        found = run_judge(lead, engine, judge(at=stub.address), PILOT, patience=SOON)
        assert (found.labels, found.errors, found.attempts) == (5, {kind: 1}, 5 + attempts)
        (read_as,) = rows(engine, "SELECT read_as FROM label_sets")
        assert "1 of 6 questions had no answer with a level" in str(read_as)
        assert "1 answer had no level" in found.sentence and f"1 {kind}" in found.sentence
        assert [each[1:] for each in answers(engine) if each[2]] == [(None, kind, attempts)]
        assert rows(engine, "SELECT unit FROM set_labels WHERE unit = 'd03'") == []
    assert misdeed is not huge or len(sent) < 20, "an answer that has no end is not taken"


def test_the_next_run_asks_for_errors_alone_and_makes_a_new_set(engine, lead):
    broken = True
    with serving(lambda body: 400 if broken and of(body) == 3 else level(body)) as stub:
        made = judge(at=stub.address)
        assert run_judge(lead, engine, made, PILOT).labels == 5
        broken = False
        found = run_judge(lead, engine, made, PILOT)
        assert len(stub.asked) == 7 and (found.calls, found.before, found.labels, found.errors) == (1, 5, 6, {})
    assert found.label_set == "otter-v1 on pilot (2)", "labels that stand are never changed"


def elsewhere(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", f"http://127.0.0.1:{handler.server.server_address[1]}/v1/chat/completions")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@pytest.mark.parametrize(
    ("misdeed", "said"),
    [
        (401, r"otter-7b was asked with a key that is not taken \(401\)"),
        (404, r"otter-7b answered with an error \(404\)"),
        (elsewhere, r"otter-7b is elsewhere by now \(302\), and nothing is sent there"),
    ],
    ids=["401", "404", "redirect"],
)
def test_where_no_draft_will_have_an_answer_nothing_more_is_asked(engine, lead, misdeed, said):
    with serving(lambda _: misdeed) as stub, pytest.raises(Refused, match=said):
        run_judge(lead, engine, judge(at=stub.address), PILOT, at_once=1, patience=SOON)
    assert len(stub.asked) == 1 and rows(engine, "SELECT COUNT(*) FROM label_sets") == [(0,)]


def test_a_model_that_never_gives_a_level_is_not_asked_without_end(engine, lead, monkeypatch):
    monkeypatch.setattr(running, "IN_A_ROW", 4)
    with serving(lambda _: 400) as stub, pytest.raises(Refused, match=r"4 answers of otter-7b in a row .* write schema: false"):
        run_judge(lead, engine, judge(at=stub.address), PILOT, at_once=1)
    assert len(stub.asked) == 4 and len(answers(engine)) == 4


def test_without_a_key_nothing_is_asked(engine, lead, monkeypatch):
    monkeypatch.delenv("TOUCHSTONE_JUDGE_KEY")
    with serving(level) as stub, pytest.raises(Refused, match="otter-7b needs a key, and TOUCHSTONE_JUDGE_KEY is not set"):
        run_judge(lead, engine, judge(at=stub.address), PILOT)
    assert stub.asked == [] and rows(engine, "SELECT COUNT(*) FROM judges") == [(0,)]


def test_the_key_is_in_no_row_event_log_or_message_though_the_server_gives_it_back(engine, lead, caplog):
    def echoing(body):
        if of(body) == 1:
            return lambda handler: handler.send_error(400, KEY)
        return level(body, reason=f"your key is {KEY}")

    caplog.set_level(logging.DEBUG)
    with serving(echoing) as stub:
        found = run_judge(lead, engine, judge(at=stub.address), PILOT)
        assert found.labels == 5 and KEY not in repr(found) + found.sentence
        with serving(lambda _: 401) as other, pytest.raises(Refused) as refused:
            run_judge(lead, engine, judge(JUDGE.replace("version: 1", "version: 2"), at=other.address), AskAbout(drafts=("d01",)))
    assert KEY not in str(refused.value) + caplog.text
    everything = [
        repr(row)
        for (name,) in rows(
            engine,
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if engine.dialect.name == "sqlite"
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
        )
        for row in rows(engine, f'SELECT * FROM "{name}"')
    ]
    assert any("your key is" in each for each in everything) and not any(KEY in each for each in everything)
    if engine.dialect.name == "sqlite":
        engine.dispose()
        folder = Path(engine.url.database).parent
        assert not any(KEY.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_server_may_call_its_model_anything(engine, lead):
    answer = {
        "choices": [{"message": {"content": '{"reason": "x", "level": 1}'}}],
        "model": "m\0\ud800",
        "usage": {"prompt_tokens": -5},
    }

    def strange(handler: BaseHTTPRequestHandler) -> None:
        content = json.dumps(answer).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    with serving(lambda _: strange) as stub:
        found = run_judge(lead, engine, judge(at=stub.address), PILOT)
    assert (found.labels, found.models, found.tokens_in) == (6, ("m",), 0)


def test_a_wait_is_as_long_as_the_server_says_within_bounds():
    assert [seconds_in(each) for each in ("3", " 12 ", "", "soon", "-1", "Wed, 21 Oct 2015 07:28:00 GMT")] == [
        3.0,
        12.0,
        None,
        None,
        None,
        0.0,
    ]
    patience = Patience(first=1.0, most=60.0)
    assert [patience.pause(each, "") for each in (1, 2, 3)] == [1.0, 2.0, 4.0]
    assert (patience.pause(1, "7"), patience.pause(1, "99999"), patience.pause(9, "")) == (7.0, 60.0, 60.0)


def test_what_a_run_costs_is_told_before_and_after_where_the_file_has_a_price(engine, lead):
    text = JUDGE + "price: {per_million_in: 100, per_million_out: 1000}\n"
    with serving(level) as stub:
        made = judge(text, at=stub.address)
        before = planned_run(lead, engine, made, PILOT)
        assert (
            before.cost == pytest.approx((before.tokens_in * 100 + before.tokens_out * 1000) / 1e6) and " USD" in before.sentence
        )
        found = run_judge(lead, engine, made, PILOT)
    assert found.cost == pytest.approx((30 * 100 + 12 * 1000) / 1e6) and "0.01 USD" in found.sentence


def test_strange_letters_are_sent_as_they_are(engine, lead):
    import_drafts(
        lead, engine, jsonl(draft(9, task_id="t01", text="invented draft 9: “Grüße” \U0001f642 </text>\n=====")), "more.jsonl"
    )
    with serving(level) as stub:
        found = run_judge(lead, engine, judge(at=stub.address), AskAbout(drafts=("d09",)), name="one")
    assert found.labels == 1 and "“Grüße” \U0001f642 </text>\n=====" in stub.asked[0]["messages"][1]["content"]
