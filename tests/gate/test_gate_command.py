"""`touchstone gate` and `manage.py gate`: a decision a line, as it comes; exit 0, 1, 2."""

import io
import json

import pytest

from tests.gate.policies import SOURCE, policy, policy_source, rubric
from tests.support.commands import run
from touchstone.files.text import LONGEST_LINE
from touchstone.gate.deciding import Gate
from touchstone.gate.draft_lines import decisions_on

THANKS = {"task_id": "t1", "draft_id": "d1", "text": "Thanks.", "judges": {"stars": 0.9}}
RUDE = {"task_id": "t1", "draft_id": "d2", "text": "Rubbish."}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "replies-v1.yml").write_text(SOURCE)
    (tmp_path / "enforce.yml").write_bytes(policy_source())
    (tmp_path / "shadow.yml").write_bytes(policy_source("shadow"))
    (tmp_path / "off.yml").write_bytes(policy_source("off"))
    (tmp_path / "tasks.jsonl").write_text('{"task_id": "t1", "input": {"thread": "Where is it?"}}\n')
    return tmp_path


def gated(folder, *drafts, policy="enforce", more=()):
    """Exit, decisions by line, stderr."""
    typed = "".join((each if isinstance(each, str) else json.dumps(each)) + "\n" for each in drafts)
    result = run("gate", "--policy", folder / f"{policy}.yml", *more, typed=typed)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def test_all_pass_some_not_and_wrong_input_are_three_exits(folder):
    code, lines, err = gated(folder, THANKS)
    assert (code, [each["decision"] for each in lines], err) == (0, ["pass"], "")
    code, lines, err = gated(folder, THANKS, "", RUDE)
    assert (code, [(each["draft_id"], each["decision"]) for each in lines], err) == (1, [("d1", "pass"), ("d2", "block")], "")
    code, lines, err = gated(folder, THANKS, "nonsense", RUDE)
    assert (code, [(each["line"], each["decision"]) for each in lines]) == (2, [(1, "pass"), (2, "review"), (3, "block")])
    assert err == "line 2: this is not JSON: expecting value at character 1\n"
    code, lines, err = gated(folder)
    assert (code, lines) == (2, []) and "has no draft" in err


def test_shadow_and_off_pass_everything_and_say_what_was_decided(folder):
    assert gated(folder, RUDE, policy="shadow")[:2] == (
        0,
        [
            gated(folder, RUDE)[1][0]
            | {"mode": "shadow", "enforced": "pass", "gate": {"name": "replies-v1", "digest": policy("shadow").digest}}
        ],
    )
    (folder / "replies-v1.yml").unlink()  # what is off needs no rubric
    code, [line], err = gated(folder, RUDE, policy="off")
    assert (code, line["mode"], line["decision"], line["levels"], err) == (0, "off", "pass", {}, "")


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"task_id": "t1", "input": "x"}, "this is a task, not a draft; tasks come in a file of their own (--tasks FILE)"),
        ({"task_id": "t9", "text": "Thanks."}, "is written for task t9, which no file of tasks contains"),
        ({"task_id": "t1", "text": "Thanks.", "judges": [1]}, "takes an object, the share by judge"),
        ({"task_id": "t1", "text": 3}, "text is the number 3; it takes the draft as text"),
        ([1], "the line is a list, not an object"),
    ],
)
def test_a_line_that_cannot_be_judged_is_told_and_not_passed(folder, record, words):
    code, [line], err = gated(folder, record, more=["--tasks", folder / "tasks.jsonl"])
    assert (code, line["decision"], line["enforced"]) == (2, "review", "review")
    assert err.startswith("line 1: ") and words in err, err


def test_what_the_gate_needs_and_lacks_is_told(folder):
    (folder / "enforce.yml").write_bytes(policy_source().replace(b"below: 1", b"below: 9"))
    code, lines, err = gated(folder, THANKS)
    assert (code, lines) == (2, [])
    assert err.splitlines() == [
        "enforce.yml is no policy that a gate can use yet: 1 problem",
        "  line 5: tone has no level 9; it has 0, 1, 2",
    ]
    (folder / "replies-v1.yml").unlink()
    assert "looked beside shadow.yml" in gated(folder, THANKS, policy="shadow")[2]
    assert "cannot be read" in gated(folder, THANKS, policy="nowhere")[2]
    (folder / "tasks.jsonl").write_text("{}\n")
    code, _, err = gated(folder, THANKS, policy="off", more=["--tasks", folder / "tasks.jsonl"])
    assert code == 2 and "tasks.jsonl: this is not a task" in err


class Lines(io.RawIOBase):
    """A stream that makes its lines as they are asked for, and counts what was taken of it."""

    def __init__(self, lines):
        self.lines, self.left, self.taken = lines, b"", 0

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self.left:
            self.left = next(self.lines, b"")
        part, self.left = self.left[: len(buffer)], self.left[len(buffer) :]
        buffer[: len(part)] = part
        self.taken += len(part)
        return len(part)


def test_each_line_is_decided_before_the_next_is_read():
    line = json.dumps(THANKS).encode() + b"\n"
    stream = Lines(iter([line] * 1_000))
    decisions = decisions_on(Gate(policy(), rubric()), None, io.BufferedReader(stream, len(line)))
    for number in range(1, 6):
        assert next(decisions).line == number
        assert stream.taken <= (number + 1) * len(line)


def test_a_line_that_never_ends_is_told_and_not_kept():
    stream = Lines(iter([b"x" * 65_536] * 40 + [b"\n", json.dumps(THANKS).encode()]))
    first, second = decisions_on(Gate(policy(), rubric()), None, io.BufferedReader(stream))
    assert "the line is 2.6 MB long" in first.problem.reason and LONGEST_LINE < 2_600_000
    assert (second.line, second.decision.decision) == (2, "pass")
