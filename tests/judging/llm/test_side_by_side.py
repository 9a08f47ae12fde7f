"""Two runs of one judge at once ask each question once; and a call ends in its time, whatever a server does."""

import socket
import threading

import pytest

from tests.bench.stub_models import serving
from tests.judging.llm.judges_for_tests import judge
from tests.judging.llm.test_judge_runs import NUMBER, PILOT, answers, key, lead, level
from touchstone.errors import Refused
from workflow.chat import TIMEOUT, CallFailed, ChatClient
from workflow.judging.llm.planning import planned_run
from workflow.judging.llm.running import run_judge
from workflow.projects.projects import all_projects, archive_project

__all__ = ["key", "lead"]  # fixtures


def test_what_another_run_has_asked_meanwhile_is_not_asked_again(engine, lead):
    with serving(level) as stub:
        made, other = judge(at=stub.address), []

        def beside(step):
            if step.done == 1 and not other:
                other.append(run_judge(lead, engine, made, PILOT, at_once=1))

        found = run_judge(lead, engine, made, PILOT, at_once=1, tell=beside)
        assert len(stub.asked) <= NUMBER + 1, "the one question under way when the other began may be asked twice"
    assert found.meanwhile + found.calls == NUMBER and found.meanwhile >= NUMBER - 2
    assert f"{found.meanwhile} answers of another run at the same time" in found.sentence
    assert (found.label_set, found.labels) == (other[0].label_set, other[0].labels) == ("otter-v1 on pilot", NUMBER)
    assert len(answers(engine)) == len(stub.asked)


def test_nothing_is_planned_for_an_archived_project(engine, lead):
    with serving(level) as stub:
        run_judge(lead, engine, judge(at=stub.address), PILOT)
        (own,) = all_projects(engine)
        archive_project(lead, engine, own.name)
        for asked in (planned_run, run_judge):
            with pytest.raises(Refused, match="is archived"):
                asked(lead, engine, judge(at=stub.address), PILOT)


def test_a_server_that_sends_its_headers_letter_by_letter_holds_nobody_longer_than_the_call_may_take():
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            taken, _ = server.accept()
            with taken:
                taken.recv(65_536)
                try:
                    taken.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                    while not done.wait(0.05):
                        taken.sendall(b"a")
                except OSError:
                    return

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        with ChatClient(f"http://127.0.0.1:{server.getsockname()[1]}/v1", "key", seconds=0.4) as client:
            with pytest.raises(CallFailed) as why:
                client.ask({"model": "m"})
            assert why.value.kind == TIMEOUT
        done.set()
        dripping.join(10)
